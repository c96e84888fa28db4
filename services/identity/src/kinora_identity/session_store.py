"""All SQL about sessions and their refresh tokens."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kinora_kit.ids import uuid7
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity.domain import Account

_SESSION = "s.id, s.account_id, s.client_id, s.device, s.network, s.scopes, s.amr, s.created_at, s.last_used_at"
_OPEN = "s.ended_at is null and s.expires_at > now() and s.last_used_at > now() - interval '30 days'"
_CREDENTIALS = text("select id, password_hash, email from accounts where lower(email) = lower(:email)")
_PASSWORD = text("select password_hash from accounts where id = :id")
_SET_PASSWORD = text("update accounts set password_hash = :password_hash where id = :id")
_ADD = text(
    "insert into sessions as s (id, account_id, client_id, device, network, scopes, amr)"  # noqa: S608 - column lists from above
    f" values (:id, :account_id, :client_id, :device, :network, :scopes, :amr) returning {_SESSION}"
)
_ADD_TOKEN = text("insert into refresh_tokens (token_sha256, session_id) values (:token_sha256, :session_id)")
# The session's row is locked first, so that two uses of one token come one after the other.
_BY_TOKEN = text(
    f"select {_SESSION} from sessions s where {_OPEN}"  # noqa: S608 - column lists from above
    " and s.id = (select session_id from refresh_tokens where token_sha256 = :token_sha256) for update"
)
_USE_TOKEN = text("update refresh_tokens set used_at = now() where token_sha256 = :token_sha256 and used_at is null returning 1")
_TOUCH = text("update sessions set last_used_at = now() where id = :id")
_OWNER = text(
    "select s.scopes, s.stepped_up_until > now() as stepped_up, a.id, a.handle, a.display_name, a.role, a.created_at, a.birth_date"  # noqa: S608 - column lists from above
    f" from sessions s join accounts a on a.id = s.account_id where s.id = :id and {_OPEN}"
)
_GET = text(f"select {_SESSION} from sessions s where s.id = :id and {_OPEN}")  # noqa: S608
_LIST = text(f"select {_SESSION} from sessions s where s.account_id = :account_id and {_OPEN} order by s.id desc limit 1000")  # noqa: S608
_END = text(
    "update sessions set ended_at = now() where account_id = :account_id and (:id = '' or id = :id) and ended_at is null returning id"
)
_END_OTHERS = text("update sessions set ended_at = now() where account_id = :account_id and id <> :id and ended_at is null returning id")
_SWEEP = text(
    "delete from sessions where coalesce(ended_at, least(expires_at, last_used_at + interval '30 days')) < now() - interval '1 day'"
)


@dataclass(frozen=True)
class Session:
    id: str
    account_id: str
    client_id: str
    device: str
    network: str
    scopes: Sequence[str]
    amr: Sequence[str]
    created_at: datetime
    last_used_at: datetime


@dataclass(frozen=True)
class Credentials:
    account_id: str
    password_hash: str | None
    email: str


async def credentials(tx: AsyncConnection, email: str) -> Credentials | None:
    row = (await tx.execute(_CREDENTIALS, {"email": email})).one_or_none()
    return Credentials(*row) if row else None


async def password_hash(tx: AsyncConnection, account_id: str) -> str | None:
    return (await tx.execute(_PASSWORD, {"id": account_id})).scalar()


async def set_password(tx: AsyncConnection, account_id: str, password_hash: str) -> None:
    await tx.execute(_SET_PASSWORD, {"id": account_id, "password_hash": password_hash})


async def add(
    tx: AsyncConnection, *, account_id: str, client_id: str, device: str, network: str, scopes: Sequence[str], amr: Sequence[str]
) -> Session:
    row = {"id": f"sess_{uuid7().hex}", "account_id": account_id, "client_id": client_id, "device": device, "network": network}
    return Session(*(await tx.execute(_ADD, {**row, "scopes": list(scopes), "amr": list(amr)})).one())


async def add_token(tx: AsyncConnection, session_id: str, token_sha256: bytes) -> None:
    await tx.execute(_ADD_TOKEN, {"session_id": session_id, "token_sha256": token_sha256})


async def by_token(tx: AsyncConnection, token_sha256: bytes) -> Session | None:
    """The open session that a refresh token, used or not, belongs to; locked until the transaction ends."""
    row = (await tx.execute(_BY_TOKEN, {"token_sha256": token_sha256})).one_or_none()
    return Session(*row) if row else None


async def use_token(tx: AsyncConnection, session: Session, token_sha256: bytes) -> bool:
    """False when it was used before."""
    if (await tx.execute(_USE_TOKEN, {"token_sha256": token_sha256})).first() is None:
        return False
    await tx.execute(_TOUCH, {"id": session.id})
    return True


async def owner(tx: AsyncConnection, session_id: str) -> tuple[Account, Sequence[str], bool] | None:
    """The account and the scopes of an open session, and whether it is stepped up."""
    row = (await tx.execute(_OWNER, {"id": session_id})).one_or_none()
    return (Account(*row[2:]), row.scopes, row.stepped_up) if row else None


async def get_open(tx: AsyncConnection, session_id: str) -> Session | None:
    row = (await tx.execute(_GET, {"id": session_id})).one_or_none()
    return Session(*row) if row else None


async def list_open(tx: AsyncConnection, account_id: str) -> list[Session]:
    """Newest first."""
    return [Session(*row) for row in await tx.execute(_LIST, {"account_id": account_id})]


async def end(tx: AsyncConnection, account_id: str, session_id: str = "") -> int:
    """One session of the account, or all; how many were ended."""
    return len((await tx.execute(_END, {"account_id": account_id, "id": session_id})).all())


async def end_others(tx: AsyncConnection, account_id: str, session_id: str) -> int:
    """All but that one; how many were ended."""
    return len((await tx.execute(_END_OTHERS, {"account_id": account_id, "id": session_id})).all())


async def forget_ended(tx: AsyncConnection) -> None:
    await tx.execute(_SWEEP)
