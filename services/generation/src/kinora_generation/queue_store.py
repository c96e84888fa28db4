"""The fair queue in the database: tags, leases, engine rates. Functions take the caller's transaction; the clock is the database's."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .domain import Place, State, Video, charged, joined
from .errors import LeaseLost
from .store import COLUMNS, video


@dataclass(frozen=True)
class Lease:
    """The right to report on one attempt. `attempt` only grows per video and fences off whoever held it before."""

    video: Video
    attempt: int


# --- Waiting ------------------------------------------------------------------------------------------------------------------


async def join(tx: AsyncConnection, account_id: str, weight: float) -> int:
    """Makes the account ready to have one more job; returns how many of its jobs wait. Holds its share until the transaction ends."""
    statement = text(
        "INSERT INTO shares (account_id, weight) VALUES (:account_id, :weight) "
        "ON CONFLICT (account_id) DO UPDATE SET weight = excluded.weight RETURNING tag",
    )
    tag: float = await tx.scalar(statement, {"account_id": account_id, "weight": weight}) or 0.0
    count = text("SELECT count(*) FROM videos WHERE account_id = :account_id AND state = 'queued'")
    waiting: int = await tx.scalar(count, {"account_id": account_id}) or 0
    if not waiting:
        await _set_tag(tx, account_id, joined(tag, await _virtual_time(tx)))
    return waiting


async def charge(tx: AsyncConnection, account_id: str, engine_seconds: float) -> None:
    """Charges engine time to the account's share; negative gives back."""
    statement = text("SELECT tag, weight FROM shares WHERE account_id = :account_id FOR UPDATE")
    share = (await tx.execute(statement, {"account_id": account_id})).one()
    await _set_tag(tx, account_id, charged(share.tag, engine_seconds, share.weight))


async def _set_tag(tx: AsyncConnection, account_id: str, tag: float) -> None:
    await tx.execute(text("UPDATE shares SET tag = :tag WHERE account_id = :account_id"), {"account_id": account_id, "tag": tag})


async def _virtual_time(tx: AsyncConnection) -> float:
    return await tx.scalar(text("SELECT virtual_time FROM queue_clock")) or 0.0


# --- Leases -------------------------------------------------------------------------------------------------------------------


async def lease(tx: AsyncConnection, models: Sequence[str], attempt_id: str, lease_s: float) -> Lease | None:
    """Takes the job whose turn it is, charging its account; None when nothing waits for these engines.

    One lease at a time is taken per schema: two at once would both see the tags as they were before either was charged.
    """
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.lease', 0))"))
    turn = text(
        "SELECT videos.id, shares.tag FROM videos JOIN shares USING (account_id) "
        "WHERE state = 'queued' AND not_before <= now() AND model = ANY(:models) "
        "ORDER BY shares.tag, videos.place LIMIT 1 FOR UPDATE OF videos SKIP LOCKED",
    )
    first = (await tx.execute(turn, {"models": list(models)})).one_or_none()
    if first is None:
        return None
    await tx.execute(text("UPDATE queue_clock SET virtual_time = greatest(virtual_time, :tag)"), {"tag": first.tag})
    statement = text(
        "UPDATE videos SET state = 'running', attempts = attempts + 1, attempt_id = :attempt_id, leased_at = now(), "  # noqa: S608
        "lease_until = now() + make_interval(secs => :lease_s), fraction = 0, stage = 'starting', revision = revision + 1 "
        f"WHERE id = :id RETURNING {COLUMNS}",
    )
    taken = video((await tx.execute(statement, {"id": first.id, "attempt_id": attempt_id, "lease_s": lease_s})).one())
    await charge(tx, taken.account_id, taken.estimate)
    return Lease(taken, taken.attempts)


async def expired(tx: AsyncConnection) -> Video | None:
    """One job whose worker fell silent, its row locked."""
    statement = text(
        f"SELECT {COLUMNS} FROM videos WHERE state = 'running' AND lease_until < now() LIMIT 1 FOR UPDATE SKIP LOCKED",  # noqa: S608
    )
    row = (await tx.execute(statement)).one_or_none()
    return video(row) if row else None


async def held(tx: AsyncConnection, lease: Lease) -> Video:
    """The leased job, its row locked; LeaseLost when the lease is not the newest or the job runs no more."""
    statement = text(
        f"SELECT {COLUMNS} FROM videos WHERE id = :id AND attempts = :attempt AND state = 'running' FOR UPDATE",  # noqa: S608
    )
    row = (await tx.execute(statement, {"id": lease.video.id, "attempt": lease.attempt})).one_or_none()
    if row is None:
        raise LeaseLost
    return video(row)


