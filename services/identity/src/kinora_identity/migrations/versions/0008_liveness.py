"""Liveness sessions, and until when their clips are kept."""

from alembic import op

revision = "0008"
down_revision = "0007"

# `path` is how the clip comes in: live, or upload. `reveals` are seconds after the capture began. `failed_at` is set for a session that
# came to nothing after something had been revealed. `lease` fences the worker that looks at the clip.
_SESSIONS = """
create table liveness_sessions (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  state text not null default 'created' check (state in
    ('created', 'capturing', 'analysing', 'approved', 'retry', 'review', 'declined', 'expired', 'used')),
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  failed_at timestamptz,
  language text not null,
  needs text[] not null,
  challenge_json text not null,
  items_json text not null,
  ends_s double precision not null,
  path text not null default '',
  reveals double precision[] not null default '{}',
  stopped_at timestamptz,
  received_s double precision,
  typed text[] not null default '{}',
  source_key text not null default '',
  clip_key text not null default '',
  reasons_json text not null default '[]',
  remarks text[] not null default '{}',
  submitted_at timestamptz,
  lease text not null default '',
  lease_until timestamptz not null default '-infinity',
  tries int not null default 0,
  redeemed_by text not null default ''
)
"""
_BY_ACCOUNT = "create index liveness_by_account on liveness_sessions (account_id, id)"
_WAITING = "create index liveness_waiting on liveness_sessions (expires_at) where expires_at is not null"
_QUEUE = "create index liveness_queue on liveness_sessions (submitted_at) where state = 'analysing'"
_REVIEWS = "create index liveness_reviews on liveness_sessions (submitted_at) where state = 'review'"
# A row for each clip in the media store, from before it is put there until it is removed. No foreign key: it outlives its account.
_CLIPS = """
create table liveness_clips (
  key text primary key,
  account_id text not null,
  due timestamptz not null
)
"""
_DUE = "create index liveness_clips_due on liveness_clips (due)"


def upgrade() -> None:
    for statement in [_SESSIONS, _BY_ACCOUNT, _WAITING, _QUEUE, _REVIEWS, _CLIPS, _DUE]:
        op.execute(statement)
