"""Protobuf in, answers out."""

import base64
from collections.abc import Iterable
from typing import Literal

from kinora.generation.v1.generation_service_pb2 import Video as VideoMessage
from kinora.generation.v1.generation_service_pb2 import VideoStatus
from kinora.provenance.v1.provenance_service_pb2 import Seal

from kinora_gateway.schemas import Provenance, Video, VideoError
from kinora_gateway.sheets import unit

Status = Literal["queued", "in_progress", "completed", "failed"]
_STATUS: dict[int, Status] = {
    VideoStatus.VIDEO_STATUS_QUEUED: "queued",
    VideoStatus.VIDEO_STATUS_IN_PROGRESS: "in_progress",
    VideoStatus.VIDEO_STATUS_COMPLETED: "completed",
    VideoStatus.VIDEO_STATUS_FAILED: "failed",
    VideoStatus.VIDEO_STATUS_CANCELLED: "failed",  # OpenAI's object has no fifth state; error.code says which
}
_PENDING = {VideoStatus.VIDEO_STATUS_QUEUED, VideoStatus.VIDEO_STATUS_IN_PROGRESS}


def video(message: VideoMessage, others: Iterable[VideoMessage] = ()) -> Video:
    return Video(
        id=message.id, model=message.model, status=_STATUS[message.status], progress=min(message.progress, 100),
        created_at=message.created_at, completed_at=message.completed_at or None, expires_at=message.expires_at or None,
        prompt=message.prompt or None, size=message.size, seconds=str(message.seconds),
        remixed_from_video_id=message.remixed_from_video_id or None, error=_error(message),
        stage=message.stage, notes=list(message.notes), seed=message.seed, negative_prompt=message.negative_prompt or None,
        queue_position=message.queue_position, eta_seconds=message.eta_seconds, attempts=message.attempts,
        passes=list(message.passes), full_size=message.full_size or None,
        unit=unit(message.unit), estimated_engine_seconds=message.estimated_engine_seconds, engine_seconds=message.engine_seconds or None,
        ai_act_label=message.ai_act_label, variants=[other.id for other in others],
    )  # fmt: skip


def _error(message: VideoMessage) -> VideoError | None:
    if message.status == VideoStatus.VIDEO_STATUS_CANCELLED:
        return VideoError(code="cancelled", message=message.error_message or "The video was cancelled.")
    if message.status == VideoStatus.VIDEO_STATUS_FAILED:
        return VideoError(code=message.error_code or "internal_error", message=message.error_message or "The video failed.")
    return None


def is_pending(message: VideoMessage) -> bool:
    return message.status in _PENDING


def poll_hint(message: VideoMessage) -> dict[str, str]:
    """When to ask again: a twentieth of the expected time, 0.5 to 5 s. The OpenAI SDK keeps to the first hint it sees."""
    if not is_pending(message):
        return {}
    return {"openai-poll-after-ms": str(min(5000, max(500, message.eta_seconds * 50 or 1000)))}


def provenance(seal: Seal, *, with_manifest: bool) -> Provenance:
    return Provenance(
        video_id=seal.video_id, manifest_label=seal.manifest_label, validation_state=seal.validation_state, signer=seal.signer,
        development=seal.development, sealed_at=seal.sealed_at, sha256=seal.sha256,
        manifest=base64.b64encode(seal.manifest).decode() if with_manifest else None,
    )  # fmt: skip
