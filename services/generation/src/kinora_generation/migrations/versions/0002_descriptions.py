"""Two more files of a finished video: its audio description as text, and what happens in it."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE videos ADD COLUMN descriptions_key text NOT NULL DEFAULT '', ADD COLUMN events_key text NOT NULL DEFAULT ''")


def downgrade() -> None:
    op.execute("ALTER TABLE videos DROP COLUMN descriptions_key, DROP COLUMN events_key")
