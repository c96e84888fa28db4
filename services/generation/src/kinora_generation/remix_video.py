"""A finished video and a changed prompt become a new queued video."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity

from . import checks, direct, ids, store
from .domain import NewVideo, State, Video
from .enqueue import enqueue
from .errors import VideoNotCompleted
from .settings import Settings


async def remix_video(db: Database, settings: Settings, request: pb.RemixVideoRequest, caller: Identity) -> pb.RemixVideoResponse:
    """Raises NoSuchVideo, VideoNotCompleted, BadField, QueueFull. The seed stays, and with it all that the prompt does not name."""
    prompt = checks.prompt(request.prompt)
    async with db.begin() as tx:
        source = await store.own(tx, ids.checked(request.video_id), caller.account_id)
    if source.state is not State.COMPLETED:
        raise VideoNotCompleted(source.state)
    engine = checks.model(source.model, settings.engines)
    new = await _new(source, prompt)
    async with db.begin() as tx:

        async def do() -> pb.RemixVideoResponse:
            return pb.RemixVideoResponse(video=await enqueue(tx, new, engine, settings))

        return await once(
            tx, caller=caller.account_id, rpc="RemixVideo", request=request, reply=pb.RemixVideoResponse, do=do, retry=request.is_retry,
        )  # fmt: skip


async def _new(source: Video, prompt: str) -> NewVideo:
    directed = await direct.by_remix(source.storyboard, prompt, seed=source.seed)
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
    )
