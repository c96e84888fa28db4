"""All SQL about the door, invites, the waitlist and sign-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kinora_kit.ids import uuid7
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_DOOR = text("select mode from door")
_SET_DOOR = text("update door set mode = :mode")
_ADD_INVITE = text("insert into invites (code, owner_id) values (:code, :owner_id) returning created_at")
_INVITES = text(
    "select i.code, i.created_at, i.used_at, coalesce(a.handle, '') from invites i left join accounts a on a.id = i.used_by"
    " where i.owner_id = :owner_id order by i.created_at desc, i.code limit 1000"
)
_FREE_INVITE = text("select 1 from invites where code = :code and used_at is null")
_USE_INVITE = text("update invites set used_at = now(), used_by = :account_id where code = :code and used_at is null returning owner_id")
_INVITED_BY = text("select i.handle from accounts a join accounts i on i.id = a.invited_by where a.id = :account_id")
_JOIN = text(
    "insert into waitlist (email, ticket_sha256) values (:email, :ticket_sha256)"
    " on conflict (lower(email)) do update set ticket_sha256 = excluded.ticket_sha256 returning id, admitted_at"
)
_AHEAD = text("select count(*) from waitlist where admitted_at is null and id <= :id")
_BY_TICKET = text("select id, admitted_at from waitlist where ticket_sha256 = :ticket_sha256")
_WAITING = text("select count(*) from waitlist where admitted_at is null")
_ADMIT = text(
    "update waitlist set admitted_at = now() where id in"
    " (select id from waitlist where admitted_at is null order by id limit :count for update) returning id, email"
)
_FORGET_SIGN_UPS = text("delete from sign_ups where expires_at <= now()")
_PENDING = text("select id, email, password_hash from sign_ups where handle = :handle and expires_at > now()")
_HANDLE_TAKEN = text("select exists (select from accounts where handle = :handle)")
_DROP_SIGN_UP = text("delete from sign_ups where id = :id")
_ADD_SIGN_UP = text(
    "insert into sign_ups (id, handle, display_name, birth_date, email, password_hash, code, token_sha256)"
    " values (:id, :handle, :display_name, :birth_date, :email, :password_hash, :code, :token_sha256) on conflict do nothing returning id"
)
_CODE_PENDING = text("select exists (select from sign_ups where code = :code)")
_TAKE_SIGN_UP = text(
    "delete from sign_ups where token_sha256 = :token_sha256 and expires_at > now()"
    " returning handle, display_name, birth_date, email, password_hash, code"
)


@dataclass(frozen=True)
class Invite:
    """`used_by` is a handle."""

    code: str
    created_at: datetime
    used_at: datetime | None = None
    used_by: str = ""


@dataclass(frozen=True)
class SignUp:
    handle: str
    display_name: str
    birth_date: date
    email: str
    password_hash: str
    code: str | None


async def door(tx: AsyncConnection) -> str:
    mode: str = (await tx.execute(_DOOR)).scalar_one()
    return mode


async def set_door(tx: AsyncConnection, mode: str) -> None:
    await tx.execute(_SET_DOOR, {"mode": mode})


async def add_invite(tx: AsyncConnection, code: str, owner_id: str) -> Invite:
    return Invite(code, (await tx.execute(_ADD_INVITE, {"code": code, "owner_id": owner_id})).scalar_one())


async def list_invites(tx: AsyncConnection, owner_id: str) -> list[Invite]:
    return [Invite(*row) for row in await tx.execute(_INVITES, {"owner_id": owner_id})]


async def invited_by(tx: AsyncConnection, account_id: str) -> str:
    return (await tx.execute(_INVITED_BY, {"account_id": account_id})).scalar() or ""


async def is_free(tx: AsyncConnection, code: str) -> bool:
    """Whether nobody has used the invite, and no sign-up holds it."""
    free = (await tx.execute(_FREE_INVITE, {"code": code})).first() is not None
    return free and not (await tx.execute(_CODE_PENDING, {"code": code})).scalar_one()


async def use_invite(tx: AsyncConnection, code: str, account_id: str) -> str | None:
    """Whose invite it was; None when it is used up."""
    return (await tx.execute(_USE_INVITE, {"code": code, "account_id": account_id})).scalar()


async def join_waitlist(tx: AsyncConnection, email: str, ticket_sha256: bytes) -> int:
    """The position, 0 once admitted."""
    row = (await tx.execute(_JOIN, {"email": email, "ticket_sha256": ticket_sha256})).one()
    return 0 if row.admitted_at else await _position(tx, row.id)


async def place(tx: AsyncConnection, ticket_sha256: bytes) -> tuple[int, int] | None:
    """Position, 0 once admitted, and how many wait; None for an unknown ticket."""
    row = (await tx.execute(_BY_TICKET, {"ticket_sha256": ticket_sha256})).one_or_none()
    if row is None:
        return None
    waiting = (await tx.execute(_WAITING)).scalar_one()
    return (0 if row.admitted_at else await _position(tx, row.id)), waiting


async def _position(tx: AsyncConnection, waitlist_id: int) -> int:
    position: int = (await tx.execute(_AHEAD, {"id": waitlist_id})).scalar_one()
    return position


async def admit(tx: AsyncConnection, count: int) -> Sequence[str]:
    """The addresses of those who have waited longest, in that order."""
    rows = (await tx.execute(_ADMIT, {"count": count})).all()
    return [row.email for row in sorted(rows)]


async def pending(tx: AsyncConnection, handle: str) -> tuple[str, str, str] | None:
    """Id, address and password hash of the sign-up that holds the handle."""
    row = (await tx.execute(_PENDING, {"handle": handle})).one_or_none()
    return (row.id, row.email, row.password_hash) if row else None


async def is_handle_taken(tx: AsyncConnection, handle: str) -> bool:
    taken: bool = (await tx.execute(_HANDLE_TAKEN, {"handle": handle})).scalar_one()
    return taken


async def drop_sign_up(tx: AsyncConnection, sign_up_id: str) -> None:
    await tx.execute(_DROP_SIGN_UP, {"id": sign_up_id})


async def forget_expired(tx: AsyncConnection) -> None:
    await tx.execute(_FORGET_SIGN_UPS)


async def add_sign_up(tx: AsyncConnection, wanted: SignUp, token_sha256: bytes) -> bool:
    """False when another one holds the handle or the code."""
    row = {**vars(wanted), "id": uuid7().hex, "token_sha256": token_sha256}
    return (await tx.execute(_ADD_SIGN_UP, row)).first() is not None


async def take_sign_up(tx: AsyncConnection, token_sha256: bytes) -> SignUp | None:
    """Once: it is gone with the transaction."""
    row = (await tx.execute(_TAKE_SIGN_UP, {"token_sha256": token_sha256})).one_or_none()
    return SignUp(*row) if row else None
