"""Copies of films that leave, archives of all of an account's, and folders of files that are to be removed."""

from alembic import op

revision = "0005"
down_revision = "0004"

_WORK = """
  progress integer not null default 0,
  error text not null default '',
  key text not null default '',
  size_bytes bigint not null default 0,
  created_at timestamptz not null default now(),
  completed_at timestamptz,
  expires_at timestamptz,
  started_at timestamptz,
  tries integer not null default 0,
  due_at timestamptz not null default now(),
  lease uuid,
  traceparent text
"""
_EXPORTS = f"""
create table exports (
  id text primary key,
  account_id text not null,
  video_id text not null,
  film_sha256 text not null,
  format text not null,
  start_s double precision not null,
  end_s double precision not null,
  short_side integer not null,
  visible_mark boolean not null,
  credit text not null,
  state text not null default 'queued',
  content_type text not null default '',
  sha256 text not null default '',
  manifest_label text not null default '',
  {_WORK}
)
"""
_SAME = (
    "create unique index exports_same on exports (account_id, film_sha256, format, start_s, end_s, short_side, visible_mark, credit)"
    " where state <> 'failed'"
)
_ARCHIVES = f"""
create table archives (
  id text primary key,
  account_id text not null,
  state text not null default 'queued',
  videos integer not null default 0,
  {_WORK}
)
"""
_ONE_ARCHIVE = "create unique index archives_one on archives (account_id) where state in ('queued', 'running')"
_INDEXES = [
    "create index exports_video on exports (video_id)",
    "create index exports_account on exports (account_id, started_at)",
    "create index exports_waiting on exports (due_at) where state in ('queued', 'running')",
    "create index archives_account on archives (account_id)",
]
_DISCARDED = "create table discarded (folder text primary key, due_at timestamptz not null default now())"


def upgrade() -> None:
    for statement in [_EXPORTS, _SAME, _ARCHIVES, _ONE_ARCHIVE, *_INDEXES, _DISCARDED]:
        op.execute(statement)
