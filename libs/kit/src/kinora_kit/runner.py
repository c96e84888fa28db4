"""Services at work: migrated, started, watched over, drained."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import uvicorn

from kinora_kit import db, log, metrics, server
from kinora_kit.events.consumer import Consumer
from kinora_kit.events.relay import Relay
from kinora_kit.service import Adapters, Service

_STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_RESTART_S = (0.1, 10.0)  # first and longest pause before a failed loop starts again
_FRAME_BYTES = 2**20  # of a WebSocket message; a larger one closes the socket with 1009
_CANCEL_AGAIN_S = 6.0  # longer than a loop may take to say goodbye
_log = log.get("kinora.runner")


@dataclass(frozen=True)
class Running:
    """Where the services listen."""

    grpc_port: int
    http_port: int | None


async def run(
    services: Sequence[Service], adapters: Adapters, *, grpc_listen: str, http_listen: str | None, metrics_port: int | None
) -> None:
    """Run `services` in this process, behind one gRPC and one HTTP listener, until SIGTERM or SIGINT; then drain."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in _STOP_SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        async with running(services, adapters, grpc_listen=grpc_listen, http_listen=http_listen, metrics_port=metrics_port) as where:
            _log.info("services.ready", services=[s.name for s in services], grpc_port=where.grpc_port, http_port=where.http_port)
            await stop.wait()
            _log.info("services.draining")
    finally:
        for number in _STOP_SIGNALS:
            loop.remove_signal_handler(number)
    _log.info("services.stopped")


@asynccontextmanager
async def running(
    services: Sequence[Service], adapters: Adapters, *, grpc_listen: str, http_listen: str | None = None, metrics_port: int | None = None
) -> AsyncIterator[Running]:
    """The same, for as long as the block lasts. Leaves in reverse: HTTP, gRPC, then consumers and loops, then pools."""
    async with AsyncExitStack() as stack:
        for service in services:
            await _prepare(service, stack)
        stack.enter_context(metrics.served(metrics_port))
        await stack.enter_async_context(_background(services, adapters))
        register = [s.register for s in services if s.register]
        names = [name for s in services for name in s.service_names]
        grpc_port = await stack.enter_async_context(server.serving(grpc_listen, register, names, adapters.internal_secret))
        apps = [s.app for s in services if s.app is not None]
        http_port = await stack.enter_async_context(_http(apps[0], http_listen)) if apps and http_listen else None
        for service in services:
            if service.on_drain:
                stack.callback(service.on_drain)
        yield Running(grpc_port, http_port)


async def _prepare(service: Service, stack: AsyncExitStack) -> None:
    if service.database:
        stack.push_async_callback(service.database.close)
        if service.migrations:
            await db.migrate(service.database.url, service.database.schema, service.migrations)
    if service.on_start:
        await service.on_start()


@asynccontextmanager
async def _background(services: Sequence[Service], adapters: Adapters) -> AsyncIterator[None]:
    work: list[tuple[str, Callable[[], Awaitable[None]]]] = []
    for service in services:
        work += [(f"{service.name} loop {n}", loop) for n, loop in enumerate(service.loops)]
        if service.database:
            work.append((f"{service.name} relay", Relay(service.database, adapters.events).run))
            if service.consumers:
                work.append((f"{service.name} consumer", Consumer(service.name, service.database, adapters.events, service.consumers).run))
    tasks = [asyncio.create_task(_kept_alive(name, loop), name=name) for name, loop in work]
    try:
        yield
    finally:
        await _cancelled(tasks)


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
    while True:
        started = clock()
        try:
            return await loop()
        except Exception as error:  # noqa: BLE001 - the boundary: nothing above could do better than try again
            pause = first if clock() - started > longest else min(pause * 2, longest)
            _log.warning("loop.failed", loop=name, error=repr(error), again_in_s=pause, exc_info=not db.is_transient(error))
        await asyncio.sleep(pause)


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield  # the runner owns the signals


@asynccontextmanager
async def _http(app: Any, listen: str) -> AsyncIterator[int]:
    host, _, port = listen.rpartition(":")
    config = uvicorn.Config(
        app,
        host=host,
        port=int(port),
        ws="websockets-sansio",
        ws_max_size=_FRAME_BYTES,
        ws_per_message_deflate=False,  # what comes in is media, and a small frame cannot grow
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
