"""Videos as their makers see them."""

import math
from collections.abc import Sequence

from kinora.generation.v1 import generation_service_pb2 as pb
from sqlalchemy.ext.asyncio import AsyncConnection

from . import queue_store
from .domain import Place, State, ended, remaining
from .domain import Video as Stored
from .engines import unit_of

_SEALING_S = 2
_STATUS = {
    State.QUEUED: pb.VIDEO_STATUS_QUEUED,
    State.RUNNING: pb.VIDEO_STATUS_IN_PROGRESS,
    State.SEALING: pb.VIDEO_STATUS_IN_PROGRESS,
    State.COMPLETED: pb.VIDEO_STATUS_COMPLETED,
    State.FAILED: pb.VIDEO_STATUS_FAILED,
    State.CANCELLED: pb.VIDEO_STATUS_CANCELLED,
}


async def presented(tx: AsyncConnection, videos: Sequence[Stored]) -> list[pb.Video]:
    """Videos with their place in the queue as it is now."""
    places = await queue_store.places(tx, videos)
    return [_video(video, places.get(video.id)) for video in videos]


async def present(tx: AsyncConnection, video: Stored) -> pb.Video:
    return (await presented(tx, [video]))[0]


def _video(video: Stored, place: Place | None) -> pb.Video:
    return pb.Video(
        id=video.id,
        account_id=video.account_id,
        model=video.model,
        status=_STATUS[video.state],
        progress=100 if video.state is State.COMPLETED else min(99, int(100 * video.fraction)),
        stage=video.stage,
        prompt=video.prompt,
        size=video.size,
        seconds=video.seconds,
        created_at=video.created_at,
        completed_at=video.ended_at if video.state is State.COMPLETED else 0,
        remixed_from_video_id=video.remixed_from,
        error_code=video.error_code,
        error_message=video.error_message,
        notes=video.notes,
        storyboard_json=video.storyboard,
        seed=video.seed,
        negative_prompt=video.negative_prompt,
        queue_position=place.ahead if place else 0,
        eta_seconds=_eta_s(video, place),
        attempts=video.attempts,
        passes=video.passes,
        full_size=video.full_size,
        estimated_engine_seconds=video.cost,
        engine_seconds=video.engine_seconds,
        unit=unit_of(video.unit),
        ai_act_label=video.ai_act_label,
    )


def _eta_s(video: Stored, place: Place | None) -> int:
    if ended(video.state):
        return 0
    if place is not None:
        return place.eta_s(video.estimate) + _SEALING_S
    if video.state is State.RUNNING:
        return math.ceil(remaining(video.estimate, video.elapsed, video.fraction)) + _SEALING_S
    return _SEALING_S
