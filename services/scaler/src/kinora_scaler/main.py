"""Wires the service. No database, no state."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from functools import partial

from kinora_kit.service import Adapters, Service
from kinora_kit.settings import KitSettings

from kinora_scaler.activation import Watch
from kinora_scaler.app import create_app
from kinora_scaler.clients import Cluster, Generation
from kinora_scaler.front_proxy import FrontProxy
from kinora_scaler.settings import Settings

_PATIENCE_S = 10.0  # for the answers of the cluster's API that a look still waits for


def build(adapters: Adapters) -> Service:
    """The scaler over the given adapters."""
    settings, folder, draining = Settings(), KitSettings().tls_dir, asyncio.Event()
    generation = Generation(adapters.channel("generation"), adapters.internal_secret)
    cluster = Cluster(settings.account_dir, settings.api_url)
    external = FrontProxy(cluster, (folder / "ca.crt").read_bytes) if settings.external_metrics and folder else None
    workers = [partial(_again, external.look, settings.trust_every_s, draining)] if external else []
    if settings.pools:
        workers.append(partial(_again, Watch(settings.pools, generation, cluster).look, settings.look_every_s, draining))
    return Service(
        name="scaler",
        app=create_app(generation, external),
        https=lambda: external.roots if external else "",
        workers=workers,
        patience_s=_PATIENCE_S,
        on_drain=draining.set,
    )


async def _again(look: Callable[[], Awaitable[None]], every_s: float, draining: asyncio.Event) -> None:
    """Not cancelled in the middle of a request."""
    while not draining.is_set():
        await look()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(every_s):
                await draining.wait()
