"""OAuth clients, codes, and the device grant."""

from alembic import op

revision = "0004"
down_revision = "0003"

_CLIENTS = """
create table oauth_clients (
  id text primary key,
  name text not null,
  redirect_uris text[] not null,
  created_at timestamptz not null default now()
)
"""
_COMMAND_LINE = "insert into oauth_clients (id, name, redirect_uris) values ('kinora-cli', 'The kinora command', '{}')"
# Used codes stay until they would have expired, so that a second use is noticed.
_CODES = """
create table oauth_codes (
  code_sha256 bytea primary key,
  client_id text not null references oauth_clients on delete cascade,
  account_id text not null references accounts on delete cascade,
  redirect_uri text not null,
  challenge text not null,
  scopes text[] not null,
  device text not null,
  network text not null,
  session_id text references sessions on delete cascade,
  expires_at timestamptz not null default now() + interval '1 minute'
)
"""
_DEVICES = """
create table oauth_devices (
  device_sha256 bytea primary key,
  user_code text not null unique,
  client_id text not null references oauth_clients on delete cascade,
  scopes text[] not null,
  device text not null,
  network text not null,
  account_id text references accounts on delete cascade,
  refused boolean not null default false,
  interval_s int not null default 5,
  polled_at timestamptz,
  expires_at timestamptz not null default now() + interval '10 minutes'
)
"""


def upgrade() -> None:
    for statement in [_CLIENTS, _COMMAND_LINE, _CODES, _DEVICES]:
        op.execute(statement)
