"""From the body of a request to the message that generation takes."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import grpc
from kinora.generation.v1.generation_service_pb2 import (
    CreateVideoRequest,
    CreateVideoResponse,
    DraftStoryboardRequest,
    Keyframe,
    ListModelsRequest,
)
from kinora_kit.errors import from_rpc_error

from kinora_gateway import json_text, uploads
from kinora_gateway.errors import invalid
from kinora_gateway.repeats import Repeat
from kinora_gateway.requests import MAX_STORYBOARD, CreateVideo, Direction, DraftStoryboard, ImageReference
from kinora_gateway.session import Session


@dataclass(frozen=True)
class _Picture:
    """A picture of the request; `put` writes its media key into the message."""

    param: str
    reference: ImageReference | bytes
    put: Callable[[str], None]


async def create(session: Session, body: CreateVideo, repeat: Repeat) -> CreateVideoResponse:
    """Checks and stores the pictures, if there are any, then asks generation; a refused request leaves no picture behind."""
    request = _request(body)
    keys = await _store(session, body, request)
    try:
        return await _ask(session, request, repeat)
    except grpc.aio.AioRpcError as error:
        # A reused Idempotency-Key says nothing about the request itself: an equal one may have been accepted.
        if error.code() is grpc.StatusCode.INVALID_ARGUMENT and from_rpc_error(error).reason != "RequestIdReused":
            for key in keys:
                await session.gateway.media.delete(key)
        raise


async def _store(session: Session, body: CreateVideo, request: CreateVideoRequest) -> list[str]:
    """Puts every picture into the media store, in the film's shape, and its key into `request`. None is stored before all are checked."""
    pictures = _pictures(body, request)
    if not pictures:
        return []
    size = body.size or await _usual_size(session, body.model)
    asked = request.SerializeToString(deterministic=True)
    checked = []
    for picture in pictures:
        data = uploads.picture(picture.reference, picture.param)
        checked.append((uploads.key(session.caller.account_id, asked, data), await uploads.checked(data, size, picture.param)))
    for picture, (key, clean) in zip(pictures, checked, strict=True):
        await session.gateway.media.put(key, clean, content_type="image/png")
        picture.put(key)
    return [key for key, _ in checked]


def _pictures(body: CreateVideo, request: CreateVideoRequest) -> list[_Picture]:
    found = [
        _Picture(param, reference, partial(setattr, request, field))
        for param, reference, field in (
            ("input_reference", body.input_reference, "first_frame_key"),
            ("last_frame", body.last_frame, "last_frame_key"),
        )
        if reference is not None
    ]
    frames = zip(body.keyframes, request.keyframes, strict=True)
    return [*found, *(_Picture("keyframes", frame.picture, partial(setattr, message, "key")) for frame, message in frames)]


async def _usual_size(session: Session, model: str | None) -> str:
    """The size of a video that asks for none."""
    models = (await session.call(session.gateway.generation.ListModels, ListModelsRequest())).models
    found = next((each for each in models if model in {None, each.id, *each.aliases}), models[0])
    return found.sizes[0]


async def _ask(session: Session, request: CreateVideoRequest, repeat: Repeat) -> CreateVideoResponse:
    request.request_id, request.is_retry = repeat.request_id, repeat.is_retry
    return await session.call(session.gateway.generation.CreateVideo, request)


def draft_request(body: DraftStoryboard) -> DraftStoryboardRequest:
    return DraftStoryboardRequest(
        prompt=body.prompt, seconds=_seconds(body), size=body.size or "", seed=body.seed,
        negative_prompt=body.negative_prompt or "", style=body.style or "", model=body.model or "",
        draft=body.draft, passes=body.passes,
    )  # fmt: skip


def _request(body: CreateVideo) -> CreateVideoRequest:
    if not body.prompt.strip() and body.storyboard is None:
        raise invalid("prompt", "Missing required parameter: 'prompt' (1 to 32,000 characters).", code="missing_required_parameter")
    return CreateVideoRequest(
        prompt=body.prompt, seconds=_seconds(body), size=body.size or "", seed=body.seed,
        negative_prompt=body.negative_prompt or "", style=body.style or "", model=body.model or "",
        storyboard_json=_storyboard(body), draft=body.draft, loop=body.loop, variants=body.variants, passes=body.passes,
        characters=[each.id for each in body.characters], guidance=body.guidance or "", loras=body.loras,
        keyframes=[Keyframe(at_s=frame.at_s, strength=frame.strength or 0.0) for frame in body.keyframes],
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
