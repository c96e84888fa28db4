"""Accounts, keys, and who may do what to them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kinora_kit.errors import AlreadyExists, FailedPrecondition, InvalidArgument, NotFound, PermissionDenied, Unauthenticated
from kinora_kit.identity import Identity

SCOPES = ("videos:read", "videos:write", "admin")
"""`admin` manages keys; in an operator's hands it also opens accounts."""
ROLES = ("user", "moderator", "operator")
MAX_WORKING_KEYS = 100
_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
_HANDLE = re.compile(r"[a-z0-9_]{3,30}")


class HandleInvalid(InvalidArgument):
    pass


class HandleTaken(AlreadyExists):
    pass


class NameInvalid(InvalidArgument):
    pass


class RoleInvalid(InvalidArgument):
    pass


class ScopesInvalid(InvalidArgument):
    pass


class ScopesExceeded(PermissionDenied):
    pass


class ScopeMissing(PermissionDenied):
    pass


class StepUpNeeded(PermissionDenied):
    pass


class OperatorsOnly(PermissionDenied):
    pass


class AdultsOnly(FailedPrecondition):
    pass


class ServicesOnly(PermissionDenied):
    pass


class AccountNotFound(NotFound):
    pass


class TooManyAccounts(InvalidArgument):
    pass


class KeyNotFound(NotFound):
    pass


class KeyUnknown(Unauthenticated):
    pass


class KeyRevoked(Unauthenticated):
    pass


class TooManyKeys(FailedPrecondition):
    pass


@dataclass(frozen=True)
class Account:
    id: str
    handle: str
    display_name: str
    role: str
    created_at: datetime
    birth_date: date | None


@dataclass(frozen=True)
class ApiKey:
    """A key without its secret; `prefix` holds the secret's first characters."""

    id: str
    account_id: str
    name: str
    prefix: str
    scopes: Sequence[str]
    created_at: datetime
    revoked_at: datetime | None


def is_id(text: str) -> bool:
    """Anything else is never the id of something, and need not bother the database."""
    return _ID.fullmatch(text) is not None


def check_handle(handle: str) -> str:
    if not _HANDLE.fullmatch(handle):
        raise HandleInvalid("A handle is 3 to 30 of a-z, 0-9 and _.", param="handle")
    return handle


def check_name(name: str, param: str) -> str:
    """A name for people: 1 to 80 printable characters."""
    name = name.strip()
    if not 1 <= len(name) <= 80 or any(unicodedata.category(letter).startswith("C") for letter in name):
        raise NameInvalid(f"{param} must have 1 to 80 printable characters.", param=param)
    return name


def check_scopes(scopes: Sequence[str], caller: Identity) -> list[str]:
    """The scopes without repeats, in their fixed order; never more than the caller's own."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        raise ScopesInvalid(f"scopes must be one or more of {', '.join(SCOPES)}; got {unknown or 'none'}.", param="scopes")
    if beyond := sorted(set(scopes) - caller.scopes):
        raise ScopesExceeded(f"Your key lacks {', '.join(beyond)}, so it cannot give them on.", param="scopes")
    return [scope for scope in SCOPES if scope in scopes]


def is_operator(caller: Identity) -> bool:
    """An operator's key without the scope `admin` is an ordinary key, and a session without step-up an ordinary session."""
    return caller.role == "operator" and "admin" in caller.scopes and (not caller.session_id or caller.stepped_up)


def require_stepped_up(caller: Identity) -> None:
    """Keys lie about for years and in many places: none does what needs a person."""
    if not caller.session_id:
        raise StepUpNeeded(
            "This needs a person, not an API key: sign in, step up, then try again. An account that has no password yet is set up first."
        )
    if not caller.stepped_up:
        raise StepUpNeeded("This needs a person who has just proved once more who they are: step up, then try again.")


def require_operator(caller: Identity) -> None:
    if caller.role == "operator" and caller.session_id:
        require_stepped_up(caller)
    if not is_operator(caller):
        raise OperatorsOnly("Only operators may do this, with a key that has the scope admin.")


def require_may_give(caller: Identity, scopes: Sequence[str]) -> None:
    """A session that was stolen must not become a key that outlives it."""
    if "admin" in scopes and caller.session_id:
        require_stepped_up(caller)


def require_admin(caller: Identity) -> None:
    """Keys are managed by keys that may: else a leaked one for reading could outlive its own revocation."""
    if "admin" not in caller.scopes:
        raise ScopeMissing("This needs a key or session with the scope admin.")


def require_service(caller: Identity) -> None:
    if caller.role != "service" and not is_operator(caller):
        raise ServicesOnly("Only Kinora's own services and operators may look keys up.")


def account_in_question(caller: Identity, account_id: str) -> str:
    """The account that a request is about, the caller's own when it names none. Another's is as good as unknown to all but operators."""
    if account_id in {"", caller.account_id} or (is_operator(caller) and is_id(account_id)):
        return account_id or caller.account_id
    raise AccountNotFound("There is no such account.", param="account_id")
