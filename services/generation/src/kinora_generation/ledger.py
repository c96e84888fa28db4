"""The ledger of engine seconds: reserved when a video is queued, settled or given back when it ends. Functions take the transaction."""

from dataclasses import asdict, dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .domain import Entry, Video

_TODAY = "date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'"


@dataclass(frozen=True)
class Used:
    """Engine seconds of an account at one engine, of videos by when they were queued."""

    model: str
    unit: str
    spent_today: float
    spent_30_days: float
    reserved: float


async def reserve(tx: AsyncConnection, video: Video) -> None:
    statement = text(
        "INSERT INTO ledger (video_id, account_id, model, unit, reserved) VALUES (:video_id, :account_id, :model, :unit, :reserved)",
    )
    bound = {"video_id": video.id, "account_id": video.account_id, "model": video.model, "unit": video.unit, "reserved": video.cost}
    await tx.execute(statement, bound)


async def close(tx: AsyncConnection, video_id: str, took: float) -> None:
    """The video has ended and took so many engine seconds; what it reserved beyond goes back. Videos of before the ledger have no line."""
    found = text("SELECT reserved FROM ledger WHERE video_id = :video_id AND ended_at IS NULL FOR UPDATE")
    reserved: float | None = await tx.scalar(found, {"video_id": video_id})
    if reserved is None:
        return
    statement = text(
        "UPDATE ledger SET reserved = :reserved, settled = :settled, refunded = :refunded, ended_at = now() WHERE video_id = :video_id",
    )
    await tx.execute(statement, {"video_id": video_id, **asdict(Entry(reserved).ended(took))})


async def used(tx: AsyncConnection, account_id: str) -> list[Used]:
    """By engine, of the last 30 days, and whatever is still reserved."""
    statement = text(
        f"""
        SELECT model, unit,
               coalesce(sum(settled) FILTER (WHERE reserved_at >= {_TODAY}), 0) AS spent_today,
               coalesce(sum(settled) FILTER (WHERE reserved_at >= {_TODAY} - interval '29 days'), 0) AS spent_30_days,
               coalesce(sum(reserved) FILTER (WHERE ended_at IS NULL), 0) AS reserved
        FROM ledger WHERE account_id = :account_id AND (ended_at IS NULL OR reserved_at >= {_TODAY} - interval '29 days')
        GROUP BY model, unit ORDER BY model, unit
        """,  # noqa: S608 - our own words
    )
    rows = await tx.execute(statement, {"account_id": account_id})
    return [Used(**row._mapping) for row in rows]  # noqa: SLF001 - SQLAlchemy's documented access by name


async def bound_today(tx: AsyncConnection, account_id: str, unit: str) -> float:
    """Engine seconds that today's videos took or may yet take. Whoever asks holds the account until the transaction ends."""
    await tx.execute(
        text("SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.budget.' || :account_id, 0))"), {"account_id": account_id}
    )
    statement = text(
        "SELECT sum(CASE WHEN ended_at IS NULL THEN reserved ELSE settled END) FROM ledger "  # noqa: S608 - our own words
        f"WHERE account_id = :account_id AND unit = :unit AND reserved_at >= {_TODAY}",
    )
    return await tx.scalar(statement, {"account_id": account_id, "unit": unit}) or 0.0


async def renews_at(tx: AsyncConnection) -> int:
    """Unix seconds of the next midnight (UTC), by the database's clock."""
    return int(await tx.scalar(text(f"SELECT extract(epoch FROM {_TODAY} + interval '1 day')")) or 0)  # noqa: S608 - our own words
