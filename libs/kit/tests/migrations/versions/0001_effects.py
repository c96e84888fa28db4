from alembic import op
from kinora_kit.migrations import kit_tables

revision = "0001"
down_revision = None


def upgrade() -> None:
    for statement in kit_tables():
        op.execute(statement)
    op.execute("create table effects (id bigint generated always as identity, video_id text, note text)")
