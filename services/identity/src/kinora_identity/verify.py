"""Tells who sends a bearer token."""

from collections.abc import Sequence
from dataclasses import dataclass

from kinora_kit.db import Database
from kinora_kit.identity import Identity
from kinora_kit.secret import digest, is_well_formed

from kinora_identity import session_store, store
from kinora_identity.domain import Account, KeyRevoked, KeyUnknown, require_service
from kinora_identity.tokens import Tokens, TokenUnknown


@dataclass(frozen=True)
class Bearer:
    """One of `key_id` and `session_id` is empty."""

    account: Account
    scopes: Sequence[str]
    key_id: str = ""
    session_id: str = ""
    stepped_up: bool = False


async def verify_bearer(database: Database, tokens: Tokens, caller: Identity, bearer: str) -> Bearer:
    """Raises KeyUnknown, KeyRevoked and TokenUnknown."""
    require_service(caller)
    return await (_api_key(database, bearer) if bearer.startswith("kn_") else _access_token(database, tokens, bearer))


async def _api_key(database: Database, secret: str) -> Bearer:
    if not is_well_formed(secret):
        raise KeyUnknown("This is no API key of this Kinora; check for a missing or mistyped character.")
    async with database.begin() as tx:
        found = await store.find_by_secret(tx, digest(secret))
    if found is None:
        raise KeyUnknown("This API key is unknown here.")
    key, account = found
    if key.revoked_at:
        raise KeyRevoked("This API key was revoked.")
    return Bearer(account, key.scopes, key_id=key.id)


async def _access_token(database: Database, tokens: Tokens, token: str) -> Bearer:
    session_id = await tokens.session_id(token)
    async with database.begin() as tx:
        found = await session_store.owner(tx, session_id)
    if found is None:
        raise TokenUnknown("The session of this access token has ended.")
    account, scopes, stepped_up = found
    return Bearer(account, scopes, session_id=session_id, stepped_up=stepped_up)
