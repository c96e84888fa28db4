"""Our own facts of forgetting. Told again after a restore, they take effect once more on what the backup has brought back; but for that,
nothing is left to do when they are heard.
"""

from kinora.cameo.v1.events_pb2 import CameoConsentChanged, CameoUseRevoked, CameoVideoRemoved, CameoWithdrawn
from kinora_kit import log
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, use_store
from kinora_cameo.change_consent import took_effect
from kinora_cameo.domain import Audience
from kinora_cameo.withdraw import take_back

_log = log.get("kinora.cameo")


async def withdrawn(tx: AsyncConnection, event: CameoWithdrawn) -> None:
    cameo = await store.get(tx, event.cameo_id, lock=True)
    if cameo is not None and cameo.withdrawn_at is None:
        await take_back(tx, cameo)
        _log.info("cameo.withdrawn_again", cameo_id=cameo.id)


async def consent_changed(tx: AsyncConnection, event: CameoConsentChanged) -> None:
    """What changed is not known after a restore, and it may have been taken back: the cameo is its owner's alone until they say anew."""
    cameo = await store.get(tx, event.cameo_id, lock=True)
    if cameo is None or cameo.withdrawn_at or not event.grant_id or await store.is_logged(tx, event.grant_id):
        return
    await store.log_change(tx, event.grant_id, cameo.id, "changed after the backup that was restored")
    closed = await store.change(tx, cameo, audience=Audience.ONLY_ME, strict=cameo.strict, limits=cameo.limits)
    await took_effect(tx, closed, closed.grant_id)
    _log.info("consent.closed_after_restore", cameo_id=cameo.id)


async def use_revoked(tx: AsyncConnection, event: CameoUseRevoked) -> None:
    await use_store.mark(tx, event.video_id, event.cameo_id, "revoked_at")


async def video_removed(tx: AsyncConnection, event: CameoVideoRemoved) -> None:
    await use_store.mark(tx, event.video_id, event.cameo_id, "removed_at")
