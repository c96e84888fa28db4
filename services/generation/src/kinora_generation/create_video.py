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

from . import checks, direct
from .cameos import Cameos
from .casting import absent, named_in
from .domain import NewVideo
from .engines import Engine
from .enqueue import enqueue
from .errors import BadField
from .ids import new_video_id
from .settings import Settings


async def create_video(
    db: Database, media: MediaStore, cameos: Cameos, settings: Settings, request: pb.CreateVideoRequest, caller: Identity,
) -> pb.CreateVideoResponse:  # fmt: skip
    """Raises BadField (nothing is queued), QueueFull, and RemoteError for a cameo that may not be used."""
    engine = checks.model(request.model, settings.engines)
    seed = checks.seed(request.seed if request.HasField("seed") else None)
    handles = await cameos.handles(caller, checks.characters(request.characters))
    new = [
        await _new(request, settings, engine, caller.account_id, seed + number, handles)
        for number in range(checks.variants(request.variants))
    ]
    await _check_stored(media, new[0].first_frame_key)
    param = "storyboard" if request.storyboard_json else "prompt"
    shown = await cameos.submitted(caller.account_id, new[0].storyboard, param=param, chosen=handles)
    async with db.begin() as tx:

        async def do() -> pb.CreateVideoResponse:
            videos = [await enqueue(tx, one, engine, settings, shown) for one in new]
            return pb.CreateVideoResponse(video=videos[0], others=videos[1:])

        return await once(
            tx, caller=caller.account_id, rpc="CreateVideo", request=request, reply=pb.CreateVideoResponse, do=do, retry=request.is_retry,
        )  # fmt: skip


async def _new(
    request: pb.CreateVideoRequest, settings: Settings, engine: Engine, account_id: str, seed: int, handles: Sequence[str]
) -> NewVideo:
    prompt = checks.prompt(request.prompt, optional=bool(request.storyboard_json))
    size = checks.size(request.size, engine)
    width, height = checks.drafted(size) if request.draft else size
    first_frame_key = checks.first_frame(request.first_frame_key, account_id, engine)
    directed = await _directed(request, settings, engine, seed, handles)
    duration = directed.storyboard.duration
    return NewVideo(
        id=new_video_id(),
        account_id=account_id,
        model=engine.id,
        prompt=prompt,
        negative_prompt=checks.negative_prompt(request.negative_prompt),
        width=width,
        height=height,
        fps=engine.fps,
        duration=duration,
        seconds=math.ceil(duration - 1 / engine.fps),
        seed=directed.storyboard.seed,
        storyboard=directed.storyboard.model_dump_json(),
        notes=directed.notes,
        first_frame_key=first_frame_key,
        remixed_from="",
        passes=checks.passes(request.passes, engine),
    )


async def _directed(request: pb.CreateVideoRequest, settings: Settings, engine: Engine, seed: int, handles: Sequence[str]) -> Directed:
    directed = await _staged(request, settings, engine, seed, handles)
    _check_cast(directed, handles, given=bool(request.storyboard_json))
    if not request.loop:
        return directed
    return replace(directed, storyboard=directed.storyboard.model_copy(update={"loop": True}))


def _check_cast(directed: Directed, handles: Sequence[str], *, given: bool) -> None:
    """Whoever was asked for must be in it."""
    if missing := absent(directed.storyboard, handles):
        mend = "give one of its characters or props this handle" if given else "call them by their handle in the prompt"
        raise BadField("characters", f"{missing[0]} is not in the storyboard; {mend}, or leave them out of characters")


async def _staged(request: pb.CreateVideoRequest, settings: Settings, engine: Engine, seed: int, handles: Sequence[str]) -> Directed:
    style = checks.style(request.style, engine)
    negative_prompt = checks.negative_prompt(request.negative_prompt)
    if request.storyboard_json:
        own = not request.HasField("seed") and request.variants < 2  # the storyboard's own seed counts
        directed = await direct.by_storyboard(request.storyboard_json, seed=None if own else seed, style=style)
        checks.storyboard_seconds(request.seconds, directed.storyboard.duration, engine.fps)
        return directed
    return await direct.by_prompt(
        named_in(request.prompt, handles),
        seconds=checks.seconds(request.seconds, engine),
        size=checks.size(request.size, engine),
        seed=seed,
        style=style,
        negative_prompt=negative_prompt,
        endpoint=settings.director,
        picture=bool(request.first_frame_key),
        handles=handles,
    )


async def _check_stored(media: MediaStore, key: str) -> None:
    if not key:
        return
    try:
        await media.head(key)
    except (MediaMissing, ValueError):
        raise BadField("input_reference", "The picture is not stored any more; upload it again") from None