async def renew(tx: AsyncConnection, lease: Lease, lease_s: float) -> None:
    statement = text(
        "UPDATE videos SET lease_until = now() + make_interval(secs => :lease_s) "
        "WHERE id = :id AND attempts = :attempt AND state = 'running'",
    )
    result = await tx.execute(statement, {"id": lease.video.id, "attempt": lease.attempt, "lease_s": lease_s})
    if result.rowcount == 0:
        raise LeaseLost


async def progress(tx: AsyncConnection, lease: Lease, fraction: float, stage: str, preview: bytes) -> None:
    """Stores what watchers see. An empty preview leaves the last one."""
    statement = text(
        "UPDATE videos SET fraction = :fraction, stage = :stage, revision = revision + 1, preview = coalesce(:preview, preview), "
        "preview_revision = CASE WHEN CAST(:preview AS bytea) IS NULL THEN preview_revision ELSE revision + 1 END "
        "WHERE id = :id AND attempts = :attempt AND state = 'running'",
    )
    bound = {"id": lease.video.id, "attempt": lease.attempt, "fraction": fraction, "stage": stage, "preview": preview or None}
    await tx.execute(statement, bound)


async def requeue(tx: AsyncConnection, before: Video, *, losses: int, delay_s: float, stage: str) -> None:
    """Returns a locked, running job to its old place in the queue."""
    statement = text(
        "UPDATE videos SET state = 'queued', losses = :losses, not_before = now() + make_interval(secs => :delay_s), stage = :stage, "
        "fraction = 0, lease_until = NULL, preview = NULL, revision = revision + 1 WHERE id = :id",
    )
    await tx.execute(statement, {"id": before.id, "losses": losses, "delay_s": delay_s, "stage": stage})


async def rendered(tx: AsyncConnection, before: Video, files: dict[str, str], *, cpu_seconds: float, notes: Sequence[str]) -> Video:
    """Moves a locked, running job to sealing. `files` has every key that it is given by its column."""
    keys = ", ".join(f"{column} = :{column}" for column in files)
    statement = text(
        f"UPDATE videos SET state = 'sealing', {keys}, cpu_seconds = :cpu_seconds, "  # noqa: S608 - our own column names
        "engine_seconds = extract(epoch FROM now() - leased_at), notes = notes || CAST(:notes AS text[]), lease_until = NULL, "
        f"fraction = 1, stage = 'signing', revision = revision + 1 WHERE id = :id RETURNING {COLUMNS}",
    )
    return video((await tx.execute(statement, {**files, "id": before.id, "cpu_seconds": cpu_seconds, "notes": list(notes)})).one())


# --- How long -----------------------------------------------------------------------------------------------------------------


async def rate(tx: AsyncConnection, model: str, guess: float) -> float:
    """Engine seconds per megapixel-second as measured; `guess` before the first finished job."""
    found: float | None = await tx.scalar(text("SELECT rate FROM engine_rates WHERE model = :model"), {"model": model})
    return guess if found is None else found


async def set_rate(tx: AsyncConnection, model: str, value: float) -> None:
    statement = text("INSERT INTO engine_rates VALUES (:model, :rate) ON CONFLICT (model) DO UPDATE SET rate = excluded.rate")
    await tx.execute(statement, {"model": model, "rate": value})


async def backlog(tx: AsyncConnection) -> float:
    """Estimated engine seconds of all that wait."""
    return await tx.scalar(text("SELECT coalesce(sum(estimate), 0) FROM videos WHERE state = 'queued'")) or 0.0


async def places(tx: AsyncConnection, videos: Sequence[Video]) -> dict[str, Place]:
    """Where each queued one of these stands, by id."""
    ids = [each.id for each in videos if each.state == State.QUEUED]
    if not ids:
        return {}
    statement = text(
        """
        WITH waiting AS (
            SELECT id, model, place, estimate,
                   tag + (sum(estimate) OVER (PARTITION BY account_id ORDER BY place) - estimate) / weight AS turn
            FROM videos JOIN shares USING (account_id) WHERE state = 'queued'
        ), ranked AS (
            SELECT id, model, row_number() OVER turns - 1 AS ahead, sum(estimate) OVER turns - estimate AS seconds
            FROM waiting WINDOW turns AS (PARTITION BY model ORDER BY turn, place)
        ), busy AS (
            SELECT model, count(*) AS engines, sum(greatest(estimate - extract(epoch FROM now() - leased_at), 1)) AS seconds
            FROM videos WHERE state = 'running' GROUP BY model
        )
        SELECT ranked.id, ahead, CAST(ranked.seconds + coalesce(busy.seconds, 0) AS double precision) AS seconds,
               coalesce(engines, 0) AS engines
        FROM ranked LEFT JOIN busy USING (model) WHERE ranked.id = ANY(:ids)
        """,
    )
    rows = await tx.execute(statement, {"ids": ids})
    return {row.id: Place(row.ahead, row.seconds, row.engines) for row in rows}
