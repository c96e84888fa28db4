"""All SQL that goes over everything about one person."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_EXPORT = {
    "account": "select id, handle, display_name, role, email, birth_date, created_at from accounts where id = :id",
    "invited_by": "select i.handle from accounts a join accounts i on i.id = a.invited_by where a.id = :id",
    "invites": "select code, created_at, used_at from invites where owner_id = :id order by created_at",
    "sessions": "select id, client_id, device, network, created_at, last_used_at, ended_at from sessions where account_id = :id",
    "api_keys": "select id, name, prefix, scopes, created_at, revoked_at from api_keys where account_id = :id order by id",
    "authenticator_app": "select confirmed_at from totp where account_id = :id",
    "passkeys": "select id, name, created_at, last_used_at from passkeys where account_id = :id order by created_at",
    "parents": "select parent_id, asked_at, accepted_at from parent_links where child_id = :id order by asked_at",
    "children": "select child_id, asked_at, accepted_at from parent_links where parent_id = :id order by asked_at",
    "switches": "select * from switches where child_id = :id",
    "liveness": (
        "select s.id, s.state, s.language, s.needs, s.created_at, s.reasons_json as reasons,"
        " c.due as recording_kept_until, c.key as recording"
        " from liveness_sessions s left join liveness_clips c on c.key = s.clip_key and c.due > now()"
        " where s.account_id = :id order by s.id"
    ),
    "audit": "select number, at, action, details from audit where actor = :id or subject = :id order by number",
}
_OPERATORS = text("select pg_advisory_xact_lock(hashtextextended('kinora.identity.operators', 0))")
_OTHERS = text(
    "select exists (select from accounts where role = 'operator' and id <> :id)"
    " or not exists (select from accounts where role = 'operator' and id = :id)"
)
_FIND = text("select coalesce(email, '') from accounts where id = :id for update")
_ABOUT_TO_BE = text("select email from email_links where account_id = :id")
# What does not go with the account by itself. Replies to others may show the account: an operator who opened it.
_ERASE = (
    text("delete from mails where lower(address) = any(:addresses)"),
    text("delete from waitlist where lower(email) = any(:addresses)"),
    text("delete from sign_ups where lower(email) = any(:addresses)"),
    text("delete from email_links where lower(email) = any(:addresses)"),
    text("delete from replies where caller = :id or position(convert_to(:id, 'UTF8') in reply) > 0"),
    text("delete from passkey_challenges where account_id = :id"),
    text("update liveness_clips set due = now() where account_id = :id"),  # the sweep removes them
    text("delete from accounts where id = :id"),
)


async def everything(tx: AsyncConnection, account_id: str) -> dict[str, list[dict[str, Any]]]:
    """Rows by what they are about."""
    found = {}
    for name, statement in _EXPORT.items():
        found[name] = [dict(row) for row in (await tx.execute(text(statement), {"id": account_id})).mappings()]
    return found


async def leaves_an_operator(tx: AsyncConnection, account_id: str) -> bool:
    """Whether there is one without this account, or it is none; until the transaction ends nobody else takes one away."""
    await tx.execute(_OPERATORS)
    leaves: bool = (await tx.execute(_OTHERS, {"id": account_id})).scalar_one()
    return leaves


async def erase(tx: AsyncConnection, account_id: str) -> Sequence[str] | None:
    """Everything but the audit log, which knows the id alone. The addresses that it had or was to have; None when there is no account."""
    email = (await tx.execute(_FIND, {"id": account_id})).scalar()
    if email is None:
        return None
    known = [email, *(await tx.execute(_ABOUT_TO_BE, {"id": account_id})).scalars()]
    addresses = [address.lower() for address in known if address]
    for statement in _ERASE:
        await tx.execute(statement, {"id": account_id, "addresses": addresses})
    return addresses
