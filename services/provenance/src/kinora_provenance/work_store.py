"""All SQL about work that is queued in a table of its own and leased: exports and archives. Clocks are the database's.

One at a time per account; among accounts it is the turn of the one that was served longest ago.
"""
# ruff: noqa: S608 - only the two tables' names are put into statements

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

Table = Literal["exports", "archives"]
_ALONE = text("select pg_advisory_xact_lock(hashtextextended('lease ' || :table_name, 0))")
_DISCARD = text("insert into discarded (folder) select unnest(cast(:folders as text[])) on conflict do nothing")
_LEASE = (
    "update {table} set state = 'running', tries = tries + 1, lease = :lease, due_at = now() + make_interval(secs => :lease_s),"
    " started_at = now() where id = (select w.id from {table} w where w.state in ('queued', 'running') and w.due_at <= now()"
    " and not exists (select from {table} r"
    " where r.account_id = w.account_id and r.id <> w.id and r.state = 'running' and r.due_at > now())"
    " order by (select max(s.started_at) from {table} s where s.account_id = w.account_id) nulls first, w.created_at limit 1)"
    " returning *"
)
_MINE = "where id = :id and lease = :lease and state = 'running'"


@dataclass(frozen=True)
class Job:
    """A leased row."""

    table: Table
    row: dict[str, Any]
    lease: UUID

    @property
    def id(self) -> str:
        return str(self.row["id"])

    @property
    def tries(self) -> int:
        return int(self.row["tries"])

    def key(self, suffix: str) -> str:
        """Media key of this try's file: two who believe to hold the lease do not write the same one."""
        return f"{folder(self.table, self.id)}/{self.lease.hex}.{suffix}"

    @property
    def bound(self) -> dict[str, object]:
        return {"id": self.id, "lease": self.lease}


async def lease(tx: AsyncConnection, table: Table, lease_s: float) -> Job | None:
    """What is next, ours alone for `lease_s` seconds; None when nothing is due."""
    await tx.execute(_ALONE, {"table_name": table})
    token = uuid4()
    row = (await tx.execute(text(_LEASE.format(table=table)), {"lease": token, "lease_s": lease_s})).mappings().one_or_none()
    return Job(table, dict(row), token) if row else None


async def keep(tx: AsyncConnection, job: Job, lease_s: float, progress: int) -> bool:
    """False when it is no longer ours."""
    statement = f"update {job.table} set due_at = now() + make_interval(secs => :s), progress = :progress {_MINE} returning 1"
    return (await tx.execute(text(statement), {**job.bound, "s": lease_s, "progress": progress})).first() is not None


async def defer(tx: AsyncConnection, job: Job, seconds: float) -> None:
    """Gives it back, to be tried again after so long."""
    statement = f"update {job.table} set state = 'queued', lease = null, due_at = now() + make_interval(secs => :s), progress = 0 {_MINE}"
    await tx.execute(text(statement), {**job.bound, "s": seconds})


async def complete(tx: AsyncConnection, job: Job, kept_for: timedelta, facts: dict[str, object]) -> bool:
    """Stores the columns `facts`; False when it is no longer ours."""
    named = ", ".join(f"{name} = :{name}" for name in facts)
    statement = (
        f"update {job.table} set state = 'completed', progress = 100, lease = null, completed_at = now(),"
        f" expires_at = now() + cast(:kept_for as interval), {named} {_MINE} returning 1"
    )
    return (await tx.execute(text(statement), {**job.bound, "kept_for": kept_for, **facts})).first() is not None


async def fail(tx: AsyncConnection, job: Job, reason: str, kept_for: timedelta) -> None:
    statement = (
        f"update {job.table} set state = 'failed', lease = null, error = :reason, completed_at = now(),"
        f" expires_at = now() + cast(:kept_for as interval) {_MINE}"
    )
    await tx.execute(text(statement), {**job.bound, "reason": reason, "kept_for": kept_for})


async def forget(tx: AsyncConnection, table: Table, where: str, **bound: object) -> int:
    """Removes rows, and has their files removed once the transaction is committed; `where` is a condition of our own."""
    ids = (await tx.execute(text(f"delete from {table} where {where} returning id"), bound)).scalars().all()
    await tx.execute(_DISCARD, {"folders": [folder(table, each) for each in ids]})
    return len(ids)


def folder(table: Table, row_id: str) -> str:
    """Media folder of all tries' files."""
    return f"{table}/{row_id}"


async def due_discards(tx: AsyncConnection, limit: int) -> list[str]:
    statement = text("select folder from discarded where due_at <= now() order by due_at limit :limit")
    return list((await tx.execute(statement, {"limit": limit})).scalars())


async def discarded(tx: AsyncConnection, gone: str) -> None:
    await tx.execute(text("delete from discarded where folder = :folder"), {"folder": gone})


async def discard_later(tx: AsyncConnection, kept: str, seconds: float) -> None:
    statement = text("update discarded set due_at = now() + make_interval(secs => :s) where folder = :folder")
    await tx.execute(statement, {"folder": kept, "s": seconds})
