"""Services at work: migrated, started, watched over, drained."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version
from typing import Any, Literal

import uvicorn

from kinora_kit import db, gauges, health, https, log, metrics, server
from kinora_kit.events.consumer import Consumer
from kinora_kit.events.relay import Relay
from kinora_kit.service import Adapters, Service
from kinora_kit.settings import KitSettings
from kinora_kit.tls import Certificates

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_RESTART_S = (0.1, 10.0)  # first and longest pause before a failed loop starts again
_FRAME_BYTES = 2**20  # of a WebSocket message; a larger one closes the socket with 1009
_CANCEL_AGAIN_S = 6.0  # longer than a loop may take to say goodbye
_ALONE = KitSettings.model_construct()
_log = log.get("kinora.runner")


@dataclass(frozen=True)
class Running:
    """Where the services listen."""

    grpc_port: int
    http_port: int | None


async def run(services: Sequence[Service], adapters: Adapters, *, grpc_listen: str, http_listen: str | None, kit: KitSettings) -> None:
    """Run `services` in this process, behind one gRPC and one HTTP listener, until SIGTERM or SIGINT; then drain, at once at a second."""
    stop, hurry, starting = asyncio.Event(), asyncio.Event(), [asyncio.current_task()]

    def asked_to_go() -> None:
        (hurry if stop.is_set() else stop).set()
        for task in starting:
            if task:
                task.cancel()  # it may wait for what never comes

    loop = asyncio.get_running_loop()
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, asked_to_go)
    try:
        async with running(services, adapters, grpc_listen=grpc_listen, http_listen=http_listen, kit=kit, hurry=hurry) as where:
            starting.clear()
            _log.info("services.ready", services=[s.name for s in services], grpc_port=where.grpc_port, http_port=where.http_port)
            await stop.wait()
            _log.info("services.draining")
    except asyncio.CancelledError:
        if not stop.is_set():
            raise
    finally:
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)
    _log.info("services.stopped")


@asynccontextmanager
async def running(
    services: Sequence[Service],
    adapters: Adapters,
    *,
    grpc_listen: str,
    http_listen: str | None = None,
    kit: KitSettings = _ALONE,
    hurry: asyncio.Event | None = None,
) -> AsyncIterator[Running]:
    """The same, for as long as the block lasts. Leaves in reverse: HTTP, gRPC, workers (until `hurry`), consumers and loops, pools."""
    async with AsyncExitStack() as stack:
        certificates = Certificates(kit.tls_dir) if kit.tls_dir else None
        readiness = await stack.enter_async_context(health.listening(kit.health_listen))
        for service in services:
            metrics.BUILD_INFO.labels(service.name, version("kinora-kit")).set(1)  # all of Kinora has one version
            await _prepare(service, stack, kit.migrations)
        stack.enter_context(metrics.served(kit.metrics_port))
        await stack.enter_async_context(_background(services, adapters, hurry or asyncio.Event()))
        register = [s.register for s in services if s.register]
        names = [name for s in services for name in s.service_names]
        grpc_port = await stack.enter_async_context(server.serving(grpc_listen, register, names, adapters.internal_secret, certificates))
        apps = [s for s in services if s.app is not None]
        http_port = await stack.enter_async_context(_http(apps[0], http_listen, certificates)) if apps and http_listen else None
        for service in services:
            if service.on_drain:
                stack.callback(service.on_drain)
        stack.push_async_callback(readiness.draining)
        await readiness.ready()
        yield Running(grpc_port, http_port)


async def _prepare(service: Service, stack: AsyncExitStack, migrations: Literal["start", "wait"]) -> None:
    if service.database:
        stack.push_async_callback(service.database.close)
        if service.migrations:
            bring = db.migrate if migrations == "start" else db.wait_migrated
            await bring(service.database.url, service.database.schema, service.migrations)
    if service.on_start:
        await service.on_start()


@asynccontextmanager
async def _background(services: Sequence[Service], adapters: Adapters, hurry: asyncio.Event) -> AsyncIterator[None]:
    work: list[tuple[str, Callable[[], Awaitable[None]]]] = []
    for service in services:
        work += [(f"{service.name} loop {n}", loop) for n, loop in enumerate(service.loops)]
        if service.database and service.relays:
            work.append((f"{service.name} relay", Relay(service.database, adapters.events).run))
            work.append((f"{service.name} outbox gauge", partial(gauges.watch_outbox, service.database)))
        if service.database and service.consumers:
            consumer = Consumer(service.name, service.database, adapters.events, service.consumers)
            work.append((f"{service.name} consumer", consumer.run))
            work.append((f"{service.name} lag gauge", partial(gauges.watch_lag, adapters.events, consumer)))
    tasks = [asyncio.create_task(_kept_alive(name, loop), name=name) for name, loop in work]
    jobs = [(f"{service.name} worker {n}", worker) for service in services for n, worker in enumerate(service.workers)]
    workers = [asyncio.create_task(_kept_alive(name, worker), name=name) for name, worker in jobs]
    try:
        yield
        await _finished(workers, max((service.patience_s for service in services), default=0), hurry)
    finally:
        await _cancelled([*workers, *tasks])


async def _finished(workers: Sequence[asyncio.Task[None]], patience_s: float, hurry: asyncio.Event) -> None:
    """Wait until all have ended, for `patience_s` at most, and no longer than until `hurry`."""
    hurried: asyncio.Future[Any] = asyncio.create_task(hurry.wait())
    ended = asyncio.gather(*workers, return_exceptions=True)
    await asyncio.wait([ended, hurried], timeout=patience_s, return_when=asyncio.FIRST_COMPLETED)
    hurried.cancel()


async def _cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: wait_for() of Python 3.11, which libraries use, can swallow a cancellation."""
    pending = set(tasks)
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=_CANCEL_AGAIN_S)
    await asyncio.gather(*tasks, return_exceptions=True)


