"""What a change of consent means for the videos in the making: each that lost its consent is told of, in the change's own transaction."""

from kinora.cameo.v1.events_pb2 import CameoUseRevoked, CameoVideoRemoved
from kinora_kit import log, outbox
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import use_store
from kinora_cameo.consent import Route, Scene
from kinora_cameo.domain import Cameo
from kinora_cameo.rulings import ruling
from kinora_cameo.use_store import Use

TAKEN_BACK = "A cameo in this video may not be used any more: its owner's consent has ended."
_log = log.get("kinora.cameo")


async def recheck(tx: AsyncConnection, cameo: Cameo) -> None:
    """Decides anew on every use in the making. The cameo's row must be locked for update."""
    for use in await use_store.in_the_making(tx, cameo.id):
        scene = Scene(use.speaks, use.accompanied)
        if (await ruling(tx, cameo, use.user_account_id, Route.PUBLISH, scene)).refused:
            await revoke(tx, use)


async def revoke(tx: AsyncConnection, use: Use) -> None:
    await use_store.revoke(tx, use)
    await tell_revoked(tx, use.video_id, use.cameo_id)


async def tell_revoked(tx: AsyncConnection, video_id: str, cameo_id: str) -> None:
    await outbox.add(tx, CameoUseRevoked(video_id=video_id, cameo_id=cameo_id, message=TAKEN_BACK), key=video_id)
    _log.info("use.revoked", video_id=video_id, cameo_id=cameo_id)


async def remove(tx: AsyncConnection, use: Use) -> None:
    """Has the video deleted, whoever made it."""
    await use_store.remove(tx, use)
    await outbox.add(tx, CameoVideoRemoved(video_id=use.video_id, cameo_id=use.cameo_id), key=use.video_id)
    _log.info("use.removed", video_id=use.video_id, cameo_id=use.cameo_id)
