"""Puts the service together."""

from functools import partial
from pathlib import Path

from kinora.cameo.v1.cameo_service_pb2_grpc import CameoServiceStub
from kinora.generation.v1.generation_service_pb2 import DESCRIPTOR
from kinora.generation.v1.generation_service_pb2_grpc import add_GenerationServiceServicer_to_server
from kinora_kit.db import Database
from kinora_kit.service import Adapters, Service

from .backlog import watch_backlog
from .cameos import Cameos
from .consumers import handlers
from .rpc import GenerationServicer
from .settings import Settings
from .sweep import sweep, sweep_uploads
from .worker import serve


def build(adapters: Adapters) -> Service:
    settings = Settings()
    db = Database(adapters.database_url, "generation")
    cameos = Cameos(CameoServiceStub(adapters.channel("cameo")), adapters.internal_secret)
    servicer = GenerationServicer(db, adapters.media, cameos, settings)
    workers = [partial(serve, db, adapters.triton_url, cameos, settings)] * settings.workers
    return Service(
        name="generation",
        register=partial(add_GenerationServiceServicer_to_server, servicer),
        consumers=handlers(settings),
        database=db,
        migrations=Path(__file__).parent / "migrations",
        loops=[
            *workers,
            partial(watch_backlog, db),
            partial(sweep, db, adapters.media, settings.poll_s),
            partial(sweep_uploads, db, adapters.media, settings.upload_grace_s),
        ],
        on_drain=servicer.drain,
        service_names=[DESCRIPTOR.services_by_name["GenerationService"].full_name],
    )
