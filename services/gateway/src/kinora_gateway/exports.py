"""Schemas of copies that leave: exports and the archive of everything."""

from typing import Annotated, Literal

from kinora.provenance.v1 import export_service_pb2 as pb
from pydantic import Field

from kinora_gateway.entry import Wanted
from kinora_gateway.schemas import Answer, Timestamp

Format = Literal["mp4", "fmp4", "webm", "gif", "webp"]
Status = Literal["queued", "in_progress", "completed", "failed"]
FORMATS: dict[Format, pb.ExportFormat.ValueType] = {
    "mp4": pb.EXPORT_FORMAT_MP4,
    "fmp4": pb.EXPORT_FORMAT_FMP4,
    "webm": pb.EXPORT_FORMAT_WEBM,
    "gif": pb.EXPORT_FORMAT_GIF,
    "webp": pb.EXPORT_FORMAT_WEBP,
}
_NAMES = {message: name for name, message in FORMATS.items()}
_STATUS: dict[int, Status] = {
    pb.EXPORT_STATE_QUEUED: "queued",
    pb.EXPORT_STATE_RUNNING: "in_progress",
    pb.EXPORT_STATE_COMPLETED: "completed",
    pb.EXPORT_STATE_FAILED: "failed",
}
_NO_C2PA = "WebM carries no C2PA signature, for the standard knows none for it; its invisible marks lead to the video's."
Seconds = Annotated[float, Field(ge=0, le=86_400)]


class CreateExport(Wanted):
    format: Format = Field(
        default="mp4", description="`fmp4` is one fragmented MP4, ready for HLS by byte ranges; `gif` and `webp` are previews."
    )
    start: Seconds = Field(default=0, description="Seconds; to the nearest picture.")
    end: Seconds = Field(default=0, description="Seconds; 0 is the end, of a preview 15 s after the start at most.")
    short_side: Annotated[int, Field(ge=0, le=8192)] = Field(
        default=0, description="Pixels, even, 144 to the video's own; 0 is the video's own, of a preview 270."
    )
    visible_mark: bool = Field(default=True, description="May be false where the operator allows it.")


class Export(Answer):
    """A copy of a video, visibly marked and signed."""

    id: str
    object: Literal["video.export"] = "video.export"
    video_id: str
    status: Status
    progress: Annotated[int, Field(ge=0, le=100)]
    error: str | None
    format: Format
    start: float
    end: float
    short_side: int
    visible_mark: bool
    content_type: str | None
    size_bytes: int | None
    sha256: str | None
    manifest_label: str | None = Field(description="Of its C2PA manifest; WebM has none.")
    notes: list[str]
    created_at: Timestamp
    completed_at: Timestamp | None
    expires_at: Timestamp | None = Field(description="When the file goes; asking for the same again keeps it, or makes it anew.")


class ExportList(Answer):
    object: Literal["list"] = "list"
    data: list[Export]


class Archive(Answer):
    """A ZIP with everything."""

    id: str
    object: Literal["archive"] = "archive"
    status: Status
    progress: Annotated[int, Field(ge=0, le=100)]
    error: str | None
    videos: int
    size_bytes: int | None
    created_at: Timestamp
    expires_at: Timestamp | None
    url: str | None = Field(description="Serves the file for some minutes, with byte ranges; only to whoever has stepped up.")


def asked(wanted: CreateExport, video_id: str, request_id: str) -> pb.CreateExportRequest:
    return pb.CreateExportRequest(
        request_id=request_id,
        video_id=video_id,
        format=FORMATS[wanted.format],
        start_s=wanted.start,
        end_s=wanted.end,
        short_side=wanted.short_side,
        without_visible_mark=not wanted.visible_mark,
    )


def export(message: pb.Export) -> Export:
    kind = _NAMES[message.format]
    return Export(
        id=message.id, video_id=message.video_id, status=_STATUS[message.state], progress=message.progress, error=message.error or None,
        format=kind, start=message.start_s, end=message.end_s, short_side=message.short_side, visible_mark=message.visible_mark,
        content_type=message.content_type or None, size_bytes=message.size_bytes or None, sha256=message.sha256 or None,
        manifest_label=message.manifest_label or None, notes=[_NO_C2PA] if kind == "webm" else [], created_at=message.created_at,
        completed_at=message.completed_at or None, expires_at=message.expires_at or None,
    )  # fmt: skip


def archive(message: pb.Archive, url: str | None) -> Archive:
    return Archive(
        id=message.id, status=_STATUS[message.state], progress=message.progress, error=message.error or None, videos=message.videos,
        size_bytes=message.size_bytes or None, created_at=message.created_at, expires_at=message.expires_at or None, url=url,
    )  # fmt: skip


def filename(message: pb.Export) -> str:
    return f"{message.video_id}.{message.key.rpartition('.')[2]}"
