"""Ending videos before their time: by their makers, by whose likeness is in them, or because their makers' accounts are gone."""

from kinora.cameo.v1.events_pb2 import CameoUseRevoked, CameoVideoRemoved
from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit import outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from . import ids, queue_store, store
from .domain import State, Video, ended, folder
from .fail_video import CONSENT_REVOKED, end_without_result
from .present import present
from .settings import Settings


async def cancel_video(db: Database, settings: Settings, request: pb.CancelVideoRequest, caller: Identity) -> pb.CancelVideoResponse:
    """Raises NoSuchVideo. A running engine is stopped by its worker, which sees at its next beat that the job is no longer its own."""
    async with db.begin() as tx:

        async def do() -> pb.CancelVideoResponse:
            video = await store.own(tx, ids.checked(request.video_id), caller.account_id, lock=True)
            return pb.CancelVideoResponse(video=await present(tx, await _cancelled(tx, settings, video)))

        return await once(tx, caller=caller.account_id, rpc="CancelVideo", request=request, reply=pb.CancelVideoResponse, do=do)


async def delete_video(db: Database, settings: Settings, request: pb.DeleteVideoRequest, caller: Identity) -> pb.DeleteVideoResponse:
    """Raises NoSuchVideo, also the second time."""
    async with db.begin() as tx:

        async def do() -> pb.DeleteVideoResponse:
            video = await store.own(tx, ids.checked(request.video_id), caller.account_id, lock=True)
            await _deleted(tx, await _cancelled(tx, settings, video))
            return pb.DeleteVideoResponse(video_id=video.id)

        return await once(tx, caller=caller.account_id, rpc="DeleteVideo", request=request, reply=pb.DeleteVideoResponse, do=do)


async def consent_revoked(settings: Settings, tx: AsyncConnection, event: CameoUseRevoked) -> None:
    """A video in the making ends; one that was finished before stays."""
    video = await store.find(tx, event.video_id, lock=True)
    if video is not None:
        await _stopped(tx, settings, video, State.FAILED, CONSENT_REVOKED, event.message)


async def removed_by_owner_of_likeness(settings: Settings, tx: AsyncConnection, event: CameoVideoRemoved) -> None:
    video = await store.find(tx, event.video_id, lock=True)
    if video is not None:
        await _deleted(
            tx, await _stopped(tx, settings, video, State.FAILED, CONSENT_REVOKED, "The owner of a cameo in it removed this video")
        )


async def deleted_before(settings: Settings, tx: AsyncConnection, event: events_pb2.VideoDeleted) -> None:
    """A video that a restored backup has brought back goes again; but for that, its tombstone is all there is when this is heard."""
    video = await store.find(tx, event.video_id, lock=True)
    if video is not None:
        await _buried(tx, await _cancelled(tx, settings, video))
    elif not await store.was_there(tx, event.video_id):
        await store.discard(tx, f"{folder(event.video_id)}/")  # it may be younger than the database of the backup, and older than its media


async def account_erased(settings: Settings, tx: AsyncConnection, event: AccountErased) -> None:
    """Every video of the account goes with its files, then every row that names it, and what it uploaded."""
    for video in await store.all_of(tx, event.account_id):
        await _deleted(tx, await _cancelled(tx, settings, video), account_erased=True)
    await store.discard(tx, f"uploads/{event.account_id}/")
    await store.forget_account(tx, event.account_id)


async def _cancelled(tx: AsyncConnection, settings: Settings, video: Video) -> Video:
    return await _stopped(tx, settings, video, State.CANCELLED, "cancelled", "You cancelled this video")


async def _stopped(tx: AsyncConnection, settings: Settings, video: Video, to: State, code: str, message: str) -> Video:
    if ended(video.state):
        return video
    after = await end_without_result(tx, video, to, code=code, message=message, discard_after_s=settings.discard_grace_s)
    if video.state is State.RUNNING:
        await queue_store.settle(tx, video, video.spent)
    return after


async def _deleted(tx: AsyncConnection, video: Video, *, account_erased: bool = False) -> None:
    await _buried(tx, video)
    await outbox.forget(tx, key=video.id)  # one of them holds the title, which quotes the prompt
    event = events_pb2.VideoDeleted(video_id=video.id, account_id=video.account_id, account_erased=account_erased)
    await outbox.add(tx, event, key=video.id)


async def _buried(tx: AsyncConnection, video: Video) -> None:
    await store.bury(tx, video.id)
    await store.discard(tx, f"{video.folder}/")
    for picture in video.pictures:
        if not await store.steers_another(tx, picture):
            await store.discard(tx, picture)
