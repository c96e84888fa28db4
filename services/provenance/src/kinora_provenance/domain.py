"""Films to seal, and who may read a seal."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from kinora_kit.errors import InvalidArgument, NotFound, PermissionDenied, ResourceExhausted
from kinora_kit.identity import Identity

MAX_TRIES = 20
"""With `retry_after_s` between them about an hour: long enough for an operator to mend a certificate or a disk."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,128}")


class SealNotFound(NotFound):
    pass


class BadField(InvalidArgument):
    """A field of the request is wrong; `param` names it."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message, param=param)


class FilmNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("There is no record of such a video: none of that id was ever finished here.", param="video_id")


class ManifestNotFound(NotFound):
    pass


class ContentMissing(NotFound):
    def __init__(self) -> None:
        super().__init__("The file is not in the media store.", param="content_key")


class ContentRefused(InvalidArgument):
    """The file cannot be looked at; `code` says why, as checking.BadContent names it."""


class AllSlotsTaken(ResourceExhausted):
    def __init__(self) -> None:
        super().__init__("Other files are being looked at. Ask again in a few seconds.", retry_after_s="5")


class ModeratorsOnly(PermissionDenied):
    pass


class Unsealable(Exception):
    """The film can never be signed; the message is for its maker."""


def new_identity() -> int:
    """64 random bits: nobody can guess which are taken."""
    return secrets.randbits(64)


@dataclass(frozen=True)
class Still:
    """A picture made beside a film: media keys of the unsigned and of the signed one; "image/webp" or "image/jpeg"."""

    key: str
    sealed_key: str
    content_type: str


@dataclass(frozen=True)
class Film:
    """A rendered video that waits for its seal; the fields are those of the event VideoRendered.

    `identity` has 64 bits: the payload of its marks, drawn when it is noted.
    """

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
    stills: Sequence[Still] = ()
    identity: int = field(default_factory=new_identity)

    @property
    def sealed_keys(self) -> list[str]:
        """Of all that is stored when it is sealed."""
        return [self.sealed_key, *(still.sealed_key for still in self.stills)]


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
    identity: int
    sealed_at: datetime | None = None


def is_id(text: str) -> bool:
    """Anything else is never the id of something, and need not bother the database."""
    return _ID.fullmatch(text) is not None


def require_moderator(caller: Identity) -> None:
    """Like an operator's, a moderator's right rests on the scope admin, in a session on step-up too."""
    if caller.role not in {"moderator", "operator"} or "admin" not in caller.scopes or (caller.session_id and not caller.stepped_up):
        raise ModeratorsOnly("Only moderators and operators may do this, with the scope admin, and stepped up when signed in.")


def check_reason(text: str) -> str:
    """Why somebody is traced: 3 to 500 characters. Raises BadField."""
    text = text.strip()
    if not 3 <= len(text) <= 500 or not text.replace("\n", "").isprintable():
        raise BadField("reason", "reason must say in 3 to 500 printable characters why; it is kept in the audit log.")
    return text


def may_read(caller: Identity, seal: Seal) -> bool:
    return caller.account_id == seal.account_id or caller.role in {"moderator", "operator"}


def retry_after_s(tries: int) -> float:
    """1, 2, 4 … seconds, at most five minutes."""
    return min(2.0 ** (tries - 1), 300.0)
