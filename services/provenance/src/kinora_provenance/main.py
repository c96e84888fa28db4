"""Wires the service."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import grpc
from kinora.generation.v1.events_pb2 import VideoDeleted, VideoRendered
from kinora.identity.v1.events_pb2 import AccountErased
from kinora.provenance.v1 import check_service_pb2, export_service_pb2, provenance_service_pb2
from kinora.provenance.v1.check_service_pb2_grpc import add_CheckServiceServicer_to_server
from kinora.provenance.v1.export_service_pb2_grpc import add_ExportServiceServicer_to_server
from kinora.provenance.v1.provenance_service_pb2_grpc import add_ProvenanceServiceServicer_to_server
from kinora_kit import log
from kinora_kit.db import Database
from kinora_kit.service import Adapters, Service
from kinora_kit.slots import Slots
from kinora_marks.keys import KeyRing
from kinora_marks.visible import KINORA, Brand

from kinora_provenance import ca, credentials, mark_keys, metrics, shared_ca, signing_keys
from kinora_provenance.archives.create_archive import Archives
from kinora_provenance.archives.packing import Packer
from kinora_provenance.check_content import Checker
from kinora_provenance.check_rpc import CheckRpc
from kinora_provenance.checking import Limits, Looker
from kinora_provenance.clients import Directory
from kinora_provenance.consumers import account_erased, video_deleted, video_rendered
from kinora_provenance.credentials import Source
from kinora_provenance.domain import AllSlotsTaken
from kinora_provenance.exports.create_export import Exports
from kinora_provenance.exports.making import Maker, Tools
from kinora_provenance.exports.rpc import ExportRpc
from kinora_provenance.leased_work import Workshop
from kinora_provenance.leftovers import remove_leftovers
from kinora_provenance.records import Records
from kinora_provenance.rpc import ProvenanceRpc
from kinora_provenance.seal_videos import Sealer
from kinora_provenance.sealing import Means
from kinora_provenance.settings import Settings
from kinora_provenance.sweep import sweep
from kinora_provenance.trace import Tracer

_SWEEP_S = 1.0
_CONTRACTS = provenance_service_pb2, check_service_pb2, export_service_pb2
_log = log.get("kinora.provenance")


def build(adapters: Adapters) -> Service:
    """The provenance service over the given adapters."""
    settings = Settings()
    database = Database(adapters.database_url, "provenance")
    source = _source(settings, adapters.state_dir)
    ring = mark_keys.ring(settings.mark_keys.get_secret_value(), adapters.state_dir / "marks")
    sealer = Sealer(database, adapters.media, source, Means(ring, settings.training_mining, settings.tsa_url))
    directory = Directory(adapters.channel, adapters.internal_secret)
    servicer, checks = ProvenanceRpc(database), _checks(adapters, settings, database, source, ring, directory)
    leaving = ExportRpc(Exports(database, adapters.media, directory, settings), Archives(database))
    exports, archives = _workshops(database, adapters, settings, source, directory)

    def register(server: grpc.aio.Server) -> None:
        add_ProvenanceServiceServicer_to_server(servicer, server)
        add_ExportServiceServicer_to_server(leaving, server)
        add_CheckServiceServicer_to_server(checks, server)

    async def on_start() -> None:
        if not settings.signing_key:
            await shared_ca.share(database, adapters.state_dir / "ca")
        await _check(source, made=not settings.mark_keys.get_secret_value())

    return Service(
        name="provenance",
        register=register,
        service_names=[service.full_name for contract in _CONTRACTS for service in contract.DESCRIPTOR.services_by_name.values()],
        database=database,
        migrations=Path(__file__).parent / "migrations",
        consumers={VideoRendered: video_rendered, VideoDeleted: video_deleted, AccountErased: account_erased},
        loops=[
            *[sealer.run] * settings.parallel,
            *[exports.run] * settings.parallel_exports,
            *[archives.run] * (settings.parallel_exports > 0),
            partial(metrics.watch_sealing, database),
            partial(sweep, database, adapters.media, _SWEEP_S),
            partial(remove_leftovers, adapters.media),
        ],
        on_start=on_start,
    )


def _workshops(
    database: Database, adapters: Adapters, settings: Settings, source: Source, directory: Directory
) -> tuple[Workshop, Workshop]:
    """Of exports and of archives. A brand that cannot be shown stops the start."""
    brand = Brand.load(settings.brand, settings.brand_name) if settings.brand else replace(KINORA, name=settings.brand_name)
    exporting = Maker(database, adapters.media, Tools(source, brand, settings.training_mining, settings.tsa_url)).make
    archiving = Packer(database, adapters.media, directory).make
    days = timedelta(days=settings.export_days), timedelta(days=settings.archive_days)
    return Workshop(database, adapters.media, "exports", exporting, days[0]), Workshop(
        database, adapters.media, "archives", archiving, days[1]
    )


def _checks(adapters: Adapters, settings: Settings, database: Database, source: Source, ring: KeyRing, directory: Directory) -> CheckRpc:
    records = Records(database, directory)
    looker = Looker(mark_keys.text(ring), Limits(file_bytes=settings.check_bytes, seconds=settings.check_seconds))
    slots = Slots(settings.check_slots, settings.check_wait_s, taken=AllSlotsTaken, metrics=metrics.SLOTS)
    checker = Checker(database, adapters.media, looker, slots, source, records)
    return CheckRpc(database, checker, records, Tracer(database, checker, records, directory))


def _source(settings: Settings, state_dir: Path) -> Source:
    if settings.signing_certificates and settings.signing_key:
        return partial(credentials.load, settings.signing_certificates, signing_keys.source(settings.signing_key), settings.trust_anchors)
    return partial(ca.development, state_dir / "ca")


async def _check(source: Source, *, made: bool) -> None:
    """A wrong certificate stops the start, not the first film."""
    found = await asyncio.to_thread(source)
    if found.development:
        _log.warning(
            "provenance.development_ca",
            signer=found.signer,
            warning="Seals of this CA prove nothing to outsiders. Set PROVENANCE_SIGNING_CERTIFICATES and PROVENANCE_SIGNING_KEY.",
        )
    if made:
        _log.warning(
            "provenance.own_mark_keys",
            warning="The keys of invisible marks lie in this state directory alone: processes without it mark with others, and who loses it"
            " can never read its marks again. Set PROVENANCE_MARK_KEYS.",
        )
