"""All SQL about the use of cameos in videos."""
# ruff: noqa: S608 - only the column list above is put into statements

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kinora_kit.ids import uuid7
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_USE = "video_id, cameo_id, handle, user_account_id, stage, speaks, accompanied, video_key, receipt, used_at, revoked_at, removed_at"
_ADD = text(
    "insert into uses (video_id, cameo_id, handle, user_account_id, speaks, accompanied)"
    f" values (:video_id, :cameo_id, :handle, :user_account_id, :speaks, :accompanied) on conflict do nothing returning {_USE}"
)
_PAGE = text(
    f"select {_USE} from uses where cameo_id = :cameo_id and (:after = '' or video_id < :after) order by video_id desc limit :limit"
)


@dataclass(frozen=True)
class Use:
    """One cameo in one video. Stages: submitted, dispatched, published (signed next), completed."""

    video_id: str
    cameo_id: str
    handle: str
    user_account_id: str
    stage: str
    speaks: bool
    accompanied: bool
    video_key: str
    receipt: str
    used_at: datetime
    revoked_at: datetime | None
    removed_at: datetime | None


async def add(
    tx: AsyncConnection, *, video_id: str, cameo_id: str, handle: str, user_account_id: str, speaks: bool, accompanied: bool
) -> Use | None:
    """None when it is known already."""
    row = {"video_id": video_id, "cameo_id": cameo_id, "handle": handle, "user_account_id": user_account_id}
    added = (await tx.execute(_ADD, {**row, "speaks": speaks, "accompanied": accompanied})).one_or_none()
    return Use(*added) if added else None


async def of_video(tx: AsyncConnection, video_id: str, *, past: bool = False) -> list[Use]:
    """`past`: of a video that is gone."""
    table = "past_uses" if past else "uses"
    rows = await tx.execute(text(f"select {_USE} from {table} where video_id = :video_id order by cameo_id"), {"video_id": video_id})
    return [Use(*row) for row in rows]


async def get(tx: AsyncConnection, video_id: str, cameo_id: str) -> Use | None:
    statement = f"select {_USE} from uses where video_id = :video_id and cameo_id = :cameo_id"
    row = (await tx.execute(text(statement), {"video_id": video_id, "cameo_id": cameo_id})).one_or_none()
    return Use(*row) if row else None


async def in_the_making(tx: AsyncConnection, cameo_id: str) -> list[Use]:
    """Not finished and not revoked."""
    statement = text(f"select {_USE} from uses where cameo_id = :cameo_id and stage <> 'completed' and revoked_at is null")
    return [Use(*row) for row in await tx.execute(statement, {"cameo_id": cameo_id})]


async def of_cameo(tx: AsyncConnection, cameo_id: str) -> list[Use]:
    """In whatever state."""
    return [Use(*row) for row in await tx.execute(text(f"select {_USE} from uses where cameo_id = :id"), {"id": cameo_id})]


async def page(tx: AsyncConnection, cameo_id: str, *, after: str = "", limit: int) -> Sequence[Use]:
    """Newest first: the videos' ids begin with their time."""
    return [Use(*row) for row in await tx.execute(_PAGE, {"cameo_id": cameo_id, "after": after, "limit": limit})]


async def reach(tx: AsyncConnection, video_id: str, stage: str) -> None:
    await tx.execute(text("update uses set stage = :stage where video_id = :video_id"), {"video_id": video_id, "stage": stage})


async def keep_receipt(tx: AsyncConnection, use: Use, receipt: str) -> None:
    statement = text("update uses set receipt = :receipt where video_id = :video_id and cameo_id = :cameo_id")
    await tx.execute(statement, {"video_id": use.video_id, "cameo_id": use.cameo_id, "receipt": receipt})


async def complete(tx: AsyncConnection, video_id: str, video_key: str) -> None:
    statement = text("update uses set stage = 'completed', video_key = :video_key where video_id = :video_id")
    await tx.execute(statement, {"video_id": video_id, "video_key": video_key})


async def revoke(tx: AsyncConnection, use: Use) -> None:
    statement = text("update uses set revoked_at = now() where video_id = :video_id and cameo_id = :cameo_id")
    await tx.execute(statement, {"video_id": use.video_id, "cameo_id": use.cameo_id})


async def remove(tx: AsyncConnection, use: Use) -> None:
    statement = text("update uses set removed_at = now() where video_id = :video_id and cameo_id = :cameo_id")
    await tx.execute(statement, {"video_id": use.video_id, "cameo_id": use.cameo_id})


async def mark(tx: AsyncConnection, video_id: str, cameo_id: str, column: str) -> None:
    """Notes that the use was revoked (`revoked_at`) or removed (`removed_at`), unless that is known; in a video that is gone, too."""
    for table in ("uses", "past_uses"):
        statement = f"update {table} set {column} = now() where video_id = :video_id and cameo_id = :cameo_id and {column} is null"
        await tx.execute(text(statement), {"video_id": video_id, "cameo_id": cameo_id})


async def report(tx: AsyncConnection, use: Use, words: str) -> str:
    """The report's id."""
    row = {"id": f"report_{uuid7().hex}", "cameo_id": use.cameo_id, "video_id": use.video_id, "words": words}
    await tx.execute(text("insert into reports (id, cameo_id, video_id, words) values (:id, :cameo_id, :video_id, :words)"), row)
    return row["id"]


async def forget(tx: AsyncConnection, video_id: str) -> None:
    await tx.execute(text("delete from uses where video_id = :video_id"), {"video_id": video_id})
