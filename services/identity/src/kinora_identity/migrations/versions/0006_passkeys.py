"""Passkeys, and the challenges that they answer."""

from alembic import op

revision = "0006"
down_revision = "0005"

_PASSKEYS = """
create table passkeys (
  id text primary key,
  account_id text not null references accounts on delete cascade,
  name text not null,
  public_key bytea not null,
  sign_count bigint not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz
)
"""
_PASSKEYS_BY_ACCOUNT = "create index passkeys_by_account on passkeys (account_id, created_at)"
# account_id is empty for a challenge that anybody's passkey may answer, to sign in.
_CHALLENGES = """
create table passkey_challenges (
  challenge bytea primary key,
  purpose text not null check (purpose in ('add', 'sign-in', 'step-up')),
  account_id text not null,
  expires_at timestamptz not null default now() + interval '5 minutes'
)
"""


def upgrade() -> None:
    for statement in [_PASSKEYS, _PASSKEYS_BY_ACCOUNT, _CHALLENGES]:
        op.execute(statement)
