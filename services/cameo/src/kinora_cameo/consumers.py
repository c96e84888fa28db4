"""What cameo hears of: the ways of videos, from which it knows each use."""

from collections.abc import Mapping

from google.protobuf.message import Message
from kinora.cameo.v1.events_pb2 import CameoConsentChanged, CameoUsed, CameoUseRevoked, CameoVideoRemoved, CameoWithdrawn
from kinora.generation.v1.events_pb2 import VideoCompleted, VideoDeleted, VideoFailed, VideoQueued
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit import outbox
from kinora_kit.events import Handler
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import forget_again, past_uses, store, use_store
from kinora_cameo.authorize import scene
from kinora_cameo.consent import Route
from kinora_cameo.erase import account_erased
from kinora_cameo.revoking import remove, revoke, tell_revoked
from kinora_cameo.rulings import ruling


def handlers() -> Mapping[type[Message], Handler]:
    return {
        VideoQueued: queued,
        VideoCompleted: completed,
        VideoFailed: ended,
        VideoDeleted: deleted,
        AccountErased: account_erased,
        CameoWithdrawn: forget_again.withdrawn,
        CameoConsentChanged: forget_again.consent_changed,
        CameoUseRevoked: forget_again.use_revoked,
        CameoVideoRemoved: forget_again.video_removed,
    }


async def queued(tx: AsyncConnection, event: VideoQueued) -> None:
    """Notes the uses, for their owners to see, and decides once more: consent may have ended since the submission."""
    cameos = await store.lock_shared(tx, [member.cameo_id for member in event.cameos])
    for member in event.cameos:
        cameo = cameos.get(member.cameo_id)
        if cameo is None:  # its account was erased meanwhile
            await tell_revoked(tx, event.video_id, member.cameo_id)
            continue
        shown = scene(cameo, list(cameos.values()), speaks=member.speaks)
        use = await use_store.add(
            tx, video_id=event.video_id, cameo_id=cameo.id, handle=member.handle, user_account_id=event.account_id,
            speaks=shown.speaks, accompanied=shown.accompanied,
        )  # fmt: skip
        if use is None:
            continue
        if (await ruling(tx, cameo, event.account_id, Route.SUBMIT, shown)).refused:
            await revoke(tx, use)
        elif event.account_id != cameo.account_id:
            used = CameoUsed(cameo_id=cameo.id, account_id=cameo.account_id, video_id=event.video_id, user_account_id=event.account_id)
            await outbox.add(tx, used, key=cameo.id)


async def completed(tx: AsyncConnection, event: VideoCompleted) -> None:
    """A video that was finished in the very moment in which consent ended is removed again."""
    await use_store.complete(tx, event.video_id, event.video_key)
    for use in await use_store.of_video(tx, event.video_id):
        if use.revoked_at:
            await remove(tx, use)


async def ended(tx: AsyncConnection, event: VideoFailed) -> None:
    """Nothing was shown."""
    await use_store.forget(tx, event.video_id)


async def deleted(tx: AsyncConnection, event: VideoDeleted) -> None:
    """Nothing is shown any more, here."""
    await past_uses.retire(tx, event.video_id)
