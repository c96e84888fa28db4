"""The composition root: finds the installed services, hands them the adapters of the run mode, and runs them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

import grpc
from kinora_kit import db, log, runner, telemetry
from kinora_kit.client import channel
from kinora_kit.events import EventLog
from kinora_kit.events.consumer import replay
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.events.postgres import PostgresLog
from kinora_kit.service import Adapters, Service
from kinora_kit.settings import KitSettings
from kinora_kit.tls import Certificates
from kinora_media.store import MediaStore

from kinora_cli import state
from kinora_cli.settings import PlatformSettings
from kinora_cli.up import healthy

GROUPS = ("kinora.services", "kinora.cluster")
REPLAY_IDLE_S = 5.0  # the first join of a new Kafka group takes seconds
Build = Callable[[Adapters], Service]
_log = log.get("kinora.serve")


def installed(groups: Sequence[str] = GROUPS) -> dict[str, Build]:
    """The services in this environment, by name; those of kinora.cluster are of no use outside of one."""
    return {entry.name: entry.load() for group in groups for entry in sorted(entry_points(group=group))}


async def serve_all(settings: PlatformSettings) -> None:
    """Every installed service of kinora.services in this process; what the settings leave open is embedded under the state directory."""
    from kinora_cli.embedded.platform import embedded  # noqa: PLC0415 - the image of one service has no servers to embed

    state.check_port(settings.http_listen)
    pid_file = state.claim(settings.state_dir)
    try:
        async with AsyncExitStack() as stack:
            settings = await embedded(stack, settings)
            announcing = asyncio.create_task(_announce(settings))
            stack.callback(announcing.cancel)
            await _run("kinora", list(installed(["kinora.services"]).values()), settings)
    finally:
        pid_file.unlink(missing_ok=True)


async def _announce(settings: PlatformSettings) -> None:
    """Once healthy, leave the credentials where `source` finds them."""
    while not await asyncio.to_thread(healthy, settings.gateway_url):  # noqa: ASYNC110 - it polls an HTTP endpoint
        await asyncio.sleep(0.2)
    path = state.write_credentials(settings.state_dir, settings.gateway_url)
    _log.info("platform.up", url=settings.gateway_url, credentials=str(path))


class KafkaMissing(ValueError):
    """Facts would go where nobody hears them."""


async def serve_one(name: str, settings: PlatformSettings) -> None:
    """One service in this process; everything else is told by the settings. Raises KeyError for an unknown name."""
    if name in installed(["kinora.cluster"]):  # they keep no media, and need not be told where there are any
        settings = settings.model_copy(update={"media_url": (settings.state_dir / "media").absolute().as_uri()})
    await _run(f"kinora-{name}", [installed()[name]], settings)


async def migrate(name: str, settings: PlatformSettings) -> bool:
    """Bring a service's schema up to date; whether it has one. A database that is not there yet is waited for."""
    log.setup(KitSettings().log_level)
    migrations = _migrations(name)
    if migrations.is_dir():
        await db.migrate_patiently(settings.database_url, name, migrations)
    return migrations.is_dir()


def _migrations(name: str) -> Path:
    """Where every service has them. The service is not built for it, which would ask for settings and keys."""
    (entry,) = [entry for group in GROUPS for entry in entry_points(group=group, name=name)]
    package = find_spec(entry.module.partition(".")[0])
    assert package  # noqa: S101 - it is installed
    assert package.origin  # noqa: S101 - it is no namespace
    return Path(package.origin).parent / "migrations"


async def replay_dead(topic: str, settings: PlatformSettings) -> int:
    """Give the dead events of `topic` another chance; returns how many. Beside a running embedded platform, or by its settings."""
    if not (settings.database_url or settings.kafka_bootstrap):
        settings = settings.model_copy(update={"database_url": state.database_file(settings.state_dir).read_text()})
    events = _event_log(settings)
    try:
        return await replay(events, topic, idle_s=REPLAY_IDLE_S)
    finally:
        await events.aclose()


def _event_log(settings: PlatformSettings) -> EventLog:
    if not settings.kafka_bootstrap:
        return PostgresLog(settings.database_url)
    return KafkaLog(settings.kafka_bootstrap, access=settings.kafka_access, replication=settings.kafka_replication)


async def _run(process: str, builds: Sequence[Build], settings: PlatformSettings) -> None:
    kit = KitSettings()
    log.setup(kit.log_level)
    telemetry.setup(process, kit.otlp_endpoint)
    listen = settings.grpc_listen or f"127.0.0.1:{state.free_port()}"
    async with _adapters(settings, kit.tls_dir, default_peer=listen) as adapters:
        services = [build(adapters) for build in builds]
        if kit.migrations == "wait" and not settings.kafka_bootstrap and any(s.consumers or (s.database and s.relays) for s in services):
            raise KafkaMissing("KINORA_KAFKA_BOOTSTRAP is not set: in a cluster facts go through Kafka, and nobody would hear these")
        http = settings.http_listen if any(service.app for service in services) else None
        await runner.run(services, adapters, grpc_listen=listen, http_listen=http, kit=kit)


@asynccontextmanager
async def _adapters(settings: PlatformSettings, tls_dir: Path | None, default_peer: str) -> AsyncIterator[Adapters]:
    certificates = Certificates(tls_dir) if tls_dir else None
    secret = settings.internal_secret.get_secret_value().encode()
    channels: dict[str, grpc.aio.Channel] = {}

    def to(owner: str) -> grpc.aio.Channel:
        address = settings.peers.get(owner, default_peer)
        if address not in channels:
            channels[address] = channel(address, certificates)
        return channels[address]

    events = _event_log(settings)
    yield Adapters(
        database_url=settings.database_url,
        events=events,
        media=MediaStore.open(settings.media_url, signing_secret=secret, public_url=settings.gateway_url, delivery=settings.media_delivery),
        channel=to,
        internal_secret=secret,
        state_dir=settings.state_dir.absolute(),
        triton_url=settings.triton_url,
        public_url=settings.gateway_url,
    )
    await asyncio.gather(events.aclose(), *(c.close() for c in channels.values()))
