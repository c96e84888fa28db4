"""Accounts and API keys."""

from alembic import op
from kinora_kit.migrations import kit_tables

revision = "0001"
down_revision = None

_ACCOUNTS = """
create table accounts (
  id text primary key,
  handle text not null unique,
  display_name text not null,
  role text not null check (role in ('user', 'moderator', 'operator')),
  created_at timestamptz not null default now()
)
"""
_API_KEYS = """
create table api_keys (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  name text not null,
  prefix text not null,
  secret_sha256 bytea not null unique,
  scopes text[] not null check (cardinality(scopes) > 0),
  created_at timestamptz not null default now(),
  revoked_at timestamptz
)
"""
_API_KEYS_BY_ACCOUNT = "create index api_keys_by_account on api_keys (account_id, id)"


def upgrade() -> None:
    for statement in [*kit_tables(), _ACCOUNTS, _API_KEYS, _API_KEYS_BY_ACCOUNT]:
        op.execute(statement)
