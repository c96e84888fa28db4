"""Cameos, their keys, consent, and their use in videos."""

from alembic import op
from kinora_kit.migrations import kit_tables

revision = "0001"
down_revision = None

TABLES = (
    """
    create table cameos (
      id text primary key,
      account_id text not null,
      handle text,
      kind text not null check (kind in ('person', 'pet', 'object')),
      session_id text not null unique,
      audience text not null default 'only_me' check (audience in ('only_me', 'approved', 'mutuals', 'everyone')),
      grant_id text not null,
      strict boolean not null default false,
      limits text[] not null default '{}',
      enrolled_at timestamptz not null default now(),
      only_me_until timestamptz not null,
      withdrawn_at timestamptz,
      check ((handle is null) = (withdrawn_at is not null))
    )
    """,
    "create unique index cameos_by_handle on cameos (handle)",
    "create index cameos_by_account on cameos (account_id, id)",
    "create unique index cameos_one_person on cameos (account_id) where kind = 'person' and withdrawn_at is null",
    """
    create table packages (
      cameo_id text primary key references cameos on delete cascade,
      blob text not null,
      master_id text not null,
      wrapped_key bytea not null
    )
    """,
    "create table discarded (blob text primary key, due timestamptz not null)",
    """
    create table people (
      cameo_id text not null references cameos on delete cascade,
      account_id text not null,
      approved boolean not null,
      grant_id text not null,
      decided_at timestamptz not null default now(),
      primary key (cameo_id, account_id)
    )
    """,
    "create index people_by_account on people (account_id)",
    # Without biometrics; it stays until the account goes, so that receipts can be matched.
    """
    create table consent_log (
      id text primary key,
      cameo_id text not null references cameos on delete cascade,
      what text not null,
      account_id text,
      at timestamptz not null default now()
    )
    """,
    "create index consent_log_by_cameo on consent_log (cameo_id, id)",
    "create index consent_log_by_account on consent_log (account_id) where account_id is not null",
    # What social will tell: one row per direction.
    """
    create table ties (
      from_account_id text not null,
      to_account_id text not null,
      follows boolean not null default false,
      blocks boolean not null default false,
      primary key (from_account_id, to_account_id)
    )
    """,
    "create index ties_to on ties (to_account_id)",
    """
    create table uses (
      video_id text not null,
      cameo_id text not null references cameos on delete cascade,
      handle text not null,
      user_account_id text not null,
      stage text not null default 'submitted' check (stage in ('submitted', 'dispatched', 'published', 'completed')),
      speaks boolean not null,
      accompanied boolean not null,
      video_key text not null default '',
      receipt text not null default '',
      used_at timestamptz not null default now(),
      revoked_at timestamptz,
      removed_at timestamptz,
      primary key (video_id, cameo_id)
    )
    """,
    """
    create table receipt_keys (
      id text primary key,
      public_key bytea not null,
      master_id text not null,
      wrapped_key bytea not null,
      created_at timestamptz not null default now()
    )
    """,
    "create index uses_by_cameo on uses (cameo_id, used_at)",
    "create index uses_by_user on uses (user_account_id)",
)


def upgrade() -> None:
    for statement in [*kit_tables(), *TABLES]:
        op.execute(statement)
