"""Tells whose key a secret is."""

from kinora_kit.db import Database
from kinora_kit.identity import Identity

from kinora_identity import store
from kinora_identity.domain import Account, ApiKey, KeyRevoked, KeyUnknown, require_service
from kinora_identity.secret import digest, is_well_formed


async def verify_api_key(database: Database, caller: Identity, secret: str) -> tuple[ApiKey, Account]:
    """Raises KeyUnknown and KeyRevoked."""
    require_service(caller)
    if not is_well_formed(secret):
        raise KeyUnknown("This is no API key of this Kinora; check for a missing or mistyped character.")
    async with database.begin() as tx:
        found = await store.find_by_secret(tx, digest(secret))
    if found is None:
        raise KeyUnknown("This API key is unknown here.")
    if found[0].revoked_at:
        raise KeyRevoked("This API key was revoked.")
    return found
