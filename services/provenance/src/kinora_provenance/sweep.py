"""Removes exports and archives whose time is over, and the files that nothing needs any more."""

import asyncio

from kinora_kit import log, metrics
from kinora_kit.db import Database
from kinora_media.store import MediaStore

from kinora_provenance import work_store

_AT_ONCE = 50
_AGAIN_AFTER_S = 60.0
_log = log.get("kinora.provenance.sweep")


async def sweep(database: Database, media: MediaStore, poll_s: float) -> None:
    """Runs until cancelled. Two at once do no harm: removing what is gone is fine."""
    while True:
        if not await sweep_once(database, media):
            await asyncio.sleep(poll_s)


async def sweep_once(database: Database, media: MediaStore) -> int:
    """Returns how many folders were looked at."""
    async with database.begin() as tx:
        for table in ("exports", "archives"):
            await work_store.forget(tx, table, "expires_at <= now()")
        due = await work_store.due_discards(tx, _AT_ONCE)
    for folder in due:
        await _remove(database, media, folder)
    return len(due)


async def _remove(database: Database, media: MediaStore, folder: str) -> None:
    try:
        await media.delete_prefix(folder)
    except Exception as error:  # noqa: BLE001 - the boundary to whatever object store is in use; it is tried again later
        metrics.MEDIA_NOT_REMOVED.inc()
        _log.warning("folder.not_removed", folder=folder, error=repr(error))
        async with database.begin() as tx:
            await work_store.discard_later(tx, folder, _AGAIN_AFTER_S)
        return
    async with database.begin() as tx:
        await work_store.discarded(tx, folder)
