"""Cameos, the people decided on, and why a request about them cannot be served."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kinora_kit.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, Unavailable
from kinora_kit.identity import Identity

MAX_PACKAGE_BYTES = 6 * 1024 * 1024
MAX_LIMITS, MAX_LIMIT_CHARACTERS = 10, 200
MAX_PEOPLE = 10_000
MAX_WORDS = 2_000
MAX_POINTS = 2_000
_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
_HANDLE = re.compile(r"@[a-z0-9_.]{2,30}")
_ACCOUNT_HANDLE = re.compile(r"[a-z0-9_]{2,30}")
_UPLOAD = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}")
_NAME = re.compile(r"[a-z0-9_]{1,20}")


class Kind(StrEnum):
    """What a likeness is of."""

    PERSON = "person"
    PET = "pet"
    OBJECT = "object"


class Audience(StrEnum):
    """Who may use a cameo; each includes the one before."""

    ONLY_ME = "only_me"
    APPROVED = "approved"
    MUTUALS = "mutuals"
    EVERYONE = "everyone"


class BadField(InvalidArgument):
    """A field of the request is wrong; `param` names it."""

    def __init__(self, param: str, message: str) -> None:
        super().__init__(message, param=param)


class CameoNotFound(NotFound):
    """It does not exist or is another's: the caller cannot tell which."""

    def __init__(self, param: str = "cameo_id") -> None:
        super().__init__("You have no such cameo.", param=param)


class CameoWithdrawn(FailedPrecondition):
    def __init__(self) -> None:
        super().__init__("This cameo was withdrawn; enrol again to have a new one.", param="cameo_id")


class CameoNotForYou(PermissionDenied):
    """There is none, it is not for the caller, or the owner refused the caller: all sound alike."""

    def __init__(self, handle: str) -> None:
        super().__init__(f"{handle} is no cameo that you may use: there is none, or its owner has not let you.", handle=handle)


class CameoLimited(PermissionDenied):
    """The caller may use it, but not for this video."""

    def __init__(self, handle: str, limit: str) -> None:
        super().__init__(f"{handle}: {limit}", handle=handle)


class ConsentRevoked(FailedPrecondition):
    """The video was allowed when it was submitted, and is not any more."""

    def __init__(self, handle: str) -> None:
        super().__init__(f"{handle} may not be used in this video any more: its owner's consent has ended.", handle=handle)


class LikenessLost(FailedPrecondition):
    """Somebody changed the media store behind our back; no other try would fare better."""

    def __init__(self, handle: str) -> None:
        super().__init__(f"The likeness of {handle} is lost; its owner has to enrol it anew.", handle=handle)


class UseNotKnown(Unavailable):
    def __init__(self) -> None:
        super().__init__("These cameos are not known for this video yet; ask again in a moment.")


class UseNotFound(NotFound):
    pass


class UseNotFinished(FailedPrecondition):
    pass


class CameoExists(AlreadyExists):
    pass


class AdultsOnly(PermissionDenied):
    def __init__(self) -> None:
        super().__init__("Only adults may lend their own face and voice; pets and objects are open to you.")


class StepUpNeeded(PermissionDenied):
    def __init__(self) -> None:
        super().__init__("This needs a person who has just proved once more who they are: step up, then try again.")


class SessionUsed(FailedPrecondition):
    def __init__(self) -> None:
        super().__init__("This liveness session has given a likeness already; start another one.", param="session_id")


class OtherFace(FailedPrecondition):
    def __init__(self) -> None:
        super().__init__(
            "This is not the face of your cameo. If it is you all the same, withdraw that cameo first, then enrol anew.", param="session_id"
        )


class EnrolmentOverlapped(Unavailable):
    def __init__(self) -> None:
        super().__init__("Your cameo was changed while this was being done; ask again, the session is still good.")


class FileGone(FailedPrecondition):
    pass


class ThingNotFound(NotFound):
    def __init__(self) -> None:
        super().__init__("You have no such pet or object in the making; it may have been forgotten, then start again.", param="thing_id")


class ThingNotCut(FailedPrecondition):
    def __init__(self) -> None:
        super().__init__("It is not cut out yet; draw a box around it first.", param="thing_id")


