"""Fingerprints: how films look and sound."""

from alembic import op

revision = "0004"
down_revision = "0003"

# Into public, as any service may come to need it; without the right to make it, an operator does so beforehand.
_VECTOR = "create extension if not exists vector schema public"
# place: x, y and side of a detail, in heights of the picture; null for whole pictures.
_FRAMES = """
create table frame_prints (
  video_id text not null,
  at_s real not null,
  place real[],
  bits bit(256) not null
)
"""
_FRAMES_NEAR = "create index frame_prints_near on frame_prints using hnsw (bits public.bit_hamming_ops)"
_FRAMES_VIDEO = "create index frame_prints_video on frame_prints (video_id)"
_SOUNDS = "create table sound_prints (word integer not null, video_id text not null, at integer not null)"
_SOUNDS_WORD = "create index sound_prints_word on sound_prints (word)"
_SOUNDS_VIDEO = "create index sound_prints_video on sound_prints (video_id)"


def upgrade() -> None:
    for statement in [_VECTOR, _FRAMES, _FRAMES_NEAR, _FRAMES_VIDEO, _SOUNDS, _SOUNDS_WORD, _SOUNDS_VIDEO]:
        op.execute(statement)
