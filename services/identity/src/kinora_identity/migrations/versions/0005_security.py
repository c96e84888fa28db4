"""Second factors, step-up and the audit log."""

from alembic import op

revision = "0005"
down_revision = "0004"

_STEP_UP = "alter table sessions add column stepped_up_until timestamptz not null default '-infinity'"
_HOW = [f"alter table {table} add column amr text[] not null default '{{}}'" for table in ("oauth_codes", "oauth_devices")]
_TOTP = """
create table totp (
  account_id text primary key references accounts on delete cascade,
  closed_secret text not null,
  confirmed_at timestamptz,
  last_step bigint not null default 0
)
"""
_RECOVERY_CODES = """
create table recovery_codes (
  account_id text not null references accounts on delete cascade,
  code_sha256 bytea not null,
  primary key (account_id, code_sha256)
)
"""
# No foreign keys: what was done stays, also when the account is gone.
_AUDIT = """
create table audit (
  number bigint primary key,
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  details text not null,
  sha256 bytea not null
)
"""
_AUDIT_BY_ACTOR = "create index audit_by_actor on audit (actor, number)"
_AUDIT_BY_SUBJECT = "create index audit_by_subject on audit (subject, number)"
_APPEND_ONLY = """
create function audit_is_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the audit log is append-only'; end $$
"""
_GUARD = """
create trigger audit_append_only before update or delete or truncate on audit
for each statement execute function audit_is_append_only()
"""


def upgrade() -> None:
    for statement in [_STEP_UP, *_HOW, _TOTP, _RECOVERY_CODES, _AUDIT, _AUDIT_BY_ACTOR, _AUDIT_BY_SUBJECT, _APPEND_ONLY, _GUARD]:
        op.execute(statement)
