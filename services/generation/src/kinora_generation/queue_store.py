"""The fair queue in the database: tags, leases, engine rates. Functions take the caller's transaction; the clock is the database's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .domain import Backlog, Place, Rate, State, Video, charged, joined
from .errors import LeaseLost
from .store import COLUMNS, video


@dataclass(frozen=True)
class Lease:
    """The right to report on one attempt. `attempt` only grows per video and fences off whoever held it before."""

    video: Video
    attempt: int


# --- Waiting ------------------------------------------------------------------------------------------------------------------


async def join(tx: AsyncConnection, account_id: str, model: str, weight: float) -> int:
    """Makes the account ready to have one more job; returns how many of its jobs wait. Holds its share until the transaction ends."""
    # Of the release before, which goes by it: one row per account, and so what the account's jobs at all engines are counted under.
    before = text(
        "INSERT INTO shares (account_id, weight) VALUES (:account_id, :weight) "
        "ON CONFLICT (account_id) DO UPDATE SET weight = excluded.weight",
    )
    await tx.execute(before, {"account_id": account_id, "weight": weight})
    statement = text(
        "INSERT INTO pool_shares (account_id, model, weight) VALUES (:account_id, :model, :weight) "
        "ON CONFLICT (account_id, model) DO UPDATE SET weight = excluded.weight RETURNING tag",
    )
    tag: float = await tx.scalar(statement, {"account_id": account_id, "model": model, "weight": weight}) or 0.0
    count = text(
        "SELECT count(*) AS everywhere, count(*) FILTER (WHERE model = :model) AS here "
        "FROM videos WHERE account_id = :account_id AND state = 'queued'",
    )
    waiting = (await tx.execute(count, {"account_id": account_id, "model": model})).one()
    if not waiting.here:
        await _set_tag(tx, account_id, model, joined(tag, await _virtual_time(tx, model)))
    return int(waiting.everywhere)


async def charge(tx: AsyncConnection, video: Video, engine_seconds: float) -> None:
    """Charges engine time to its account's share of its engine; negative gives back."""
    # A video that the release before has queued may be the first of its account at this engine.
    ready = text("INSERT INTO pool_shares (account_id, model, weight) VALUES (:account_id, :model, 1) ON CONFLICT DO NOTHING")
    await tx.execute(ready, {"account_id": video.account_id, "model": video.model})
    statement = text("SELECT tag, weight FROM pool_shares WHERE account_id = :account_id AND model = :model FOR UPDATE")
    share = (await tx.execute(statement, {"account_id": video.account_id, "model": video.model})).one()
    await _set_tag(tx, video.account_id, video.model, charged(share.tag, engine_seconds, share.weight))


async def settle(tx: AsyncConnection, video: Video, engine_seconds: float) -> None:
    """Charges what a leased job took instead of what it was estimated at."""
    await charge(tx, video, engine_seconds - video.cost)


async def _set_tag(tx: AsyncConnection, account_id: str, model: str, tag: float) -> None:
    statement = text("UPDATE pool_shares SET tag = :tag WHERE account_id = :account_id AND model = :model")
    await tx.execute(statement, {"account_id": account_id, "model": model, "tag": tag})


async def _virtual_time(tx: AsyncConnection, model: str) -> float:
    return await tx.scalar(text("SELECT virtual_time FROM pool_clocks WHERE model = :model"), {"model": model}) or 0.0


# --- Leases -------------------------------------------------------------------------------------------------------------------


async def lease(
    tx: AsyncConnection, models: Sequence[str], attempt_id: str, lease_s: float, at_once: Mapping[str, int] | None = None
) -> Lease | None:
    """Takes the job whose turn it is, charging its account; None when nothing waits for these engines, or they have `at_once` already.

    One lease at a time is taken per schema: two at once would both see the tags as they were before either was charged.
    """
    await tx.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.lease', 0))"))
    # At each engine whoever has the smallest tag; of those, as tags of two engines have nothing in common, who came first.
    turn = text(
        """
        SELECT turn.* FROM unnest(CAST(:models AS text[])) AS pool (name) CROSS JOIN LATERAL (
            SELECT videos.id, videos.model, videos.place, coalesce(tag, 0) AS tag
            FROM videos LEFT JOIN pool_shares USING (account_id, model)
            WHERE videos.state = 'queued' AND videos.not_before <= now() AND videos.model = pool.name
            ORDER BY coalesce(tag, 0), videos.place LIMIT 1 FOR UPDATE OF videos SKIP LOCKED
        ) AS turn ORDER BY turn.place LIMIT 1
        """,
    )
    first = (await tx.execute(turn, {"models": await _free(tx, models, at_once or {})})).one_or_none()
    if first is None:
        return None
    clock = text(
        "INSERT INTO pool_clocks (model, virtual_time) VALUES (:model, :tag) "
        "ON CONFLICT (model) DO UPDATE SET virtual_time = greatest(pool_clocks.virtual_time, excluded.virtual_time)",
    )
    await tx.execute(clock, {"model": first.model, "tag": first.tag})
    statement = text(
        "UPDATE videos SET state = 'running', attempts = attempts + 1, attempt_id = :attempt_id, leased_at = now(), "  # noqa: S608
        "lease_until = now() + make_interval(secs => :lease_s), fraction = 0, stage = 'starting', revision = revision + 1 "
        f"WHERE id = :id RETURNING {COLUMNS}",
    )
    taken = video((await tx.execute(statement, {"id": first.id, "attempt_id": attempt_id, "lease_s": lease_s})).one())
    await charge(tx, taken, taken.cost)
    return Lease(taken, taken.attempts)


