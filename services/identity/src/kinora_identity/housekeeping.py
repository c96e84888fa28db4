"""What must happen now and then."""

import asyncio

from kinora_kit.db import Database

from kinora_identity import entry_store, link_store, mail_store, oauth_store, passkey_store, session_store, tries
from kinora_identity.liveness import store as liveness_store
from kinora_identity.signing_keys import SigningKeys

_EVERY_S = 600.0


async def keep_house(database: Database, keys: SigningKeys) -> None:
    """Until cancelled: keys in time; what has expired is forgotten."""
    while True:
        await asyncio.sleep(_EVERY_S)
        await keys.ensure()
        async with database.begin() as tx:
            await session_store.forget_ended(tx)
            await tries.forget_old(tx)
            await entry_store.forget_expired(tx)
            await oauth_store.forget_expired(tx)
            await passkey_store.forget_expired(tx)
            await liveness_store.forget_old(tx)
            await link_store.forget_expired(tx)
            await mail_store.forget_done(tx)
