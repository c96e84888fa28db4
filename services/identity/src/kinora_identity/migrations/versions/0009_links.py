"""Links that prove an address; several links to set a password may be on their way."""

from alembic import op

revision = "0009"
down_revision = "0008"

_EMAIL_LINKS = """
create table email_links (
  token_sha256 bytea primary key,
  account_id text not null unique references accounts on delete cascade,
  email text not null,
  expires_at timestamptz not null default now() + interval '1 day'
)
"""
# Else strangers who ask again and again would spoil the link that its owner is about to open.
_SEVERAL = "alter table password_links drop constraint password_links_account_id_key"
_LINKS_BY_ACCOUNT = "create index password_links_by_account on password_links (account_id)"
_MAILS_BY_KIND = "create index mails_by_address_and_subject on mails (lower(address), subject, created_at)"


def upgrade() -> None:
    for statement in [_EMAIL_LINKS, _SEVERAL, _LINKS_BY_ACCOUNT, "drop index mails_by_address", _MAILS_BY_KIND]:
        op.execute(statement)
