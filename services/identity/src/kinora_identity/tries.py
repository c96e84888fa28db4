"""Guessing is slowed down where it comes from. No account is ever locked: its owner, in another network, is not slowed down."""

import hashlib
from dataclasses import dataclass

from kinora_kit.errors import ResourceExhausted
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_LOCK = text("select pg_advisory_xact_lock(hashtextextended(encode(:key, 'hex'), 0))")
# clock_timestamp(), not now(): that is when the transaction began, before it waited for the lock, and so may lie before the last try.
_WAIT = text(
    "select ceil(extract(epoch from blocked_until - clock_timestamp()))::int from tries"
    " where key = :key and blocked_until > clock_timestamp()"
)
# The wait doubles with each failure beyond those that are free; after a day's rest all is forgotten.
_COUNT = text(
    "insert into tries as t (key, failures, last_at, blocked_until) values (:key, 1, now(), '-infinity') on conflict (key) do update set"
    " failures = case when t.last_at < now() - interval '1 day' then 1 else t.failures + 1 end, last_at = now(),"
    " blocked_until = case when t.last_at < now() - interval '1 day' or t.failures < :free then '-infinity'"
    " else clock_timestamp() + make_interval(secs => least(:longest_s, power(2, least(t.failures - :free, 20)))) end"
)
_FORGIVE = text("delete from tries where key = :key")
_FORGIVE_ONE = text("update tries set failures = greatest(0, failures - 1), blocked_until = '-infinity' where key = :key")
_SWEEP = text("delete from tries where last_at < now() - interval '1 day'")


class TooManyTries(ResourceExhausted):
    pass


@dataclass(frozen=True)
class _Rule:
    key: bytes
    free: int
    longest_s: int


@dataclass(frozen=True)
class Tries:
    """At the account called `name`, known or not, from `network`: five are free, then 1, 2, 4 … 900 s apart. From the network at anything:
    a hundred are free, then up to 60 s apart.
    """

    name: str
    network: str

    async def count(self, tx: AsyncConnection) -> None:
        """Before the try, as if it would fail: else those that come together would all pass. Raises TooManyTries."""
        for rule in self._rules:
            await tx.execute(_LOCK, {"key": rule.key})
            wait_s = (await tx.execute(_WAIT, {"key": rule.key})).scalar()
            if wait_s:
                raise TooManyTries(f"Too many tries; the next may come in {wait_s} s.", retry_after_s=str(wait_s))
        for rule in self._rules:
            await tx.execute(_COUNT, vars(rule))

    async def forgive(self, tx: AsyncConnection) -> None:
        """It succeeded."""
        pair, network = self._rules
        await tx.execute(_FORGIVE, {"key": pair.key})
        await tx.execute(_FORGIVE_ONE, {"key": network.key})

    @property
    def _rules(self) -> tuple[_Rule, _Rule]:
        return _Rule(_key("account", self.name.lower(), self.network), 5, 900), _Rule(_key("network", self.network), 100, 60)


async def forget_old(tx: AsyncConnection) -> None:
    await tx.execute(_SWEEP)


def _key(*parts: str) -> bytes:
    return hashlib.sha256("\0".join(parts).encode()).digest()
