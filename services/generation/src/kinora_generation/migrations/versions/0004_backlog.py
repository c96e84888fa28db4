"""What waits, in the order of its age: scaling asks for it every few seconds.

Videos cannot be queued while the index is built: 0.3 s with 200,000 of them. Where there are very many more, make it beforehand,
by the same statement with CONCURRENTLY.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("CREATE INDEX IF NOT EXISTS videos_backlog ON videos (model, created_at) INCLUDE (estimate) WHERE state = 'queued'")


def downgrade() -> None:
    op.execute("DROP INDEX videos_backlog")
