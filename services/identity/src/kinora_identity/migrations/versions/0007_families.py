"""Links of young people to their parents, and what those have relaxed."""

from alembic import op

revision = "0007"
down_revision = "0006"

_LINKS = """
create table parent_links (
  child_id text not null references accounts on delete cascade,
  parent_id text not null references accounts on delete cascade,
  asked_at timestamptz not null default now(),
  accepted_at timestamptz,
  primary key (child_id, parent_id),
  check (child_id <> parent_id)
)
"""
_LINKS_BY_PARENT = "create index parent_links_by_parent on parent_links (parent_id)"
_SWITCHES = """
create table switches (
  child_id text primary key references accounts on delete cascade,
  infinite_scroll boolean not null,
  stop_after_minutes int not null,
  cool_down_minutes int not null,
  quiet_from int not null,
  quiet_until int not null
)
"""


def upgrade() -> None:
    for statement in [_LINKS, _LINKS_BY_PARENT, _SWITCHES]:
        op.execute(statement)
