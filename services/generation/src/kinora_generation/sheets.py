"""Sheets of engines: the newest that a running one has told, from the database, else the one that its family is shipped with."""

import re

from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_UNSPECIFIED, Capabilities
from kinora_engine.sheets import shipped
from kinora_kit.db import Database
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .engines import Engine, NamedEngine
from .settings import Settings

_READY_S = 60.0  # without an answer for so long, an engine is away
_SIZE = re.compile(r"[1-9][0-9]{1,4}x[1-9][0-9]{1,4}")


async def known(db: Database, settings: Settings) -> tuple[Engine, ...]:
    """Every engine that can be asked, the default first."""
    async with db.begin() as tx:
        return await engines(tx, settings)


async def engines(tx: AsyncConnection, settings: Settings) -> tuple[Engine, ...]:
    """As `known`."""
    statement = text("SELECT model, family, sheet, seen_at > now() - make_interval(secs => :ready_s) AS ready FROM engine_sheets")
    told = {(row.model, row.family): row for row in await tx.execute(statement, {"ready_s": _READY_S})}
    return tuple(_engine(named, told.get((named.id, named.family))) for named in settings.engines)


def _engine(named: NamedEngine, row: object) -> Engine:
    sheet: bytes | None = getattr(row, "sheet", None)
    return Engine(named, shipped(named.family) if sheet is None else Capabilities.FromString(sheet), bool(getattr(row, "ready", False)))


async def seen(tx: AsyncConnection, named: NamedEngine) -> None:
    """An engine has answered now."""
    statement = text(
        "INSERT INTO engine_sheets (model, family, seen_at) VALUES (:model, :family, now()) "
        "ON CONFLICT (model, family) DO UPDATE SET seen_at = now()",
    )
    await tx.execute(statement, {"model": named.id, "family": named.family})


async def store(tx: AsyncConnection, named: NamedEngine, sheet: Capabilities) -> bool:
    """Keeps what a running engine has told; True when that is news."""
    statement = text(
        "UPDATE engine_sheets SET sheet = :sheet, told_at = now() "
        "WHERE model = :model AND family = :family AND sheet IS DISTINCT FROM CAST(:sheet AS bytea)",
    )
    bound = {"model": named.id, "family": named.family, "sheet": sheet.SerializeToString(deterministic=True)}
    return bool((await tx.execute(statement, bound)).rowcount)


def problem(sheet: Capabilities) -> str:
    """Why no request could be checked against it; empty when it will do."""
    if not sheet.sizes or not all(_SIZE.fullmatch(size) for size in sheet.sizes):
        return f"its sizes are {', '.join(sheet.sizes) or 'missing'}; they must be like 1280x720"
    if not sheet.seconds or not all(sheet.seconds):
        return "its lengths are missing; they must be whole seconds"
    if not sheet.fps or sheet.unit == ENGINE_UNIT_UNSPECIFIED:
        return "its fps or unit is missing"
    return ""
