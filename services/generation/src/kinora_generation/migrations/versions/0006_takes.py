"""What more can steer a video, what it is made from, and what the next one can be made from."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_TEXTS = ("last_frame_key", "guidance", "full_size", "source", "source_key", "take_key", "audio_key")
_OTHERS = {
    "keyframes": "jsonb NOT NULL DEFAULT '[]'",
    "loras": "text[] NOT NULL DEFAULT '{}'",
    "kept_s": "double precision NOT NULL DEFAULT 0",
}


def upgrade() -> None:
    added = dict.fromkeys(_TEXTS, "text NOT NULL DEFAULT ''") | _OTHERS
    op.execute("ALTER TABLE videos " + ", ".join(f"ADD COLUMN {name} {kind}" for name, kind in added.items()))
    op.execute("CREATE INDEX videos_by_last_frame ON videos (last_frame_key) WHERE last_frame_key <> '' AND deleted_at IS NULL")
    op.execute("CREATE INDEX videos_by_keyframes ON videos USING gin (keyframes jsonb_path_ops) WHERE deleted_at IS NULL")


def downgrade() -> None:
    op.execute("ALTER TABLE videos " + ", ".join(f"DROP COLUMN {name}" for name in (*_TEXTS, *_OTHERS)))