class TooManyThings(FailedPrecondition):
    pass


class TooManyPeople(FailedPrecondition):
    pass


class ServicesOnly(PermissionDenied):
    pass


class OperatorsOnly(PermissionDenied):
    pass


@dataclass(frozen=True)
class Cameo:
    """A likeness without the likeness. `grant_id`: the entry of the consent log that set the audience; `fresh`: by the database's clock."""

    id: str
    account_id: str
    handle: str
    kind: Kind
    audience: Audience
    grant_id: str
    strict: bool
    limits: tuple[str, ...]
    enrolled_at: datetime
    only_me_until: datetime
    fresh: bool
    withdrawn_at: datetime | None


@dataclass(frozen=True)
class Person:
    """Somebody whom the owner approved or refused by name; `grant_id` is the entry of the consent log."""

    account_id: str
    approved: bool
    grant_id: str
    decided_at: datetime


def is_id(text: str) -> bool:
    """Anything else is never the id of something, and need not bother the database."""
    return _ID.fullmatch(text) is not None


def check_id(text: str, param: str) -> str:
    if not is_id(text):
        raise BadField(param, f"{param} must be an id: 1 to 64 letters, digits and _.")
    return text


def is_handle(text: str) -> bool:
    return _HANDLE.fullmatch(text) is not None


def cameo_handle(account_handle: str, kind: Kind, name: str) -> str:
    """`@bob` for bob, `@bob.rex` for his dog: no account's handle has a dot, so neither can be taken for another account's."""
    if not _ACCOUNT_HANDLE.fullmatch(account_handle):
        raise BadField("account_handle", "account_handle must be 2 to 30 of a-z, 0-9 and _.")
    if kind is Kind.PERSON:
        if name:
            raise BadField("name", "A person's cameo goes by the account's handle; leave name out.")
        return f"@{account_handle}"
    if not _NAME.fullmatch(name) or not is_handle(f"@{account_handle}.{name}"):
        longest = min(20, 29 - len(account_handle))
        raise BadField("name", f"A pet or object needs a name of 1 to {longest} of a-z, 0-9 and _.")
    return f"@{account_handle}.{name}"


def check_upload(key: str, account_id: str) -> str:
    """The media key of one of the account's own uploads."""
    folder, _, name = key.rpartition("/")
    if folder != f"uploads/{account_id}" or not _UPLOAD.fullmatch(name):
        raise BadField("source_key", "This is not the key of one of your uploads; upload the picture or clip first.")
    return key


def check_package(package: bytes) -> bytes:
    if not 1 <= len(package) <= MAX_PACKAGE_BYTES:
        raise BadField("package", f"A package has 1 to {MAX_PACKAGE_BYTES:,} bytes, not {len(package):,}.")
    return package


def check_limits(texts: Sequence[str]) -> list[str]:
    """Limits in words: 1 to 200 printable characters each, ten at most."""
    if len(texts) > MAX_LIMITS:
        raise BadField("limits", f"{len(texts)} limits are too many; {MAX_LIMITS} at most.")
    trimmed = [text.strip() for text in texts]
    for number, text in enumerate(trimmed):
        if not 1 <= len(text) <= MAX_LIMIT_CHARACTERS or not text.isprintable():
            raise BadField("limits", f"limits[{number}] must have 1 to {MAX_LIMIT_CHARACTERS} printable characters.")
    return trimmed


def check_words(text: str) -> str:
    """What somebody reports: 1 to 2,000 characters."""
    text = text.strip()
    if not 1 <= len(text) <= MAX_WORDS or "\0" in text:
        raise BadField("text", f"text must say in 1 to {MAX_WORDS:,} characters what is wrong.")
    return text


def require_service(caller: Identity) -> None:
    if caller.role != "service":
        raise ServicesOnly("Only Kinora's own services may do this.")


def require_adult(caller: Identity) -> None:
    if caller.age_band != "adult":
        raise AdultsOnly


def require_stepped_up(caller: Identity) -> None:
    if not caller.stepped_up:
        raise StepUpNeeded


def require_operator(caller: Identity) -> None:
    if caller.role != "operator" or "admin" not in caller.scopes:
        raise OperatorsOnly("Only operators may do this, with a key that has the scope admin.")
