"""Passes made on request: which were asked for, and their files."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_FILES = ("depth", "segmentation", "motion", "pose", "passes")


def upgrade() -> None:
    added = ", ".join(f"ADD COLUMN {name}_key text NOT NULL DEFAULT ''" for name in _FILES)
    op.execute(f"ALTER TABLE videos ADD COLUMN passes text[] NOT NULL DEFAULT '{{}}', {added}")


def downgrade() -> None:
    dropped = ", ".join(f"DROP COLUMN {name}_key" for name in _FILES)
    op.execute(f"ALTER TABLE videos DROP COLUMN passes, {dropped}")
