"""Asks the engines beside the workers what they can do, and keeps it: requests are checked by it, also while a pool stands at zero."""

import asyncio
import contextlib
import time

from kinora_kit import log
from kinora_kit.db import Database, DatabaseUnavailable

from . import sheets
from .clients import Triton
from .engines import NamedEngine
from .settings import Settings

_LOOK_S = 10.0
_UNANSWERED_AGAIN_S = 30.0  # it may have been busy, or too old to know the question
_log = log.get("kinora.generation.sheets")


async def watch_sheets(db: Database, triton_url: str, settings: Settings, draining: asyncio.Event) -> None:
    """Runs until `draining`. An engine is asked as soon as it is ready, and again every `sheet_every_s`: its weights may have changed."""
    triton = Triton(triton_url, silence_s=settings.engine_silence_s)
    due: dict[str, float] = {}  # monotonic time of the next question, of engines that are ready
    try:
        while not draining.is_set():
            with contextlib.suppress(DatabaseUnavailable):
                for engine in settings.engines:
                    await _look(db, triton, engine, settings, due)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(_LOOK_S, settings.sheet_every_s)):
                    await draining.wait()
    finally:
        await triton.close()


async def _look(db: Database, triton: Triton, engine: NamedEngine, settings: Settings, due: dict[str, float]) -> None:
    if not await triton.ready(engine.triton_model):
        due.pop(engine.id, None)
        return
    async with db.begin() as tx:
        await sheets.seen(tx, engine)
    if time.monotonic() < due.get(engine.id, 0.0):
        return
    answered = await _ask(db, triton, engine)
    due[engine.id] = time.monotonic() + (settings.sheet_every_s if answered else min(_UNANSWERED_AGAIN_S, settings.sheet_every_s))


async def _ask(db: Database, triton: Triton, engine: NamedEngine) -> bool:
    sheet = await triton.describe(engine.triton_model)
    if sheet is None:
        return False
    if wrong := sheets.problem(sheet):
        _log.warning("sheet.unusable", engine=engine.id, why=wrong)
        return False
    async with db.begin() as tx:
        if await sheets.store(tx, engine, sheet):
            _log.info("sheet.changed", engine=engine.id, version=sheet.engine_version)
    return True
