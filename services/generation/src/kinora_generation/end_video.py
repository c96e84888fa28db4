"""Ending a video before its time: cancelling and deleting."""

from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit import outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from . import ids, queue_store, store
from .domain import State, Video, ended
from .fail_video import end_without_result
from .present import present
from .settings import Settings


async def cancel_video(db: Database, settings: Settings, request: pb.CancelVideoRequest, caller: Identity) -> pb.CancelVideoResponse:
    """Raises NoSuchVideo. A running engine is stopped by its worker, which sees at its next beat that the job is no longer its own."""
    async with db.begin() as tx:

        async def do() -> pb.CancelVideoResponse:
            video = await store.own(tx, ids.checked(request.video_id), caller.account_id, lock=True)
            return pb.CancelVideoResponse(video=await present(tx, await _cancelled(tx, video, settings)))

        return await once(tx, caller=caller.account_id, rpc="CancelVideo", request=request, reply=pb.CancelVideoResponse, do=do)


async def delete_video(db: Database, settings: Settings, request: pb.DeleteVideoRequest, caller: Identity) -> pb.DeleteVideoResponse:
    """Raises NoSuchVideo, also the second time."""
    async with db.begin() as tx:

        async def do() -> pb.DeleteVideoResponse:
            video = await store.own(tx, ids.checked(request.video_id), caller.account_id, lock=True)
            await _deleted(tx, await _cancelled(tx, video, settings))
            return pb.DeleteVideoResponse(video_id=video.id)

        return await once(tx, caller=caller.account_id, rpc="DeleteVideo", request=request, reply=pb.DeleteVideoResponse, do=do)


async def _cancelled(tx: AsyncConnection, video: Video, settings: Settings) -> Video:
    if ended(video.state):
        return video
    message, grace_s = "You cancelled this video", settings.discard_grace_s
    after = await end_without_result(tx, video, State.CANCELLED, code="cancelled", message=message, discard_after_s=grace_s)
    if video.state is State.RUNNING:
        await queue_store.charge(tx, video.account_id, video.elapsed - video.estimate)
    return after


async def _deleted(tx: AsyncConnection, video: Video) -> None:
    await store.bury(tx, video.id)
    await store.discard(tx, f"{video.folder}/")
    if video.first_frame_key and not await store.opens_another(tx, video.first_frame_key):
        await store.discard(tx, video.first_frame_key)
    await outbox.add(tx, events_pb2.VideoDeleted(video_id=video.id, account_id=video.account_id), key=video.id)
