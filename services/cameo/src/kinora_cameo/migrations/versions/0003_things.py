"""Pets and objects in the making; which liveness session gave which likeness, the replaced ones too."""

from alembic import op

revision = "0003"
down_revision = "0002"

STATEMENTS = (
    "create table enrolments (session_id text primary key, cameo_id text not null references cameos on delete cascade)",
    "create index enrolments_by_cameo on enrolments (cameo_id)",
    "alter table cameos drop column session_id",
    """
    create table things (
      id text primary key,
      account_id text not null,
      kind text not null check (kind in ('pet', 'object')),
      source text not null,
      blob text,
      master_id text,
      wrapped_key bytea,
      forgotten_at timestamptz not null,
      check (num_nulls(blob, master_id, wrapped_key) in (0, 3))
    )
    """,
    "create index things_by_account on things (account_id)",
    "create index things_by_end on things (forgotten_at)",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