async def _free(tx: AsyncConnection, models: Sequence[str], at_once: Mapping[str, int]) -> list[str]:
    """Engines that may have one more job. What is beyond their instances would wait inside of them, in an order that is not ours."""
    if not at_once:
        return list(models)
    rows = await tx.execute(text("SELECT model, count(*) AS jobs FROM videos WHERE state = 'running' GROUP BY model"))
    running = {row.model: row.jobs for row in rows}
    return [model for model in models if running.get(model, 0) < at_once.get(model, running.get(model, 0) + 1)]


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


async def rendered(
    tx: AsyncConnection, before: Video, files: dict[str, str], *, cpu_seconds: float, engine_seconds: float, notes: Sequence[str]
) -> Video:
    """Moves a locked, running job to sealing. `files` has every key that it is given by its column."""
    keys = ", ".join(f"{column} = :{column}" for column in files)
    statement = text(
        f"UPDATE videos SET state = 'sealing', {keys}, cpu_seconds = :cpu_seconds, "  # noqa: S608 - our own column names
        "engine_seconds = :engine_seconds, notes = notes || CAST(:notes AS text[]), lease_until = NULL, "
        f"fraction = 1, stage = 'signing', revision = revision + 1 WHERE id = :id RETURNING {COLUMNS}",
    )
    bound = {**files, "id": before.id, "cpu_seconds": cpu_seconds, "engine_seconds": engine_seconds, "notes": list(notes)}
    return video((await tx.execute(statement, bound)).one())


# --- How long -----------------------------------------------------------------------------------------------------------------


async def rate(tx: AsyncConnection, key: str, model: str, guess: float) -> Rate:
    """As measured of such films (`key`), else of the engine's films at all; by the `guess` before the first finished job."""
    statement = text("SELECT rate, per_second FROM engine_rates WHERE model IN (:key, :model) ORDER BY model <> :key LIMIT 1")
    found = (await tx.execute(statement, {"key": key, "model": model})).one_or_none()
    return Rate(guess) if found is None else Rate(found.rate, found.per_second)


async def set_rate(tx: AsyncConnection, key: str, rate: Rate) -> None:
    statement = text(
        "INSERT INTO engine_rates (model, rate, per_second) VALUES (:key, :rate, :per_second) "
        "ON CONFLICT (model) DO UPDATE SET rate = excluded.rate, per_second = excluded.per_second",
    )
    await tx.execute(statement, {"key": key, "rate": rate.rate, "per_second": rate.per_second})


async def backlogs(tx: AsyncConnection) -> list[Backlog]:
    """Of every engine that has work. A silent worker's job counts as waiting, also where no worker is left to take it back.

    The index videos_backlog has what is summed of those that wait, in the order of `late`: 100,000 cost some 50 ms.
    """
    statement = text(
        """
        WITH waiting AS (
            SELECT model, count(*) AS jobs, sum(estimate) AS seconds, min(created_at) AS first,
                   percentile_disc(0.05) WITHIN GROUP (ORDER BY created_at) AS late
            FROM videos WHERE state = 'queued' GROUP BY model
        ), leased AS (
            SELECT model, estimate, fraction, lease_until < now() AS silent, extract(epoch FROM now() - leased_at) AS elapsed
            FROM videos WHERE state = 'running'
        ), running AS (  -- domain.remaining()
            SELECT model, count(*) FILTER (WHERE silent) AS silent, sum(estimate) FILTER (WHERE silent) AS silent_seconds,
                   count(*) FILTER (WHERE NOT silent) AS jobs,
                   sum(greatest(1, CASE WHEN fraction >= 0.1 THEN elapsed * (1 - fraction) / fraction ELSE estimate - elapsed END))
                       FILTER (WHERE NOT silent) AS seconds
            FROM leased GROUP BY model
        )
        SELECT model, coalesce(waiting.jobs, 0) + coalesce(silent, 0) AS jobs_waiting, coalesce(running.jobs, 0) AS jobs_running,
               coalesce(waiting.seconds, 0) + coalesce(silent_seconds, 0) AS waiting_engine_seconds,
               CAST(coalesce(running.seconds, 0) AS double precision) AS running_engine_seconds,
               CAST(coalesce(extract(epoch FROM now() - late), 0) AS double precision) AS wait_p95_seconds,
               CAST(coalesce(extract(epoch FROM now() - first), 0) AS double precision) AS oldest_wait_seconds
        FROM waiting FULL JOIN running USING (model)
        """,
    )
    return [Backlog(**row._mapping) for row in await tx.execute(statement)]  # noqa: SLF001 - SQLAlchemy's documented access by name


async def places(tx: AsyncConnection, videos: Sequence[Video]) -> dict[str, Place]:
    """Where each queued one of these stands, by id."""
    ids = [each.id for each in videos if each.state == State.QUEUED]
    if not ids:
        return {}
    statement = text(
        """
        WITH waiting AS (
            SELECT id, model, place, estimate, coalesce(tag, 0) + (
                sum(estimate * per_second) OVER (PARTITION BY account_id, model ORDER BY place) - estimate * per_second
            ) / coalesce(weight, 1) AS turn
            FROM videos LEFT JOIN pool_shares USING (account_id, model) WHERE state = 'queued'
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
