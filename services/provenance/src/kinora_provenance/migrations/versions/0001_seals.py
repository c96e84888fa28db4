"""Films that wait for their seal, and seals."""

from alembic import op
from kinora_kit.migrations import kit_tables

revision = "0001"
down_revision = None

_SEALING = """
create table sealing (
  video_id text not null,
  attempt_id text not null,
  account_id text not null,
  video_key text not null,
  sealed_key text not null,
  engine text not null,
  engine_version text not null,
  trained boolean not null,
  title text not null,
  remixed_from_video_id text not null,
  traceparent text,
  created_at timestamptz not null default now(),
  tries integer not null default 0,
  due_at timestamptz not null default now(),
  lease uuid,
  primary key (video_id, attempt_id)
)
"""
_SEALING_DUE = "create index sealing_due on sealing (due_at)"
_SEALS = """
create table seals (
  video_id text not null,
  attempt_id text not null,
  account_id text not null,
  video_key text not null,
  manifest bytea not null,
  manifest_label text not null,
  validation_state text not null,
  signer text not null,
  development boolean not null,
  sha256 text not null,
  size_bytes bigint not null,
  sealed_at timestamptz not null default now(),
  primary key (video_id, attempt_id)
)
"""


def upgrade() -> None:
    for statement in [*kit_tables(), _SEALING, _SEALING_DUE, _SEALS]:
        op.execute(statement)
