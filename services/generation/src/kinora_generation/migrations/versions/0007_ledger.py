"""Engine seconds: what each video reserved, took and gave back, and whose turn it is at each engine by itself.

`shares` and `queue_clock` are what the release before goes by; they go with the release after.
"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_VIDEO = {
    "unit": "text NOT NULL DEFAULT 'cpu_second'",
    "ai_act_label": "text NOT NULL DEFAULT ''",
    "rate_key": "text NOT NULL DEFAULT ''",
    "per_second": "double precision NOT NULL DEFAULT 1",
}
_TABLES = (
    """
    CREATE TABLE ledger (
        video_id text PRIMARY KEY,
        account_id text NOT NULL,
        model text NOT NULL,
        unit text NOT NULL,
        reserved double precision NOT NULL CHECK (reserved >= 0),
        settled double precision NOT NULL DEFAULT 0 CHECK (settled >= 0),
        refunded double precision NOT NULL DEFAULT 0 CHECK (refunded >= 0),
        reserved_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz
    )
    """,
    "CREATE INDEX ledger_by_account ON ledger (account_id, reserved_at)",
    """
    CREATE TABLE pool_shares (
        account_id text NOT NULL,
        model text NOT NULL,
        weight double precision NOT NULL CHECK (weight > 0),
        tag double precision NOT NULL DEFAULT 0,
        PRIMARY KEY (account_id, model)
    )
    """,
    "CREATE TABLE pool_clocks (model text PRIMARY KEY, virtual_time double precision NOT NULL)",
    "INSERT INTO pool_shares SELECT account_id, model, weight, tag FROM shares CROSS JOIN (SELECT DISTINCT model FROM videos) AS pools",
    "INSERT INTO pool_clocks SELECT model, virtual_time FROM queue_clock CROSS JOIN (SELECT DISTINCT model FROM videos) AS pools",
    "ALTER TABLE engine_rates ADD COLUMN per_second double precision NOT NULL DEFAULT 1",
)


def upgrade() -> None:
    op.execute("ALTER TABLE videos " + ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in _VIDEO.items()))
    for statement in _TABLES:
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE engine_rates DROP COLUMN per_second")
    for table in ("pool_clocks", "pool_shares", "ledger"):
        op.execute(f"DROP TABLE {table}")
    op.execute("ALTER TABLE videos " + ", ".join(f"DROP COLUMN {name}" for name in _VIDEO))
