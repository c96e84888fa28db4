"""A finished video and a prompt become a new queued video: changed (remix), or going on (extension)."""

from dataclasses import replace
from typing import TypeVar

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from kinora_world.director import Directed

from . import checks, direct, ids, store
from .cameos import Cameos
from .domain import NewVideo, State, Video
from .enqueue import enqueue
from .errors import VideoNotCompleted
from .settings import Settings

_Reply = TypeVar("_Reply", pb.RemixVideoResponse, pb.ExtendVideoResponse)


async def remix_video(
    db: Database, cameos: Cameos, settings: Settings, request: pb.RemixVideoRequest, caller: Identity
) -> pb.RemixVideoResponse:
    """Raises NoSuchVideo, VideoNotCompleted, BadField, QueueFull, and RemoteError for a cameo that may not be used.

    The seed stays, and with it all that the prompt does not name.
    """
    prompt = checks.prompt(request.prompt)
    source = await _finished(db, request.video_id, caller)
    new = _new(source, prompt, await direct.by_remix(source.storyboard, prompt, seed=source.seed))
    return await _queued(db, cameos, settings, request, caller, new, pb.RemixVideoResponse)


async def extend_video(
    db: Database, cameos: Cameos, settings: Settings, request: pb.ExtendVideoRequest, caller: Identity
) -> pb.ExtendVideoResponse:
    """Raises NoSuchVideo, VideoNotCompleted, BadField, QueueFull, and RemoteError for a cameo that may not be used.

    The new video holds the old story and then the new one.
    """
    prompt = checks.prompt(request.prompt)
    source = await _finished(db, request.video_id, caller)
    seconds = checks.seconds(request.seconds, checks.model(source.model, settings.engines))
    checks.extended_seconds(source.duration, seconds)
    new = _new(source, prompt, await direct.by_extension(source.storyboard, prompt, seconds=seconds))
    return await _queued(db, cameos, settings, request, caller, replace(new, seconds=source.seconds + seconds), pb.ExtendVideoResponse)


async def _finished(db: Database, video_id: str, caller: Identity) -> Video:
    async with db.begin() as tx:
        source = await store.own(tx, ids.checked(video_id), caller.account_id)
    if source.state is not State.COMPLETED:
        raise VideoNotCompleted(source.state)
    return source


async def _queued(
    db: Database,
    cameos: Cameos,
    settings: Settings,
    request: pb.RemixVideoRequest | pb.ExtendVideoRequest,
    caller: Identity,
    new: NewVideo,
    reply: type[_Reply],
) -> _Reply:
    engine = checks.model(new.model, settings.engines)
    rpc = request.DESCRIPTOR.name.removesuffix("Request")
    shown = await cameos.submitted(caller.account_id, new.storyboard, param="prompt")
    async with db.begin() as tx:

        async def do() -> _Reply:
            return reply(video=await enqueue(tx, new, engine, settings, shown))

        return await once(tx, caller=caller.account_id, rpc=rpc, request=request, reply=reply, do=do, retry=request.is_retry)


def _new(source: Video, prompt: str, directed: Directed) -> NewVideo:
    return NewVideo(
        id=ids.new_video_id(),
        account_id=source.account_id,
        model=source.model,
        prompt=prompt,
        negative_prompt=source.negative_prompt,
        width=source.width,
        height=source.height,
        fps=source.fps,
        duration=directed.storyboard.duration,
        seconds=source.seconds,
        seed=directed.storyboard.seed,
        storyboard=directed.storyboard.model_dump_json(),
        notes=directed.notes,
        first_frame_key=source.first_frame_key,
        remixed_from=source.id,
        passes=source.passes,
    )
