"""Sessions, refresh tokens, signing keys, tries, and links to set a password."""

from alembic import op

revision = "0003"
down_revision = "0002"

_SIGNING_KEYS = """
create table signing_keys (
  kid text primary key,
  public_jwk text not null,
  closed_private text not null,
  signs_from timestamptz not null,
  signs_until timestamptz not null,
  listed_until timestamptz not null
)
"""
_SESSIONS = """
create table sessions (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  client_id text not null default '',
  device text not null,
  network text not null,
  scopes text[] not null,
  amr text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '180 days',
  ended_at timestamptz
)
"""
_SESSIONS_BY_ACCOUNT = "create index sessions_by_account on sessions (account_id, id)"
# Used ones stay as long as their session, so that a stolen one is noticed whenever it comes back.
_REFRESH_TOKENS = """
create table refresh_tokens (
  token_sha256 bytea primary key,
  session_id text not null references sessions on delete cascade,
  created_at timestamptz not null default now(),
  used_at timestamptz
)
"""
_REFRESH_TOKENS_BY_SESSION = "create index refresh_tokens_by_session on refresh_tokens (session_id)"
_TRIES = """
create table tries (
  key bytea primary key,
  failures int not null,
  last_at timestamptz not null,
  blocked_until timestamptz not null
)
"""
_LINKS = """
create table password_links (
  token_sha256 bytea primary key,
  account_id text not null unique references accounts on delete cascade,
  expires_at timestamptz not null default now() + interval '1 hour'
)
"""


def upgrade() -> None:
    for statement in [
        _SIGNING_KEYS, _SESSIONS, _SESSIONS_BY_ACCOUNT, _REFRESH_TOKENS, _REFRESH_TOKENS_BY_SESSION, _TRIES, _LINKS,
    ]:  # fmt: skip
        op.execute(statement)
