"""A prompt or a storyboard becomes a queued video."""

import math
from collections.abc import Sequence
from dataclasses import replace

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from kinora_media.store import MediaMissing, MediaStore
from kinora_world.director import Directed

from . import capabilities, checks, direct, sheets
from .cameos import Cameos
from .capabilities import Wanted
from .casting import absent, named_in
from .domain import NewVideo
from .engines import Engine
from .errors import BadField
from .ids import new_video_id
from .overflow import elsewhere, enqueue_here_or
from .settings import Settings


async def create_video(
    db: Database, media: MediaStore, cameos: Cameos, settings: Settings, request: pb.CreateVideoRequest, caller: Identity,
) -> pb.CreateVideoResponse:  # fmt: skip
    """Raises BadField (nothing is queued), QueueFull, BudgetExceeded, and RemoteError for a cameo that may not be used."""
    engines = await sheets.known(db, settings)
    engine = checks.model(request.model, engines)
    seed = checks.seed(request.seed if request.HasField("seed") else None)
    variants = checks.variants(request.variants)
    wanted = _wanted(request, engine)
    capabilities.check(wanted, engine, engines)
    handles = await cameos.handles(caller, checks.characters(request.characters))
    directed = [await _directed(request, settings, engine, wanted, seed + number, handles) for number in range(variants)]
    wanted = capabilities.staged(wanted, directed[0].storyboard)
    capabilities.check(wanted, engine, engines)
    other = elsewhere(wanted, engine, engines)
    new = [_new(request, engine, wanted, caller.account_id, each) for each in directed]
    await _check_stored(media, new[0])
    param = "storyboard" if request.storyboard_json else "prompt"
    shown = await cameos.submitted(caller.account_id, new[0].storyboard, param=param, chosen=handles)
    async with db.begin() as tx:

        async def do() -> pb.CreateVideoResponse:
            videos = [await enqueue_here_or(other, tx, one, engine, settings, shown) for one in new]
            return pb.CreateVideoResponse(video=videos[0], others=videos[1:])

        return await once(
            tx, caller=caller.account_id, rpc="CreateVideo", request=request, reply=pb.CreateVideoResponse, do=do, retry=request.is_retry,
        )  # fmt: skip


def _wanted(request: pb.CreateVideoRequest, engine: Engine) -> Wanted:
    """What the request says by itself; what its storyboard wants shows once it is directed."""
    by_prompt = not request.storyboard_json
    return Wanted(
        size=request.size or capabilities.usual_size(engine),
        seconds=(request.seconds or capabilities.usual_seconds(engine)) if by_prompt else 0,
        styles=(request.style,) if request.style else (),
        passes=checks.each_once(request.passes),
        first_frame=bool(request.first_frame_key),
        last_frame=bool(request.last_frame_key),
        keyframes=len(request.keyframes),
        negative_prompt=bool(request.negative_prompt),
        loop=request.loop,
        guidance=request.guidance,
        loras=checks.each_once(request.loras),
        draft=request.draft,
    )


def _new(request: pb.CreateVideoRequest, engine: Engine, wanted: Wanted, account_id: str, directed: Directed) -> NewVideo:
    size = capabilities.sides(wanted.size)
    width, height = checks.drafted(size, takes=engine.sheet.takes) if request.draft else size
    duration, fps = directed.storyboard.duration, engine.sheet.fps
    keyframes = checks.keyframes(request.keyframes, account_id)
    checks.keyframe_times(keyframes, duration, fps)
    return NewVideo(
        id=new_video_id(),
        account_id=account_id,
        model=engine.id,
        prompt=checks.prompt(request.prompt, optional=bool(request.storyboard_json)),
        negative_prompt=request.negative_prompt,
        width=width,
        height=height,
        fps=fps,
        duration=duration,
        seconds=math.ceil(duration - 1 / fps),
        seed=directed.storyboard.seed,
        storyboard=directed.storyboard.model_dump_json(),
        notes=directed.notes,
        first_frame_key=checks.upload("input_reference", request.first_frame_key, account_id),
        remixed_from="",
        passes=wanted.passes,
        last_frame_key=checks.upload("last_frame", request.last_frame_key, account_id),
        keyframes=keyframes,
        guidance=wanted.guidance,
        loras=wanted.loras,
        full_size=wanted.size if request.draft else "",
    )


async def _directed(
    request: pb.CreateVideoRequest, settings: Settings, engine: Engine, wanted: Wanted, seed: int, handles: Sequence[str]
) -> Directed:
    directed = await _staged(request, settings, engine, wanted, seed, handles)
    _check_cast(directed, handles, given=bool(request.storyboard_json))
    if not request.loop:
        return directed
    return replace(directed, storyboard=directed.storyboard.model_copy(update={"loop": True}))


def _check_cast(directed: Directed, handles: Sequence[str], *, given: bool) -> None:
    """Whoever was asked for must be in it."""
    if missing := absent(directed.storyboard, handles):
        mend = "give one of its characters or props this handle" if given else "call them by their handle in the prompt"
        raise BadField("characters", f"{missing[0]} is not in the storyboard; {mend}, or leave them out of characters")


async def _staged(
    request: pb.CreateVideoRequest, settings: Settings, engine: Engine, wanted: Wanted, seed: int, handles: Sequence[str]
) -> Directed:
    style = request.style or None
    prompt = checks.prompt(request.prompt, optional=bool(request.storyboard_json))
    negative_prompt = checks.negative_prompt(request.negative_prompt)
    if request.storyboard_json:
        own = not request.HasField("seed") and request.variants < 2  # the storyboard's own seed counts
        directed = await direct.by_storyboard(request.storyboard_json, seed=None if own else seed, style=style)
        checks.storyboard_seconds(request.seconds, directed.storyboard.duration, engine)
        return directed
    return await direct.by_prompt(
        named_in(prompt, handles),
        seconds=wanted.seconds,
        size=capabilities.sides(wanted.size),
        seed=seed,
        style=style,
        negative_prompt=negative_prompt,
        endpoint=settings.director,
        picture=bool(request.first_frame_key),
        handles=handles,
    )


async def _check_stored(media: MediaStore, new: NewVideo) -> None:
    params = {new.first_frame_key: "input_reference", new.last_frame_key: "last_frame"}
    for key in new.pictures:
        try:
            await media.head(key)
        except (MediaMissing, ValueError):
            raise BadField(params.get(key, "keyframes"), "The picture is not stored any more; upload it again") from None
