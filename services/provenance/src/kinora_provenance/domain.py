"""Films to seal, and who may read a seal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kinora_kit.errors import NotFound
from kinora_kit.identity import Identity

MAX_TRIES = 20
"""With `retry_after_s` between them about an hour: long enough for an operator to mend a certificate or a disk."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class SealNotFound(NotFound):
    pass


class Unsealable(Exception):
    """The film can never be signed; the message is for its maker."""


@dataclass(frozen=True)
class Film:
    """A rendered video that waits for its seal; the fields are those of the event VideoRendered."""

    video_id: str
    attempt_id: str
    account_id: str
    video_key: str
    sealed_key: str
    engine: str
    engine_version: str
    trained: bool
    title: str
    remixed_from_video_id: str
    consent_receipts: Sequence[str] = ()


@dataclass(frozen=True)
class Seal:
    """A C2PA signature over one finished video; `manifest` is the manifest store as embedded, `sha256` of the file in hex."""

    video_id: str
    attempt_id: str
    account_id: str
    video_key: str
    manifest: bytes
    manifest_label: str
    validation_state: str
    signer: str
    development: bool
    sha256: str
    size_bytes: int
    sealed_at: datetime | None = None


def is_id(text: str) -> bool:
    """Anything else is never the id of something, and need not bother the database."""
    return _ID.fullmatch(text) is not None


def may_read(caller: Identity, seal: Seal) -> bool:
    return caller.account_id == seal.account_id or caller.role in {"moderator", "operator"}


def retry_after_s(tries: int) -> float:
    """1, 2, 4 … seconds, at most five minutes."""
    return min(2.0 ** (tries - 1), 300.0)
