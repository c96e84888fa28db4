"""How much work waits, for Prometheus and whoever scales engines by it."""

import asyncio

from kinora_kit.db import Database

from . import queue_store
from .metrics import QUEUED_ENGINE_SECONDS

_EVERY_S = 5.0


async def watch_backlog(db: Database) -> None:
    """Runs until cancelled."""
    while True:
        async with db.begin() as tx:
            QUEUED_ENGINE_SECONDS.set(await queue_store.backlog(tx))
        await asyncio.sleep(_EVERY_S)
