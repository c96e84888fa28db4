"""The development CA, for processes that have no folder in common."""

from alembic import op

revision = "0006"
down_revision = "0005"

_DEVELOPMENT_CA = """
create table development_ca (
  the_one boolean primary key default true check (the_one),
  root text not null,
  intermediate text not null,
  key text not null
)
"""


def upgrade() -> None:
    op.execute(_DEVELOPMENT_CA)
