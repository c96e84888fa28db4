"""Uses in videos that are gone: copies of them may still be about, and whoever finds one may ask how consent stands."""

from alembic import op

revision = "0004"
down_revision = "0003"

TABLES = (
    "create table past_uses (like uses including defaults)",
    "create index past_uses_by_video on past_uses (video_id)",
    "create index past_uses_by_cameo on past_uses (cameo_id)",
    "create index past_uses_by_user on past_uses (user_account_id)",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
