"""/v1/videos/{id}/events: progress as server-sent events."""

import base64
from typing import Any

from fastapi import APIRouter
from kinora.generation.v1.generation_service_pb2 import WatchVideoRequest, WatchVideoResponse
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from kinora_gateway import docs, streams, views
from kinora_gateway.routes.paths import VideoId
from kinora_gateway.schemas import Video
from kinora_gateway.session import Reader

router = APIRouter(prefix="/v1/videos/{video_id}", tags=["videos"])
_STREAM: dict[str, Any] = {
    "description": "`progress` events, then one `completed` or `failed`. The present state comes first, so a reconnect misses nothing.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}


class Moment(BaseModel):
    """The data of every event."""

    video: Video
    preview: str | None
    """A small WebP picture as a data URL; null when there is none or it has not changed."""


@router.get("/events", response_class=EventSourceResponse, responses={**docs.errors(404), 200: _STREAM}, response_model=None)
async def watch_video(video_id: VideoId, session: Reader) -> EventSourceResponse:
    """Follows a video until it has ended."""
    updates = session.follow(session.gateway.generation.WatchVideo, WatchVideoRequest(video_id=video_id))
    return await streams.respond(session, updates, _event)


def _event(update: WatchVideoResponse) -> ServerSentEvent:
    preview = "data:image/webp;base64," + base64.b64encode(update.preview_webp).decode() if update.preview_webp else None
    moment = Moment(video=views.video(update.video), preview=preview)
    name = "progress" if views.is_pending(update.video) else moment.video.status
    return ServerSentEvent(moment.model_dump_json(), event=name, retry=streams.RETRY_MS)
