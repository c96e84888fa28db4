"""All SQL about exports, but for how they are leased. Clocks are the database's."""
# ruff: noqa: S608 - only the column lists below are put into statements

from collections.abc import Mapping
from dataclasses import fields
from datetime import timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_provenance.exports.domain import Export, Format

_COLUMNS = ", ".join(field.name for field in fields(Export))
_IDENTITY = ("account_id", "film_sha256", "format", "start_s", "end_s", "short_side", "visible_mark", "credit")
_NEW = ("id", "video_id", *_IDENTITY, "traceparent")
# An equal one may be made by a request that runs beside this one: the index lets only one through, and the other gets that one.
_ADD = text(
    f"insert into exports ({', '.join(_NEW)}) values ({', '.join(':' + name for name in _NEW)})"
    f" on conflict ({', '.join(_IDENTITY)}) where state <> 'failed'"
    f" do update set expires_at = case when exports.expires_at is null then null else now() + cast(:kept_for as interval) end"
    f" returning {_COLUMNS}"
)
_WAITING = text("select count(*) from exports where account_id = :account_id and state in ('queued', 'running')")
_SAME = text(f"select exists (select from exports where {' and '.join(f'{name} = :{name}' for name in _IDENTITY)} and state <> 'failed')")
_GET = text(f"select {_COLUMNS} from exports where id = :id and account_id = :account_id")
_LIST = text(f"select {_COLUMNS} from exports where video_id = :video_id and account_id = :account_id order by created_at desc, id desc")


async def add(tx: AsyncConnection, new: Mapping[str, Any], kept_for: timedelta) -> Export:
    """The new one, or an equal one that exists, which is then kept for longer."""
    return export((await tx.execute(_ADD, {**new, "kept_for": kept_for})).mappings().one())


async def exists(tx: AsyncConnection, new: Mapping[str, Any]) -> bool:
    found: bool = (await tx.execute(_SAME, {name: new[name] for name in _IDENTITY})).scalar_one()
    return found


async def waiting(tx: AsyncConnection, account_id: str) -> int:
    count: int = (await tx.execute(_WAITING, {"account_id": account_id})).scalar_one()
    return count


async def get(tx: AsyncConnection, export_id: str, account_id: str) -> Export | None:
    row = (await tx.execute(_GET, {"id": export_id, "account_id": account_id})).mappings().one_or_none()
    return export(row) if row else None


async def of_video(tx: AsyncConnection, video_id: str, account_id: str) -> list[Export]:
    """Newest first."""
    rows = (await tx.execute(_LIST, {"video_id": video_id, "account_id": account_id})).mappings()
    return [export(row) for row in rows]


def export(row: Mapping[str, Any] | Any) -> Export:
    """Of a row with these columns among its own."""
    values = {field.name: row[field.name] for field in fields(Export)}
    return Export(**{**values, "format": Format(values["format"])})
