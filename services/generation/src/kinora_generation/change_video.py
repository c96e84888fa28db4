"""A finished video becomes a new queued one: changed (remix), going on (extension), or, a draft, in full size (finish)."""

from dataclasses import replace
from typing import TypeVar

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from kinora_world.director import Directed
from kinora_world.storyboard import Storyboard

from . import capabilities, checks, direct, ids, sheets, store
from .cameos import Cameos
from .capabilities import Wanted
from .domain import NewVideo, Source, State, Video
from .engines import Engine
from .enqueue import enqueue
from .errors import BadField, VideoNotCompleted
from .settings import Settings

_Reply = TypeVar("_Reply", pb.RemixVideoResponse, pb.ExtendVideoResponse, pb.FinishVideoResponse)


async def remix_video(
    db: Database, cameos: Cameos, settings: Settings, request: pb.RemixVideoRequest, caller: Identity
) -> pb.RemixVideoResponse:
    """Raises NoSuchVideo, VideoNotCompleted, BadField, QueueFull, and RemoteError for a cameo that may not be used.

    The seed stays, and with it all that the prompt does not name.
    """
    prompt = checks.prompt(request.prompt)
    source = await _finished(db, request.video_id, caller)
    engine = await _able(db, settings, source, Wanted(remix=True))
    new = _new(source, engine, Source.REMIX, prompt, await direct.by_remix(source.storyboard, prompt, seed=source.seed))
    return await _queued(db, cameos, settings, request, caller, new, engine, pb.RemixVideoResponse)


async def extend_video(
    db: Database, cameos: Cameos, settings: Settings, request: pb.ExtendVideoRequest, caller: Identity
) -> pb.ExtendVideoResponse:
    """Raises NoSuchVideo, VideoNotCompleted, BadField, QueueFull, and RemoteError for a cameo that may not be used.

    The new video holds the old story and then the new one.
    """
    prompt = checks.prompt(request.prompt)
    source = await _finished(db, request.video_id, caller)
    engine = await _able(db, settings, source, Wanted(extend=True, seconds=request.seconds))
    seconds = request.seconds or capabilities.usual_seconds(engine)
    checks.extended_seconds(source.duration, seconds)
    new = _new(source, engine, Source.EXTEND, prompt, await direct.by_extension(source.storyboard, prompt, seconds=seconds))
    new = replace(new, seconds=source.seconds + seconds, kept_s=source.duration if new.source_key else 0.0)
    return await _queued(db, cameos, settings, request, caller, new, engine, pb.ExtendVideoResponse)


async def finish_video(
    db: Database, cameos: Cameos, settings: Settings, request: pb.FinishVideoRequest, caller: Identity
) -> pb.FinishVideoResponse:
    """Raises NoSuchVideo, VideoNotCompleted, BadField, QueueFull, and RemoteError for a cameo that may not be used.

    The storyboard and all that steers it stay as they are.
    """
    source = await _finished(db, request.video_id, caller)
    if not source.full_size:
        raise BadField("video", "This video is no draft, so it is finished already; drafts are made with draft=true")
    engine = await _able(db, settings, source, Wanted(finish=True))
    told = Directed(storyboard=Storyboard.model_validate_json(source.storyboard), notes=source.notes)
    width, height = capabilities.sides(source.full_size)
    new = replace(_new(source, engine, Source.FINISH, source.prompt, told), width=width, height=height, full_size="")
    return await _queued(db, cameos, settings, request, caller, new, engine, pb.FinishVideoResponse)


async def _finished(db: Database, video_id: str, caller: Identity) -> Video:
    async with db.begin() as tx:
        source = await store.own(tx, ids.checked(video_id), caller.account_id)
    if source.state is not State.COMPLETED:
        raise VideoNotCompleted(source.state)
    return source


async def _able(db: Database, settings: Settings, source: Video, wanted: Wanted) -> Engine:
    """The engine that made it, if it can do what is wanted now; raises BadField."""
    engines = await sheets.known(db, settings)
    engine = checks.model(source.model, engines)
    capabilities.check(wanted, engine, engines)
    if engine.sheet.takes and not source.take_key:
        raise BadField("video", f"{engine.id} starts from what it keeps of a film beside it, and of this one nothing is kept")
    return engine


async def _queued(
    db: Database,
    cameos: Cameos,
    settings: Settings,
    request: pb.RemixVideoRequest | pb.ExtendVideoRequest | pb.FinishVideoRequest,
    caller: Identity,
    new: NewVideo,
    engine: Engine,
    reply: type[_Reply],
) -> _Reply:
    rpc = request.DESCRIPTOR.name.removesuffix("Request")
    shown = await cameos.submitted(caller.account_id, new.storyboard, param="video" if new.source is Source.FINISH else "prompt")
    async with db.begin() as tx:

        async def do() -> _Reply:
            return reply(video=await enqueue(tx, new, engine, settings, shown))

        return await once(tx, caller=caller.account_id, rpc=rpc, request=request, reply=reply, do=do, retry=request.is_retry)


def _new(source: Video, engine: Engine, why: Source, prompt: str, directed: Directed) -> NewVideo:
    capabilities.check(capabilities.staged(Wanted(), directed.storyboard), engine)
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
        last_frame_key="" if why is Source.EXTEND else source.last_frame_key,  # it ends later now, and on something else
        keyframes=source.keyframes,
        guidance=source.guidance,
        loras=source.loras,
        full_size=source.full_size,
        source=why,
        source_key=source.take_key if engine.sheet.takes else "",
    )
