"""Exports as messages."""

from datetime import datetime

from kinora.provenance.v1 import export_service_pb2 as pb

from kinora_provenance.exports.domain import BadField, Export, Format

STATES = {
    "queued": pb.EXPORT_STATE_QUEUED,
    "running": pb.EXPORT_STATE_RUNNING,
    "completed": pb.EXPORT_STATE_COMPLETED,
    "failed": pb.EXPORT_STATE_FAILED,
}
_FORMATS = {
    Format.MP4: pb.EXPORT_FORMAT_MP4,
    Format.FMP4: pb.EXPORT_FORMAT_FMP4,
    Format.WEBM: pb.EXPORT_FORMAT_WEBM,
    Format.GIF: pb.EXPORT_FORMAT_GIF,
    Format.WEBP: pb.EXPORT_FORMAT_WEBP,
}
_KINDS = {pb.EXPORT_FORMAT_UNSPECIFIED: Format.MP4} | {message: kind for kind, message in _FORMATS.items()}


def kind(asked: "pb.ExportFormat.ValueType") -> Format:
    """Raises BadField."""
    if asked not in _KINDS:
        raise BadField("format", f"There is no such format; there are {', '.join(Format)}.")
    return _KINDS[asked]


def export(stored: Export) -> pb.Export:
    return pb.Export(
        id=stored.id,
        video_id=stored.video_id,
        state=STATES[stored.state],
        format=_FORMATS[stored.format],
        start_s=stored.start_s,
        end_s=stored.end_s,
        short_side=stored.short_side,
        visible_mark=stored.visible_mark,
        progress=stored.progress,
        error=stored.error,
        key=stored.key,
        content_type=stored.content_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        manifest_label=stored.manifest_label,
        created_at=seconds(stored.created_at),
        completed_at=seconds(stored.completed_at),
        expires_at=seconds(stored.expires_at),
    )


def seconds(moment: datetime | None) -> int:
    return int(moment.timestamp()) if moment else 0
