"""From the body of a request to the message that generation takes."""

import json

import grpc
from kinora.generation.v1.generation_service_pb2 import (
    CreateVideoRequest,
    CreateVideoResponse,
    DraftStoryboardRequest,
)
from kinora_kit.errors import from_rpc_error

from kinora_gateway import json_text, uploads
from kinora_gateway.errors import invalid
from kinora_gateway.repeats import Repeat
from kinora_gateway.requests import MAX_STORYBOARD, CreateVideo, Direction, DraftStoryboard
from kinora_gateway.session import Session

_DEFAULT_SIZE = "720x1280"  # as documented of CreateVideoRequest.size


async def create(session: Session, body: CreateVideo, repeat: Repeat) -> CreateVideoResponse:
    """Checks and stores the picture, if there is one, then asks generation; a refused request leaves no picture behind."""
    request = _request(body)
    if body.input_reference is None:
        return await _ask(session, request, repeat)
    data = uploads.picture(body.input_reference)
    key = uploads.key(session.caller.account_id, request.SerializeToString(deterministic=True), data)
    await session.gateway.media.put(key, await uploads.checked(data, body.size or _DEFAULT_SIZE), content_type="image/png")
    request.first_frame_key = key
    try:
        return await _ask(session, request, repeat)
    except grpc.aio.AioRpcError as error:
        # A reused Idempotency-Key says nothing about the request itself: an equal one may have been accepted.
        if error.code() is grpc.StatusCode.INVALID_ARGUMENT and from_rpc_error(error).reason != "RequestIdReused":
            await session.gateway.media.delete(key)
        raise


async def _ask(session: Session, request: CreateVideoRequest, repeat: Repeat) -> CreateVideoResponse:
    request.request_id, request.is_retry = repeat.request_id, repeat.is_retry
    return await session.call(session.gateway.generation.CreateVideo, request)


def draft_request(body: DraftStoryboard) -> DraftStoryboardRequest:
    return DraftStoryboardRequest(
        prompt=body.prompt, seconds=_seconds(body), size=body.size or "", seed=body.seed,
        negative_prompt=body.negative_prompt or "", style=body.style or "", model=body.model or "",
    )  # fmt: skip


def _request(body: CreateVideo) -> CreateVideoRequest:
    if not body.prompt.strip() and body.storyboard is None:
        raise invalid("prompt", "Missing required parameter: 'prompt' (1 to 32,000 characters).", code="missing_required_parameter")
    return CreateVideoRequest(
        prompt=body.prompt, seconds=_seconds(body), size=body.size or "", seed=body.seed,
        negative_prompt=body.negative_prompt or "", style=body.style or "", model=body.model or "",
        storyboard_json=_storyboard(body), draft=body.draft, loop=body.loop, variants=body.variants, passes=body.passes,
        characters=[each.id for each in body.characters],
    )  # fmt: skip


def _seconds(body: Direction) -> int:
    return int(body.seconds or 0)


def _storyboard(body: CreateVideo) -> str:
    if body.storyboard is None:
        return ""
    json_text.check(body.storyboard, "storyboard")
    text = json.dumps(body.storyboard, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    if len(text.encode()) > MAX_STORYBOARD:
        raise invalid("storyboard", f"The storyboard has {len(text.encode())} bytes of JSON; at most {MAX_STORYBOARD} are allowed.")
    return text
