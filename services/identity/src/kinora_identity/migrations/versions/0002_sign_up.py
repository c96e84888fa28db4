"""The door, invites, the waitlist, sign-ups, and mails."""

from alembic import op

revision = "0002"
down_revision = "0001"

_ACCOUNTS = """
alter table accounts
  add column birth_date date,
  add column email text,
  add column password_hash text,
  add column invited_by text references accounts on delete set null
"""
_ONE_ACCOUNT_PER_ADDRESS = "create unique index accounts_by_email on accounts (lower(email))"
_DOOR = """
create table door (
  single boolean primary key default true check (single),
  mode text not null check (mode in ('invite', 'open', 'closed'))
)
"""
_DOOR_BY_INVITE = "insert into door (mode) values ('invite')"
# used_at stays when the account that used the code is gone: a code lets one person in.
_INVITES = """
create table invites (
  code text primary key,
  owner_id text not null references accounts on delete cascade,
  created_at timestamptz not null default now(),
  used_at timestamptz,
  used_by text references accounts on delete set null
)
"""
_INVITES_BY_OWNER = "create index invites_by_owner on invites (owner_id, created_at)"
_WAITLIST = """
create table waitlist (
  id bigint generated always as identity primary key,
  email text not null,
  ticket_sha256 bytea not null unique,
  joined_at timestamptz not null default now(),
  admitted_at timestamptz
)
"""
_WAITLIST_BY_ADDRESS = "create unique index waitlist_by_email on waitlist (lower(email))"
_WAITING = "create index waiting on waitlist (id) where admitted_at is null"
# A sign-up keeps its handle and its code until it is confirmed or expires.
_SIGN_UPS = """
create table sign_ups (
  id text primary key,
  handle text not null unique,
  display_name text not null,
  birth_date date not null,
  email text not null,
  password_hash text not null,
  code text unique references invites on delete cascade,
  token_sha256 bytea not null unique,
  expires_at timestamptz not null default now() + interval '1 day'
)
"""
_MAILS = """
create table mails (
  id bigint generated always as identity primary key,
  address text not null,
  subject text not null,
  closed_body text,
  created_at timestamptz not null default now(),
  due_at timestamptz not null default now(),
  tries int not null default 0,
  done_at timestamptz
)
"""
_MAILS_DUE = "create index mails_due on mails (due_at) where done_at is null"
_MAILS_BY_ADDRESS = "create index mails_by_address on mails (lower(address), created_at)"


def upgrade() -> None:
    for statement in [
        _ACCOUNTS, _ONE_ACCOUNT_PER_ADDRESS, _DOOR, _DOOR_BY_INVITE, _INVITES, _INVITES_BY_OWNER, _WAITLIST, _WAITLIST_BY_ADDRESS,
        _WAITING, _SIGN_UPS, _MAILS, _MAILS_DUE, _MAILS_BY_ADDRESS,
    ]:  # fmt: skip
        op.execute(statement)
