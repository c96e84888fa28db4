"""Removes media that transactions have thrown away: durably, after the commit, again until it worked."""

import asyncio
from datetime import timedelta

from kinora_kit import log, metrics
from kinora_kit.db import Database
from kinora_media.store import MediaStore

from . import store

_AT_ONCE = 50
_UPLOADS_EVERY_S = 3600.0
_AGAIN_AFTER_S = 60.0
_log = log.get("kinora.generation.sweep")


async def sweep(db: Database, media: MediaStore, poll_s: float) -> None:
    """Runs until cancelled. Two at once do no harm: removing what is gone is fine."""
    while True:
        async with db.begin() as tx:
            due = await store.due_discards(tx, _AT_ONCE)
        for discard_id, path in due:
            await _remove(db, media, discard_id, path)
        if not due:
            await asyncio.sleep(poll_s)


async def sweep_uploads(db: Database, media: MediaStore, grace_s: float) -> None:
    """Removes pictures that steer no video: their requests were refused, or never arrived here. Runs until cancelled."""
    while True:
        async for key in media.older("uploads", timedelta(seconds=grace_s)):
            async with db.begin() as tx:
                if not await store.steers_another(tx, key):
                    await store.discard(tx, key)
        await asyncio.sleep(min(grace_s, _UPLOADS_EVERY_S))


async def _remove(db: Database, media: MediaStore, discard_id: int, path: str) -> None:
    try:
        await (media.delete_prefix(path) if path.endswith("/") else media.delete(path))
    except Exception as error:  # noqa: BLE001 - the boundary to whatever object store is in use; it is tried again later
        metrics.MEDIA_NOT_REMOVED.inc()
        _log.warning("media.not_removed", path=path, error=repr(error))
        async with db.begin() as tx:
            await store.discard_later(tx, discard_id, _AGAIN_AFTER_S)
        return
    async with db.begin() as tx:
        await store.discard_done(tx, discard_id)
