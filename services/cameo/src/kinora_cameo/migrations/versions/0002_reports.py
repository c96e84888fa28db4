"""What owners report of videos with their likeness."""

from alembic import op

revision = "0002"
down_revision = "0001"

_REPORTS = """
create table reports (
  id text primary key,
  cameo_id text not null references cameos on delete cascade,
  video_id text not null,
  words text not null,
  at timestamptz not null default now()
)
"""
_BY_CAMEO = "create index reports_by_cameo on reports (cameo_id, id)"


def upgrade() -> None:
    for statement in (_REPORTS, _BY_CAMEO):
        op.execute(statement)
