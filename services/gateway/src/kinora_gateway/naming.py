"""Accounts by their handles, and handles of accounts."""

from collections.abc import Sequence

from fastapi import Request
from kinora.identity.v1.identity_service_pb2 import FindAccountRequest, NameAccountsRequest

from kinora_gateway.session import Session, spend

_AT_ONCE = 1000


async def account(request: Request, session: Session, person: str) -> str:
    """The id that "@bob" stands for; an id is one already. Looking up is slowed down."""
    if not person.startswith("@"):
        return person
    spend(request, session, "lookups")
    return (await session.call(session.gateway.identity.FindAccount, FindAccountRequest(handle=person))).account_id


async def handles(session: Session, account_ids: Sequence[str]) -> dict[str, str]:
    """With their @, by account; of those that there are."""
    ids, found = sorted(set(account_ids)), {}
    for start in range(0, len(ids), _AT_ONCE):
        message = NameAccountsRequest(account_ids=ids[start : start + _AT_ONCE])
        named = (await session.call(session.gateway.identity.NameAccounts, message)).handles
        found.update({account_id: f"@{handle}" for account_id, handle in named.items()})
    return found
