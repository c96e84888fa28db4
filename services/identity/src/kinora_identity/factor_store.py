"""All SQL about second factors and step-up."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_TOTP = text("select closed_secret, confirmed_at is not null as confirmed, last_step from totp where account_id = :id for update")
_SET_TOTP = text(
    "insert into totp (account_id, closed_secret) values (:id, :closed_secret) on conflict (account_id) do update"
    " set closed_secret = excluded.closed_secret, last_step = 0 where totp.confirmed_at is null returning 1"
)
_STEPPED = text("update totp set last_step = :step, confirmed_at = coalesce(confirmed_at, now()) where account_id = :id")
_DROP_TOTP = text("delete from totp where account_id = :id")
_DROP_CODES = text("delete from recovery_codes where account_id = :id")
_ADD_CODE = text("insert into recovery_codes (account_id, code_sha256) values (:id, :code_sha256)")
_USE_CODE = text("delete from recovery_codes where account_id = :id and code_sha256 = :code_sha256 returning 1")
_FACTORS = text(
    "select a.password_hash is not null, coalesce(t.confirmed_at is not null, false),"
    " (select count(*) from recovery_codes r where r.account_id = a.id), (select count(*) from passkeys p where p.account_id = a.id)"
    " from accounts a left join totp t on t.account_id = a.id where a.id = :id"
)
_STEP_UP = text(
    "update sessions set stepped_up_until = now() + make_interval(secs => :life_s) where id = :id and ended_at is null"
    " returning extract(epoch from stepped_up_until)::bigint"
)


@dataclass(frozen=True)
class Totp:
    closed_secret: str
    confirmed: bool
    last_step: int


@dataclass(frozen=True)
class Factors:
    password: bool
    totp: bool
    recovery_codes: int
    passkeys: int


async def totp(tx: AsyncConnection, account_id: str) -> Totp | None:
    """Locked until the transaction ends."""
    row = (await tx.execute(_TOTP, {"id": account_id})).one_or_none()
    return Totp(*row) if row else None


async def set_totp(tx: AsyncConnection, account_id: str, closed_secret: str) -> bool:
    """False when one is confirmed already."""
    return (await tx.execute(_SET_TOTP, {"id": account_id, "closed_secret": closed_secret})).first() is not None


async def stepped(tx: AsyncConnection, account_id: str, step: int) -> None:
    """The step's code was used; a first one confirms."""
    await tx.execute(_STEPPED, {"id": account_id, "step": step})


async def drop_totp(tx: AsyncConnection, account_id: str) -> None:
    await tx.execute(_DROP_TOTP, {"id": account_id})
    await tx.execute(_DROP_CODES, {"id": account_id})


async def add_recovery_code(tx: AsyncConnection, account_id: str, code_sha256: bytes) -> None:
    await tx.execute(_ADD_CODE, {"id": account_id, "code_sha256": code_sha256})


async def use_recovery_code(tx: AsyncConnection, account_id: str, code_sha256: bytes) -> bool:
    return (await tx.execute(_USE_CODE, {"id": account_id, "code_sha256": code_sha256})).first() is not None


async def factors(tx: AsyncConnection, account_id: str) -> Factors:
    row = (await tx.execute(_FACTORS, {"id": account_id})).one_or_none()
    return Factors(*row) if row else Factors(password=False, totp=False, recovery_codes=0, passkeys=0)


async def step_up(tx: AsyncConnection, session_id: str, life_s: float) -> int | None:
    """Until when, in Unix seconds; None when the session has ended."""
    return (await tx.execute(_STEP_UP, {"id": session_id, "life_s": life_s})).scalar()
