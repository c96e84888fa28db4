"""Drafts that would wait for too long at their engine are made by another, where the operator has named one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from sqlalchemy.ext.asyncio import AsyncConnection

from . import capabilities, checks, queue_store, store
from .capabilities import Wanted
from .domain import NewVideo
from .engines import Engine
from .enqueue import enqueue
from .settings import Settings


@dataclass(frozen=True)
class Elsewhere:
    """Which engine makes a draft that would wait for longer than `after_s` seconds."""

    engine: Engine
    after_s: float


def elsewhere(wanted: Wanted, engine: Engine, engines: Sequence[Engine]) -> Elsewhere | None:
    """None for what is no draft, where no other engine is named, and where that one cannot do all that was asked."""
    named = engine.named.draft_overflow
    if named is None or not wanted.draft:
        return None
    other = next(each for each in engines if each.id == named.engine)
    return Elsewhere(other, named.after_s) if capabilities.fits(wanted, other) else None


async def enqueue_here_or(
    other: Elsewhere | None,
    tx: AsyncConnection,
    new: NewVideo,
    engine: Engine,
    settings: Settings,
    cameos: Sequence[events_pb2.CameoInVideo],
) -> pb.Video:
    """As `enqueue`, at the engine that was asked unless the wait there is too long. The wait is that of the video's own turn."""
    if other is None:
        return await enqueue(tx, new, engine, settings, cameos)
    async with tx.begin_nested() as trial:
        queued = await enqueue(tx, new, engine, settings, cameos)
        wait_s = await _wait_s(tx, queued.id)
        if wait_s <= other.after_s:
            return queued
        await trial.rollback()
    return await enqueue(tx, _moved(new, engine, other.engine, wait_s), other.engine, settings, cameos)


async def _wait_s(tx: AsyncConnection, video_id: str) -> float:
    video = await store.find(tx, video_id)
    places = await queue_store.places(tx, [video] if video else [])
    return places[video_id].wait_s


def _moved(new: NewVideo, engine: Engine, other: Engine, wait_s: float) -> NewVideo:
    width, height = checks.drafted(capabilities.sides(new.full_size), takes=other.sheet.takes)
    note = f"{engine.id} would have begun in about {math.ceil(wait_s)} s, so {other.id} makes this draft."
    return replace(new, model=other.id, width=width, height=height, fps=other.sheet.fps, notes=(*new.notes, note))
