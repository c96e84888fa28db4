"""Wires the service."""

import asyncio
from functools import partial
from pathlib import Path

import grpc
from kinora.generation.v1.events_pb2 import VideoDeleted, VideoRendered
from kinora.provenance.v1.provenance_service_pb2 import DESCRIPTOR
from kinora.provenance.v1.provenance_service_pb2_grpc import add_ProvenanceServiceServicer_to_server
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.service import Adapters, Service

from kinora_provenance import ca, credentials
from kinora_provenance.consumers import video_deleted, video_rendered
from kinora_provenance.credentials import Source
from kinora_provenance.rpc import ProvenanceRpc
from kinora_provenance.seal_videos import Sealer
from kinora_provenance.settings import Settings

_log = log.get("kinora.provenance")


def build(adapters: Adapters) -> Service:
    """The provenance service over the given adapters."""
    settings = Settings()
    database = Database(adapters.database_url, "provenance")
    source = _source(settings, adapters.state_dir)
    sealer = Sealer(database, adapters.media, source, tsa_url=settings.tsa_url)
    servicer = ProvenanceRpc(database)

    def register(server: grpc.aio.Server) -> None:
        add_ProvenanceServiceServicer_to_server(servicer, server)

    return Service(
        name="provenance",
        register=register,
        service_names=[DESCRIPTOR.services_by_name["ProvenanceService"].full_name],
        database=database,
        migrations=Path(__file__).parent / "migrations",
        consumers={VideoRendered: video_rendered, VideoDeleted: video_deleted},
        loops=[sealer.run] * settings.parallel,
        on_start=partial(_check, source),
    )


def _source(settings: Settings, state_dir: Path) -> Source:
    if settings.signing_certificates and settings.signing_key:
        return partial(credentials.load, settings.signing_certificates, settings.signing_key, settings.trust_anchors)
    return partial(ca.development, state_dir / "ca")


async def _check(source: Source) -> None:
    """A wrong certificate stops the start, not the first film."""
    found = await asyncio.to_thread(source)
    if found.development:
        _log.warning(
            "provenance.development_ca",
            signer=found.signer,
            warning="Seals of this CA prove nothing to outsiders. Set PROVENANCE_SIGNING_CERTIFICATES and PROVENANCE_SIGNING_KEY.",
        )
