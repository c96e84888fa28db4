"""A new internal secret: what the old one closed is closed again by the new one, after which the old one may go."""

from collections.abc import Sequence
from dataclasses import dataclass

from kinora_kit import log
from kinora_kit.db import Database
from sqlalchemy import text

from kinora_identity.envelope import Envelope

_AT_ONCE = 500
_log = log.get("kinora.identity")


@dataclass(frozen=True)
class Closed:
    """A column of closed texts, its table's key, and the envelope that closes them."""

    table: str
    key: str
    column: str
    envelope: Envelope


async def renew_all(database: Database, closed: Sequence[Closed]) -> None:
    """Once, when there are two secrets. "secret.renewed" in the log: the old one is needed no more, but for answers kept for repeats."""
    if not any(each.envelope.renews for each in closed):
        return
    counts = {each.table: await _renew(database, each) for each in closed}
    _log.info("secret.renewed", **counts)


async def _renew(database: Database, closed: Closed) -> int:
    table, key, column = closed.table, closed.key, closed.column
    page = text(
        f"select {key}::text as key, {column} as closed from {table} where {column} is not null"  # noqa: S608 - our own names
        f" and (cast(:after as text) is null or {key}::text > :after) order by {key}::text limit {_AT_ONCE}"
    )
    change = text(f"update {table} set {column} = :new where {key}::text = :key and {column} = :old")  # noqa: S608 - our own names
    after, count = None, 0
    while True:
        async with database.begin() as tx:
            rows = (await tx.execute(page, {"after": after})).all()
            for row in rows:
                if new := closed.envelope.renewed(row.closed):
                    await tx.execute(change, {"new": new, "key": row.key, "old": row.closed})
                    count += 1
        if not rows:
            return count
        after = rows[-1].key
