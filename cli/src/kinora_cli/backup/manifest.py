"""What a backup says of itself. The manifest is written last: without one, a backup is not complete."""

from collections.abc import Sequence
from datetime import UTC, datetime

import obstore
from pydantic import BaseModel, ValidationError

from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.store import Store, listed, read

FOLDER = "backups"
FORMAT = 1


class Part(BaseModel):
    """A file of the backup; `sha256` in hex."""

    key: str
    size: int
    sha256: str


class Manifest(BaseModel):
    """`at`: everything that was committed before is in it. `keys`: fingerprints of the keys that it needs."""

    format: int = FORMAT
    id: str
    at: datetime
    finished_at: datetime
    kinora: str
    postgres: int
    """Major version of the pg_dump that made it, which a pg_restore must not be older than."""
    database: Part
    media_list: Part
    media_objects: int
    media_bytes: int
    keys: Sequence[str]


def new_id(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def write(target: Store, manifest: Manifest) -> None:
    obstore.put(target, f"{FOLDER}/{manifest.id}/manifest.json", manifest.model_dump_json(indent=2).encode())


def complete(target: Store) -> list[Manifest]:
    """Oldest first. Raises BackupFailed for one that cannot be read."""
    return [_read(target, key) for key in sorted(listed(target, FOLDER)) if key.endswith("/manifest.json")]


def incomplete(target: Store) -> list[str]:
    """Ids of backups that were begun and not finished."""
    ids = {key.split("/")[1]: False for key in listed(target, FOLDER)}
    return sorted(ids.keys() - {manifest.id for manifest in complete(target)})


def choose(target: Store, wanted: str = "") -> Manifest:
    """The newest one, or the one of that id. Raises BackupFailed."""
    there = {manifest.id: manifest for manifest in complete(target)}
    if wanted in incomplete(target):
        raise BackupFailed(f"The backup {wanted} is incomplete: it was begun and never finished. {_offer(list(there))}")
    if not there or (wanted and wanted not in there):
        raise BackupFailed(f"There is no {'backup ' + wanted if wanted else 'complete backup'} here. {_offer(list(there))}")
    return there[wanted or max(there)]


def _offer(ids: Sequence[str]) -> str:
    return f"Complete ones: {', '.join(ids[-10:])}." if ids else "No backup here is complete."


def _read(target: Store, key: str) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(read(target, key))
    except ValidationError as error:
        raise BackupFailed(f"{key} is no manifest of a backup: {error.errors()[0]['msg']}.") from error
    if manifest.format != FORMAT:
        raise BackupFailed(
            f"{key} has format {manifest.format}, and this Kinora reads {FORMAT}; use Kinora {manifest.kinora}, which made it."
        )
    return manifest
