"""How much work waits at each engine: told to services that ask, and to Prometheus."""

import asyncio
from collections.abc import Sequence
from dataclasses import asdict

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.identity import Identity

from . import metrics, queue_store
from .domain import Backlog
from .engines import NamedEngine
from .errors import ServicesOnly

_EVERY_S = 15.0


async def get_backlog(db: Database, engines: Sequence[NamedEngine], caller: Identity) -> pb.GetBacklogResponse:
    """Raises ServicesOnly."""
    if caller.role != "service":
        raise ServicesOnly
    return pb.GetBacklogResponse(engines=[pb.EngineBacklog(**asdict(each)) for each in await _backlogs(db, engines)])


async def watch_backlog(db: Database, engines: Sequence[NamedEngine]) -> None:
    """Runs until cancelled. Every replica tells the same: `max by (engine)`, never `sum`."""
    while True:
        for each in await _backlogs(db, engines):
            metrics.JOBS.labels(each.model, "waiting").set(each.jobs_waiting)
            metrics.JOBS.labels(each.model, "running").set(each.jobs_running)
            metrics.QUEUED_ENGINE_SECONDS.labels(each.model).set(each.waiting_engine_seconds)
            metrics.RUNNING_ENGINE_SECONDS.labels(each.model).set(each.running_engine_seconds)
            metrics.WAIT_P95_SECONDS.labels(each.model).set(each.wait_p95_seconds)
            metrics.OLDEST_WAIT_SECONDS.labels(each.model).set(each.oldest_wait_seconds)
        await asyncio.sleep(_EVERY_S)


async def _backlogs(db: Database, engines: Sequence[NamedEngine]) -> list[Backlog]:
    async with db.begin() as tx:
        found = {each.model: each for each in await queue_store.backlogs(tx)}
    return [found.get(engine.id, Backlog(engine.id)) for engine in engines]
