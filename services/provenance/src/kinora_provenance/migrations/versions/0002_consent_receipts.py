"""The consent receipts of the likenesses in a film."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.execute("alter table sealing add column consent_receipts text[] not null default '{}'")
