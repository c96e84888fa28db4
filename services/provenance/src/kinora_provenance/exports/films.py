"""What is on record of the film that an export is made from."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

# Films that were sealed before there were marks are on no record: their seal alone is.
_OF_VIDEO = text(
    "select s.identity, coalesce(f.trained, false) as trained"
    " from seals s left join films f on f.video_id = s.video_id and f.attempt_id = s.attempt_id"
    " where s.video_id = :video_id and s.sha256 = :sha256"
)


async def of_video(tx: AsyncConnection, video_id: str, sha256: str) -> dict[str, Any] | None:
    """`identity` (64 bits) and `trained`, whether a trained model made it; None when the sealed film is no longer this one."""
    row = (await tx.execute(_OF_VIDEO, {"video_id": video_id, "sha256": sha256})).mappings().one_or_none()
    return {**row, "identity": row["identity"] % (1 << 64)} if row else None
