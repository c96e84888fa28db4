"""All SQL about signing keys. The clock is the database's."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LOCK = text("select pg_advisory_xact_lock(hashtextextended('kinora.identity.signing_keys', 0))")
_FORGET = text("delete from signing_keys where listed_until <= now()")
_LISTED = text(
    "select kid, public_jwk, closed_private, signs_from <= now() and now() < signs_until as signs,"
    " extract(epoch from signs_until - now())::float8 as left_s from signing_keys where listed_until > now() order by signs_from"
)
_DROP = text("delete from signing_keys where kid = :kid")
_ADD = text(
    "insert into signing_keys (kid, public_jwk, closed_private, signs_from, signs_until, listed_until)"
    " select :kid, :public_jwk, :closed_private, start, start + make_interval(secs => :period_s),"
    " start + make_interval(secs => :period_s + :after_s)"
    " from (select greatest(now(), (select max(signs_until) from signing_keys)) as start) as beginning"
)


@dataclass(frozen=True)
class StoredKey:
    """`signs`: it is the one to sign with now. `left_s`: seconds until it signs no more."""

    kid: str
    public_jwk: str
    closed_private: str
    signs: bool
    left_s: float


async def lock(tx: AsyncConnection) -> None:
    """Until the transaction ends nobody else changes the keys."""
    await tx.execute(_LOCK)


async def forget_old(tx: AsyncConnection) -> None:
    await tx.execute(_FORGET)


async def listed(tx: AsyncConnection) -> list[StoredKey]:
    """Oldest first."""
    return [StoredKey(*row) for row in await tx.execute(_LISTED)]


async def drop(tx: AsyncConnection, kid: str) -> None:
    await tx.execute(_DROP, {"kid": kid})


async def add(tx: AsyncConnection, *, kid: str, public_jwk: str, closed_private: str, period_s: float, after_s: float) -> None:
    """Signs from when the last one ends, now when there is none, for `period_s`; stays listed for `after_s` more."""
    row = {"kid": kid, "public_jwk": public_jwk, "closed_private": closed_private, "period_s": period_s, "after_s": after_s}
    await tx.execute(_ADD, row)
