"""Videos, the fair queue's tags, measured engine rates, media to remove."""

from alembic import op
from kinora_kit.migrations import kit_tables

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE videos (
        id text PRIMARY KEY,
        place bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
        account_id text NOT NULL,
        state text NOT NULL DEFAULT 'queued'
            CHECK (state IN ('queued', 'running', 'sealing', 'completed', 'failed', 'cancelled')),
        model text NOT NULL,
        prompt text NOT NULL,
        negative_prompt text NOT NULL,
        width int NOT NULL,
        height int NOT NULL,
        fps int NOT NULL,
        duration double precision NOT NULL,
        seconds int NOT NULL,
        seed bigint NOT NULL,
        storyboard text NOT NULL,
        notes text[] NOT NULL,
        first_frame_key text NOT NULL,
        remixed_from text NOT NULL,
        traceparent text NOT NULL,
        estimate double precision NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        deleted_at timestamptz,
        -- what watchers see: every change raises the revision
        revision bigint NOT NULL DEFAULT 1,
        fraction real NOT NULL DEFAULT 0,
        stage text NOT NULL DEFAULT 'waiting for an engine',
        preview bytea,
        preview_revision bigint NOT NULL DEFAULT 0,
        -- the lease: attempts only grows and is the fencing token
        attempts int NOT NULL DEFAULT 0,
        losses int NOT NULL DEFAULT 0,
        attempt_id text NOT NULL DEFAULT '',
        leased_at timestamptz,
        lease_until timestamptz,
        not_before timestamptz NOT NULL DEFAULT now(),
        -- the outcome
        error_code text NOT NULL DEFAULT '',
        error_message text NOT NULL DEFAULT '',
        raw_key text NOT NULL DEFAULT '',
        video_key text NOT NULL DEFAULT '',
        thumbnail_key text NOT NULL DEFAULT '',
        spritesheet_key text NOT NULL DEFAULT '',
        captions_key text NOT NULL DEFAULT '',
        engine_seconds double precision,
        cpu_seconds double precision
    )
    """,
    "CREATE INDEX videos_by_account ON videos (account_id, place) WHERE deleted_at IS NULL",
    "CREATE INDEX videos_unfinished ON videos (state, account_id, place) WHERE state IN ('queued', 'running')",
    "CREATE INDEX videos_by_first_frame ON videos (first_frame_key) WHERE first_frame_key <> '' AND deleted_at IS NULL",
    """
    CREATE TABLE shares (
        account_id text PRIMARY KEY,
        weight double precision NOT NULL CHECK (weight > 0),
        tag double precision NOT NULL DEFAULT 0
    )
    """,
    "CREATE TABLE queue_clock (only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row), virtual_time double precision NOT NULL)",
    "INSERT INTO queue_clock (virtual_time) VALUES (0)",
    "CREATE TABLE engine_rates (model text PRIMARY KEY, rate double precision NOT NULL)",
    "CREATE TABLE discarded (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, path text NOT NULL, due timestamptz NOT NULL)",
    "CREATE INDEX discarded_due ON discarded (due)",
)


def upgrade() -> None:
    for statement in (*TABLES, *kit_tables()):
        op.execute(statement)
