"""What engines can do, as they told last, and when one was seen."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """
        CREATE TABLE engine_sheets (
            model text NOT NULL,
            family text NOT NULL,
            sheet bytea,
            told_at timestamptz,
            seen_at timestamptz NOT NULL,
            PRIMARY KEY (model, family)
        )
        """
    )


def downgrade() -> None:
    op.execute("DROP TABLE engine_sheets")
