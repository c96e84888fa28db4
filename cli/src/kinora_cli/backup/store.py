"""Where backups and media lie: a folder or a bucket."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

import obstore
from obstore.store import LocalStore, S3Store

from kinora_cli.backup.errors import BackupFailed

Store = LocalStore | S3Store
_OWN = "KINORA_BACKUP_"


@dataclass(frozen=True)
class Stored:
    """An object without its bytes; `size` in bytes."""

    key: str
    size: int
    modified: datetime


def open_store(url: str, config: Mapping[str, str] | None = None) -> Store:
    """`file:///folder` or `s3://bucket/prefix`; S3 reads the AWS_* environment where `config` says nothing else."""
    parts = urlsplit(url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return LocalStore(unquote(parts.path), mkdir=True, automatic_cleanup=True)
    if parts.scheme == "s3" and parts.netloc:
        return S3Store(parts.netloc, prefix=parts.path.strip("/") or None, config=dict(config or {}))  # type: ignore[arg-type]
    raise BackupFailed(f"{url!r} is no place for objects: use file:///folder or s3://bucket/prefix.")


def open_target(url: str) -> Store:
    """Backups should not lie where the media do: KINORA_BACKUP_AWS_* overrides AWS_* for them."""
    own = {name.removeprefix(_OWN): value for name, value in os.environ.items() if name.startswith(f"{_OWN}AWS_")}
    return open_store(url, own)


def listed(store: Store, prefix: str = "") -> dict[str, Stored]:
    """Everything below the folder `prefix`, by key; empty where there is no such folder."""
    found = {}
    for batch in obstore.list(store, prefix or None):
        for meta in batch:
            found[meta["path"]] = Stored(meta["path"], meta["size"], meta["last_modified"])
    return found


def read(store: Store, key: str) -> bytes:
    """Raises FileNotFoundError."""
    return bytes(obstore.get(store, key).bytes())
