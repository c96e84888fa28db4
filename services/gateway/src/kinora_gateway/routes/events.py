"""/v1/videos/{id}/events: progress as server-sent events."""

import base64
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
from fastapi import APIRouter
from kinora.generation.v1.generation_service_pb2 import WatchVideoRequest, WatchVideoResponse
from kinora_kit.errors import from_rpc_error
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from kinora_gateway import docs, views
from kinora_gateway.errors import from_remote
from kinora_gateway.routes.paths import VideoId
from kinora_gateway.schemas import ErrorBody, ErrorDetail, Video
from kinora_gateway.session import Reader

router = APIRouter(prefix="/v1/videos/{video_id}", tags=["videos"])
_RETRY_MS = 2000
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
    first = await anext(updates)  # raises here, while there still is a status line to say 404 with
    return EventSourceResponse(_events(first, updates), ping=session.gateway.settings.sse_ping_s, send_timeout=30)


async def _events(first: WatchVideoResponse, updates: AsyncGenerator[WatchVideoResponse, None]) -> AsyncIterator[ServerSentEvent]:
    try:
        async with aclosing(updates):
            yield _event(first)
            async for update in updates:
                yield _event(update)
    except grpc.RpcError as error:
        yield _failure(error)


def _event(update: WatchVideoResponse) -> ServerSentEvent:
    preview = "data:image/webp;base64," + base64.b64encode(update.preview_webp).decode() if update.preview_webp else None
    moment = Moment(video=views.video(update.video), preview=preview)
    name = "progress" if views.is_pending(update.video) else moment.video.status
    return ServerSentEvent(moment.model_dump_json(), event=name, retry=_RETRY_MS)


def _failure(error: grpc.RpcError) -> ServerSentEvent:
    """The stream broke, not the video: the client is to connect again."""
    fault = from_remote(from_rpc_error(error))
    detail = ErrorDetail(message=fault.message, type="server_error", param=fault.param, code=fault.code)
    return ServerSentEvent(ErrorBody(error=detail).model_dump_json(), event="error", retry=_RETRY_MS)
