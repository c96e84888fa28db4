"""Puts the service together."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora.generation.v1.generation_service_pb2 import DESCRIPTOR
from kinora.generation.v1.generation_service_pb2_grpc import add_GenerationServiceServicer_to_server
from kinora_kit.db import Database
from kinora_kit.service import Adapters, Service

from .arrivals import Arrivals
from .backlog import watch_backlog
from .cameos import Cameos
from .consumers import handlers
from .metrics import ENGINE_LOSSES
from .rpc import GenerationServicer
from .settings import Settings
from .sweep import sweep, sweep_uploads
from .watch_sheets import watch_sheets
from .worker import serve


def build(adapters: Adapters) -> Service:
    settings = Settings()
    db = Database(adapters.database_url, "generation")
    cameos = Cameos(CameoServiceStub(adapters.channel("cameo")), adapters.internal_secret)
    draining, arrivals = asyncio.Event(), Arrivals(db)
    for engine in settings.engines:
        ENGINE_LOSSES.labels(engine.id)
    workers = Service(
        name="generation",
        database=db,
        migrations=Path(__file__).parent / "migrations",
        relays=False,
        workers=_workers(db, adapters.triton_url, cameos, settings, arrivals, draining),
        loops=[arrivals.run] if settings.workers else [],
        patience_s=settings.drain_s,
        on_drain=draining.set,
    )
    if settings.only_workers:
        return workers
    servicer = GenerationServicer(db, adapters.media, cameos, settings, draining)
    return replace(
        workers,
        register=partial(add_GenerationServiceServicer_to_server, servicer),
        service_names=[DESCRIPTOR.services_by_name["GenerationService"].full_name],
        consumers=handlers(settings),
        relays=True,
        loops=[
            *workers.loops,
            partial(watch_backlog, db, settings.engines),
            partial(sweep, db, adapters.media, settings.poll_s),
            partial(sweep_uploads, db, adapters.media, settings.upload_grace_s),
        ],
    )


def _workers(
    db: Database, triton_url: str, cameos: Cameos, settings: Settings, arrivals: Arrivals, draining: asyncio.Event
) -> list[Callable[[], Awaitable[None]]]:
    """None without an engine; else one to see what the engines can do, and those that serve the queue."""
    if not settings.workers:
        return []
    serving = [partial(serve, db, triton_url, cameos, settings, arrivals, draining)] * settings.workers
    return [partial(watch_sheets, db, triton_url, settings, draining), *serving]
