"""What has run out ends, and clips go when they are due, tried again until they are gone."""

import asyncio

from kinora_kit import log

from kinora_identity.liveness import metrics, store
from kinora_identity.liveness.desk import Desk

_AT_ONCE = 50
_AGAIN_AFTER_S = 60.0
_GRACE_S = 30.0
_log = log.get("kinora.identity.liveness")


async def sweep(desk: Desk) -> None:
    """Runs until cancelled. Two at once do no harm: removing what is gone is fine."""
    while True:
        async with desk.database.begin() as tx:
            lapsed = await store.lapse(tx, grace_s=_GRACE_S)
        for session in lapsed:
            metrics.note(session)
        async with desk.database.begin() as tx:
            due = await store.due(tx, _AT_ONCE)
        for key in due:
            await _remove(desk, key)
        if not due:
            await asyncio.sleep(desk.settings.liveness_poll_s)


async def _remove(desk: Desk, key: str) -> None:
    try:
        await desk.media.delete(key)
    except Exception as error:  # noqa: BLE001 - the boundary to whatever object store is in use; it is tried again later
        _log.warning("clip.not_removed", key=key, error=repr(error))
        async with desk.database.begin() as tx:
            return await store.remove_again(tx, key, _AGAIN_AFTER_S)
    async with desk.database.begin() as tx:
        await store.removed(tx, key)
    return None
