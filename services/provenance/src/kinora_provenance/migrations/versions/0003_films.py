"""What the ids in marks mean, and how makers want to be named."""

from alembic import op

revision = "0003"
down_revision = "0002"

# The id's 64 bits, read as signed. Of an erased account's films only identity, engine and times stay.
_FILMS = """
create table films (
  identity bigint primary key,
  video_id text,
  attempt_id text,
  account_id text,
  remixed_from_video_id text,
  engine text not null,
  engine_version text not null,
  trained boolean not null,
  made_at timestamptz not null default now(),
  deleted_at timestamptz
)
"""
_FILMS_VIDEO = "create index films_video on films (video_id)"
_FILMS_ACCOUNT = "create index films_account on films (account_id)"
_SEALING = "alter table sealing add column identity bigint not null default 0, add column stills jsonb not null default '[]'"
_SEALS = "alter table seals add column identity bigint not null default 0"
_SEALS_LABEL = "create index seals_label on seals (manifest_label)"
_CREDITS = "create table credits (account_id text primary key, named boolean not null)"


def upgrade() -> None:
    for statement in [_FILMS, _FILMS_VIDEO, _FILMS_ACCOUNT, _SEALING, _SEALS, _SEALS_LABEL, _CREDITS]:
        op.execute(statement)
