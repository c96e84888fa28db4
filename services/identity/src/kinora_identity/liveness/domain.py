"""What a liveness session is, and its rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kinora_kit.errors import FailedPrecondition, InvalidArgument, NotFound, PermissionDenied
from kinora_kit.identity import Identity

NEEDS = ("cannot_turn", "cannot_speak", "slow", "spoken")
MAX_CHUNK_BYTES, MAX_CLIP_BYTES = 1024 * 1024, 40 * 1024 * 1024
_MAX_TYPED, _MAX_TYPED_LENGTH, _MAX_NOTE = 20, 100, 500
ADVICE = {
    "CAPTURE_BROKEN_OFF": "The recording broke off. Try again where the network is good, and record until you are told to stop.",
    "CAPTURE_TOO_LATE": "Time ran out before the recording was in. Start recording as soon as the session is there.",
    "CLIP_TOO_LARGE": "The recording is too large. Record a smaller picture, such as 1280 x 720 pixels.",
    "NOT_ANALYSED": "Sorry, we could not look at your recording. Please try again later.",
    "NOT_REVIEWED": "Sorry, nobody has looked at your recording in time. Please try again.",
}
"""Reason codes of identity's own; those of the analysis bring their words along."""
REVIEWED_DECLINED = "REVIEWED_DECLINED"


class LivenessNotFound(NotFound):
    pass


class LivenessPaused(FailedPrecondition):
    pass


class LivenessOver(FailedPrecondition):
    """It has been captured, or has ended; once is all there is."""


class LivenessNotApproved(FailedPrecondition):
    pass


class LivenessUsed(FailedPrecondition):
    pass


class UploadNotAllowed(FailedPrecondition):
    pass


class PromptsNotOver(FailedPrecondition):
    pass


class CaptureInvalid(InvalidArgument):
    pass


class ClipInvalid(InvalidArgument):
    pass


class NotInReview(FailedPrecondition):
    pass


class NoteInvalid(InvalidArgument):
    pass


class OwnReview(PermissionDenied):
    pass


class ModeratorsOnly(PermissionDenied):
    pass


class CaptureFailed(Exception):
    """The capture came to nothing, for one of the reasons in ADVICE."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Item:
    """One thing to do, due `after_s` seconds after the capture began."""

    after_s: float
    prompt: str
    word: str
    move: str


@dataclass(frozen=True)
class Reason:
    code: str
    advice: str


@dataclass(frozen=True)
class Liveness:
    """`left_s`: seconds until `expires_at`, by the database's clock. `reveals`: seconds after the capture began."""

    id: str
    account_id: str
    state: str
    created_at: datetime
    expires_at: datetime | None
    left_s: float
    language: str
    needs: Sequence[str]
    challenge_json: str
    items: Sequence[Item]
    ends_s: float
    path: str
    reveals: Sequence[float]
    stopped: bool
    received_s: float | None
    typed: Sequence[str]
    source_key: str
    clip_key: str
    reasons: Sequence[Reason]
    remarks: Sequence[str]
    tries: int
    lease: str
    redeemed_by: str


def own_reason(code: str) -> Reason:
    return Reason(code, ADVICE[code])


def check_typed(words: Sequence[str]) -> list[str]:
    if len(words) > _MAX_TYPED or any(len(word) > _MAX_TYPED_LENGTH or not word.isprintable() for word in words):
        raise CaptureInvalid(f"typed takes at most {_MAX_TYPED} words of {_MAX_TYPED_LENGTH} printable characters.", param="typed")
    return list(words)


def check_note(note: str, *, needed: bool) -> str:
    note = note.strip()
    if len(note) > _MAX_NOTE or not note.replace("\n", "").isprintable() or (needed and not note):
        raise NoteInvalid(f"A note has at most {_MAX_NOTE} printable characters; whoever declines says why.", param="note")
    return note


def require_moderator(caller: Identity) -> None:
    """Like an operator's, a moderator's right rests on the scope admin, in a session on step-up too."""
    if caller.role not in {"moderator", "operator"} or "admin" not in caller.scopes or (caller.session_id and not caller.stepped_up):
        raise ModeratorsOnly("Only moderators and operators may do this, with the scope admin, and stepped up when signed in.")
