"""/api/liveness: whether the person of the account is before the camera, now."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, WebSocket
from kinora.identity.v1 import liveness_service_pb2 as pb
from sse_starlette import EventSourceResponse, ServerSentEvent

from kinora_gateway import body, capture, clips, cookies, docs, liveness, streams
from kinora_gateway.errors import ApiError
from kinora_gateway.liveness import Liveness, NewLiveness, TypedWords
from kinora_gateway.repeats import repeat
from kinora_gateway.routes import paths
from kinora_gateway.routes.paths import SessionId
from kinora_gateway.session import Admin, Session, on_socket, require

router = APIRouter(prefix="/api/liveness", tags=["liveness"])
Starter = Annotated[Session, Depends(require("admin", "captures"))]
Sender = Annotated[Session, Depends(require("admin", "uploads"))]
_PROMPTS: dict[str, Any] = {
    "description": "`prompt` events as each is due, then one `stop`; `error` when it broke. The data of a prompt is a `Prompt`.",
    "content": {"text/event-stream": {"schema": {"type": "string"}}},
}
_CLIP: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in ("video/mp4", "video/webm")},
    }
}


@router.post(
    "", status_code=201, responses=docs.errors(408, 409, 413, 415),
    openapi_extra={**docs.body(NewLiveness), "parameters": docs.repeat_headers()},
)  # fmt: skip
async def start_liveness(request: Request, session: Starter) -> Liveness:
    """A new session for one capture within three minutes. Adults only, needs step-up; ends an earlier one that is not captured yet."""
    wanted = await body.read(request, NewLiveness, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.StartLivenessRequest(
        request_id=repeat(request).request_id, language=wanted.language, needs=pb.LivenessNeeds(**wanted.needs.model_dump())
    )
    return liveness.session((await session.call(session.gateway.liveness.StartLiveness, message)).session)


@router.get("/{session_id}", responses=docs.errors(404))
async def get_liveness(session_id: SessionId, session: Admin) -> Liveness:
    """Where a session of one's own stands; while it is being analysed, ask again every second."""
    message = pb.GetLivenessRequest(session_id=session_id)
    return liveness.session((await session.call(session.gateway.liveness.GetLiveness, message)).session)


@router.get("/{session_id}/capture", status_code=426, response_model=None, responses=docs.errors(404, 426))
async def upgrade_to_capture(session_id: SessionId, _: Admin) -> None:
    """The live capture, a WebSocket, once per session: binary frames are the clip (MP4 or WebM, 1 MiB a frame, 40 MiB in all).

    Text frames of the client: `{"typed": "word"}`, and `{"done": true}` in the end. The server sends `{"prompt": Prompt}` as each is due,
    `{"stop": {}}`, and `{"session": Liveness}` before it closes with 1000. A refusal is the API's JSON error, then the close code
    4000 + status; 1009: a frame was too large; 1012: the gateway restarts. Scripts in browsers offer the subprotocols `kinora.capture` and
    `bearer.<access token>`; other clients may send the Authorization header instead.
    """
    raise ApiError(426, "upgrade_required", f"The capture of {session_id} is a WebSocket.", headers={"upgrade": "websocket"})


@router.websocket("/{session_id}/capture")
async def capture_live(socket: WebSocket, session_id: str) -> None:
    async with capture.accepted(socket):
        cookies.check_origin(socket)
        session = await on_socket(socket, capture.token(socket), "admin")
        await capture.relay(socket, session, paths.session_id(session_id))


@router.get(
    "/{session_id}/prompts", response_class=EventSourceResponse, responses={**docs.errors(404, 409), 200: _PROMPTS}, response_model=None
)
async def watch_prompts(session_id: SessionId, session: Admin) -> EventSourceResponse:
    """What to do and when, for clients that upload their clip: start recording, then ask. Once per session; operators may switch it off."""
    prompts = session.follow(session.gateway.liveness.WatchPrompts, pb.WatchPromptsRequest(session_id=session_id))
    return await streams.respond(session, prompts, _event)


@router.put("/{session_id}/clip", responses=docs.errors(404, 408, 409, 413), openapi_extra=_CLIP)
async def submit_clip(session_id: SessionId, query: Annotated[TypedWords, Query()], request: Request, session: Sender) -> Liveness:
    """Hands in the clip that was recorded meanwhile: the body is the MP4 or WebM file, of at most 40 MiB."""

    async def submit(key: str) -> pb.SubmitClipResponse:
        message = pb.SubmitClipRequest(session_id=session_id, clip_key=key, typed=query.typed)
        return await session.call(session.gateway.liveness.SubmitClip, message)

    async with clips.raw(request, session, clips.CLIPS, "clip") as clip:
        return liveness.session((await clips.handed_in(session, clip, session_id, submit)).session)


def _event(message: pb.WatchPromptsResponse) -> ServerSentEvent:
    if message.HasField("prompt"):
        return ServerSentEvent(liveness.prompt(message.prompt).model_dump_json(), event="prompt")
    return ServerSentEvent("{}", event="stop")
