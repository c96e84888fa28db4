"""The tables that the kit itself needs in every service's schema."""

_OUTBOX = """
create table outbox (
  id bigint generated always as identity primary key,
  event_id uuid not null unique,
  topic text not null,
  type text not null,
  key text not null,
  payload bytea not null,
  traceparent text,
  created_at timestamptz not null default now(),
  published_at timestamptz
)
"""
_OUTBOX_WAITING = "create index outbox_waiting on outbox (id) where published_at is null"
_INBOX = """
create table inbox (
  consumer text not null,
  event_id uuid not null,
  received_at timestamptz not null default now(),
  primary key (consumer, event_id)
)
"""
_REPLIES = """
create table replies (
  caller text not null,
  rpc text not null,
  request_id text not null,
  body_hash bytea not null,
  reply bytea,
  created_at timestamptz not null default now(),
  primary key (caller, rpc, request_id)
)
"""
_REPLIES_BY_BODY = "create index replies_by_body on replies (caller, rpc, body_hash, created_at)"


def kit_tables() -> list[str]:
    """Statements for a service's first revision: `for statement in kit_tables(): op.execute(statement)`."""
    return [_OUTBOX, _OUTBOX_WAITING, _INBOX, _REPLIES, _REPLIES_BY_BODY]
