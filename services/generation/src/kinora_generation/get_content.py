"""Where the files of a finished video lie."""

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.errors import NotFound
from kinora_kit.identity import Identity

from . import ids, store
from .domain import State, Video
from .errors import BadField, VideoNotCompleted


class NoSuchVariant(NotFound):
    """The engine made no such file for this video."""


_TYPES = {
    pb.VARIANT_VIDEO: ("video/mp4", "mp4"),
    pb.VARIANT_THUMBNAIL: ("image/webp", "webp"),
    pb.VARIANT_SPRITESHEET: ("image/jpeg", "jpg"),
    pb.VARIANT_CAPTIONS: ("text/vtt", "vtt"),
    pb.VARIANT_DESCRIPTIONS: ("text/vtt", "descriptions.vtt"),
    pb.VARIANT_EVENTS: ("application/json", "json"),
    pb.VARIANT_DEPTH: ("video/x-matroska", "depth.mkv"),
    pb.VARIANT_SEGMENTATION: ("video/x-matroska", "segmentation.mkv"),
    pb.VARIANT_MOTION: ("video/x-matroska", "motion.mkv"),
    pb.VARIANT_POSE: ("application/json", "pose.json"),
    pb.VARIANT_PASSES: ("application/json", "passes.json"),
}


async def get_content(db: Database, request: pb.GetContentRequest, caller: Identity) -> pb.GetContentResponse:
    """Raises NoSuchVideo, VideoNotCompleted, BadField, NoSuchVariant."""
    if request.variant not in _TYPES:
        known = ", ".join(pb.Variant.Name(variant).removeprefix("VARIANT_").lower() for variant in _TYPES)
        raise BadField("variant", f"There is no such variant; there are {known}")
    async with db.begin() as tx:
        video = await store.own(tx, ids.checked(request.video_id), caller.account_id)
    if video.state is not State.COMPLETED:
        raise VideoNotCompleted(video.state)
    if not (key := _key(video, request.variant)):
        raise NoSuchVariant("This video has no such file; passes are made when they are asked for with the video", param="variant")
    content_type, suffix = _TYPES[request.variant]
    return pb.GetContentResponse(key=key, content_type=content_type, filename=f"{video.id}.{suffix}")


def _key(video: Video, variant: pb.Variant.ValueType) -> str:
    return {
        pb.VARIANT_VIDEO: video.video_key,
        pb.VARIANT_THUMBNAIL: video.thumbnail_key,
        pb.VARIANT_SPRITESHEET: video.spritesheet_key,
        pb.VARIANT_CAPTIONS: video.captions_key,
        pb.VARIANT_DESCRIPTIONS: video.descriptions_key,
        pb.VARIANT_EVENTS: video.events_key,
        pb.VARIANT_DEPTH: video.depth_key,
        pb.VARIANT_SEGMENTATION: video.segmentation_key,
        pb.VARIANT_MOTION: video.motion_key,
        pb.VARIANT_POSE: video.pose_key,
        pb.VARIANT_PASSES: video.passes_key,
    }[variant]
