"""/v1/videos/{id}/content, /captions and /storyboard: what a finished video consists of."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.responses import RedirectResponse
from kinora.generation.v1.generation_service_pb2 import GetContentRequest, GetContentResponse, GetVideoRequest, Variant
from kinora_media.store import MediaMissing

from kinora_gateway import docs, json_text
from kinora_gateway.errors import ApiError
from kinora_gateway.requests import Download
from kinora_gateway.routes.paths import VideoId
from kinora_gateway.session import Reader, Session

router = APIRouter(prefix="/v1/videos/{video_id}", tags=["videos"])
_VARIANTS = {
    "video": Variant.VARIANT_VIDEO,
    "thumbnail": Variant.VARIANT_THUMBNAIL,
    "spritesheet": Variant.VARIANT_SPRITESHEET,
    "captions": Variant.VARIANT_CAPTIONS,
    "descriptions": Variant.VARIANT_DESCRIPTIONS,
    "events": Variant.VARIANT_EVENTS,
    "depth": Variant.VARIANT_DEPTH,
    "segmentation": Variant.VARIANT_SEGMENTATION,
    "motion": Variant.VARIANT_MOTION,
    "pose": Variant.VARIANT_POSE,
    "passes": Variant.VARIANT_PASSES,
}
_REDIRECT: dict[str, Any] = {"description": "To a link that serves the file, with byte ranges, for some minutes."}
_CAPTIONS: dict[str, Any] = {"description": "WebVTT.", "content": {"text/vtt": {"schema": {"type": "string"}}}}


@router.get(
    "/content", status_code=302, response_class=RedirectResponse, responses={**docs.errors(404, 409), 302: _REDIRECT}, response_model=None
)
async def download_content(video_id: VideoId, query: Annotated[Download, Query()], session: Reader) -> RedirectResponse:
    """The MP4, a WebP thumbnail, a JPEG sprite sheet, WebVTT captions or audio description, or JSON of what happens.

    Where `passes` asked for them: depth, segmentation and motion as lossless FFV1 in Matroska, pose as JSON, `passes` to read them by.
    """
    found = await _locate(session, video_id, _VARIANTS[query.variant])
    settings, media = session.gateway.settings, session.gateway.media
    url = media.sign(found.key, ttl_s=settings.media_url_ttl_s, content_type=found.content_type, filename=found.filename or None)
    return RedirectResponse(url, 302, {"cache-control": "no-store"})


@router.get("/captions", response_class=Response, responses={**docs.errors(404, 409), 200: _CAPTIONS}, response_model=None)
async def captions(video_id: VideoId, session: Reader) -> Response:
    """Who says what when, and the sounds."""
    found = await _locate(session, video_id, Variant.VARIANT_CAPTIONS)
    try:
        text = await session.gateway.media.get(found.key)
    except MediaMissing:
        raise ApiError(404, "media_not_found", "This video's captions are gone.") from None
    return Response(text, media_type="text/vtt; charset=utf-8", headers={"cache-control": "private, max-age=300"})


@router.get("/storyboard", responses=docs.errors(404, 409))
async def storyboard(video_id: VideoId, session: Reader) -> dict[str, Any]:
    """The storyboard that the video is made from; change it and send it with a new video."""
    found = await session.call(session.gateway.generation.GetVideo, GetVideoRequest(video_id=video_id))
    if not found.video.storyboard_json:
        raise ApiError(409, "storyboard_not_ready", "This video has no storyboard yet.")
    parsed: dict[str, Any] = json_text.parse(found.video.storyboard_json)
    return parsed


async def _locate(session: Session, video_id: str, variant: Variant.ValueType) -> GetContentResponse:
    return await session.call(session.gateway.generation.GetContent, GetContentRequest(video_id=video_id, variant=variant))
