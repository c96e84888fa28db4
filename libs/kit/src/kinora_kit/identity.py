"""Who calls: a short-lived signed statement in the gRPC metadata.

The gateway verifies people and keys, then states the result to the services. A service trusts nothing else:
not the network, not a header. It still checks ownership itself.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import jwt

from kinora_kit.errors import Unauthenticated

HEADER = "x-kinora-identity"
_AUDIENCE = "kinora-internal"
_LIFETIME_S = 300
_LEAST = 32  # characters of one of several secrets
_ROLES = frozenset({"user", "moderator", "operator", "service"})
_current: ContextVar["Identity | None"] = ContextVar("kinora_identity", default=None)


@dataclass(frozen=True)
class Identity:
    """An account (or, with role "service", one of our own services) and what it may do."""

    account_id: str
    role: str = "user"
    scopes: frozenset[str] = field(default_factory=frozenset)
    key_id: str = ""
    session_id: str = ""
    age_band: str = "unknown"
    """One of teen (13 to 17), adult, and unknown, which is to be treated as the strictest."""
    stepped_up: bool = False
    """Whether the person in the session proved within ten minutes once more who they are."""

    def __post_init__(self) -> None:
        if not self.account_id or self.role not in _ROLES:
            raise ValueError(f"an identity needs an account id and a role of {sorted(_ROLES)}, not {self.account_id!r}, {self.role!r}")


class IdentityMissing(Unauthenticated):
    pass


class IdentityInvalid(Unauthenticated):
    pass


def current() -> Identity:
    """The caller of the rpc in progress; raises IdentityMissing outside of one."""
    identity = _current.get()
    if identity is None:
        raise IdentityMissing("this call carries no identity")
    return identity


def each(secret: bytes) -> list[bytes]:
    """While the internal secret is renewed there are two, "new old", of 32 characters or more: the first signs and closes, both verify and
    open. Shorter words with spaces between them are one secret.
    """
    parts = secret.split()
    return parts if all(len(part) >= _LEAST for part in parts) and parts else [secret]


def set_current(identity: Identity) -> None:
    """For the server's interceptor; lasts for the task that serves the call."""
    _current.set(identity)


def metadata(identity: Identity, secret: bytes) -> tuple[tuple[str, str], ...]:
    """Metadata for an outgoing call in the name of `identity`; valid for five minutes. Of several secrets (see `each`) the first signs."""
    now = int(time.time())
    claims = {
        "aud": _AUDIENCE, "sub": identity.account_id, "iat": now, "exp": now + _LIFETIME_S,
        "role": identity.role, "scopes": sorted(identity.scopes), "key": identity.key_id,
        "session": identity.session_id, "age_band": identity.age_band, "stepped_up": identity.stepped_up,
    }  # fmt: skip
    return ((HEADER, jwt.encode(claims, each(secret)[0], algorithm="HS256")),)


def verify(token: str | None, secret: bytes) -> Identity:
    """Raises IdentityMissing or IdentityInvalid; clocks may differ by a minute. Any of several secrets may have signed."""
    if not token:
        raise IdentityMissing(f"this call carries no {HEADER} metadata")
    try:
        claims = _claims(token, each(secret))
        return Identity(
            claims["sub"],
            claims["role"],
            frozenset(claims["scopes"]),
            claims["key"],
            claims["session"],
            claims["age_band"],
            claims["stepped_up"],
        )
    except (jwt.InvalidTokenError, KeyError, ValueError, TypeError) as error:
        raise IdentityInvalid("the identity of this call is not valid or has expired") from error


def _claims(token: str, secrets: Sequence[bytes]) -> dict[str, Any]:
    """Raises jwt.InvalidTokenError."""
    for secret in secrets[:-1]:
        with suppress(jwt.InvalidSignatureError):
            return _decoded(token, secret)
    return _decoded(token, secrets[-1])


def _decoded(token: str, secret: bytes) -> dict[str, Any]:
    return dict(
        jwt.decode(token, secret, algorithms=["HS256"], audience=_AUDIENCE, leeway=60, options={"require": ["exp", "sub"]}),
    )
