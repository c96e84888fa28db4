"""Services in the test's own process: real gRPC on loopback, real Postgres, the Postgres event log, local media."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import grpc
from kinora_cli.state import free_port
from kinora_kit import runner
from kinora_kit.client import channel
from kinora_kit.events import EventLog
from kinora_kit.events.postgres import PostgresLog
from kinora_kit.service import Adapters, Service
from kinora_kit.settings import KitSettings
from kinora_media.store import MediaStore

from kinora_testkit.cast import SECRET

_NO_ENGINE = "127.0.0.1:9"


@dataclass(frozen=True)
class Served:
    """What a test talks to: `IdentityServiceStub(served.channel)`, `httpx.get(served.url + "/healthz")`."""

    channel: grpc.aio.Channel
    address: str
    url: str
    adapters: Adapters
    services: tuple[Service, ...]


@asynccontextmanager
async def serving(
    *builders: Callable[[Adapters], Service],
    database_url: str,
    state_dir: Path | None = None,
    triton_url: str = _NO_ENGINE,
    kit: KitSettings | None = None,
    events: EventLog | None = None,
) -> AsyncIterator[Served]:
    """Build the services as the runner would, on free ports, and drain them at the end.

    All share one gRPC server, which answers for every owner. A stand-in for a neighbour is one more builder;
    `events` defaults to the Postgres log.
    """
    address, url = f"127.0.0.1:{free_port()}", f"http://127.0.0.1:{free_port()}"
    with TemporaryDirectory() as folder:
        state = state_dir or Path(folder)
        media = MediaStore.open((state / "media").as_uri(), signing_secret=SECRET, public_url=url)
        postgres_log, own = PostgresLog(database_url), channel(address)
        adapters = Adapters(database_url, events or postgres_log, media, lambda _owner: own, SECRET, state, triton_url, url)
        services = tuple(build(adapters) for build in builders)
        try:
            http = url.removeprefix("http://")
            async with runner.running(services, adapters, grpc_listen=address, http_listen=http, kit=kit or KitSettings.model_construct()):
                yield Served(own, address, url, adapters, services)
        finally:
            await own.close()
            await postgres_log.aclose()