async def _kept_alive(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """A loop outlives crashes of what it depends on; the pause doubles while it fails quickly."""
    first, longest = _RESTART_S
    pause, clock = first, asyncio.get_running_loop().time
    metrics.LOOP_FAILURES.labels(name)
    while True:
        started = clock()
        try:
            return await loop()
        except Exception as error:  # noqa: BLE001 - the boundary: nothing above could do better than try again
            metrics.LOOP_FAILURES.labels(name).inc()
            pause = first if clock() - started > longest else min(pause * 2, longest)
            _log.warning("loop.failed", loop=name, error=repr(error), again_in_s=pause, exc_info=not db.is_transient(error))
        await asyncio.sleep(pause)


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield  # the runner owns the signals


@asynccontextmanager
async def _http(service: Service, listen: str, certificates: Certificates | None) -> AsyncIterator[int]:
    host, _, port = listen.rpartition(":")
    tls = https.Listening(certificates, service.https) if certificates and service.https else None
    config = uvicorn.Config(
        service.app,
        host=host,
        port=int(port),
        http=https.Protocol if tls else "auto",
        ssl_context_factory=(lambda *_: tls.context()) if tls else None,
        ws="websockets-sansio",
        ws_max_size=_FRAME_BYTES,
        ws_per_message_deflate=False,  # what comes in is media, and a small frame cannot grow
        proxy_headers=False,  # apps say themselves whom they believe; uvicorn would believe everybody on this machine
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=server.DRAIN_S,
    )
    http = _Uvicorn(config)
    task = asyncio.create_task(http.serve())
    while not http.started and not task.done():  # noqa: ASYNC110 - uvicorn offers nothing to wait for
        await asyncio.sleep(0.01)
    if task.done():
        await task
        raise RuntimeError(f"the HTTP server could not start on {listen}")
    try:
        yield http.servers[0].sockets[0].getsockname()[1]
    finally:
        http.should_exit = True
        await task
