"""An account is gone: so is every likeness of it, every video with one, and its name in other people's lists."""

from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit import log
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import past_uses, store, thing_store, use_store
from kinora_cameo.revoking import remove
from kinora_cameo.withdraw import take_back

_log = log.get("kinora.cameo")


async def account_erased(tx: AsyncConnection, event: AccountErased) -> None:
    """Finished videos with its likeness are removed too: nobody is left who could choose that they stay."""
    cameos = await store.lock_owned(tx, [event.account_id])
    for cameo in cameos:
        await take_back(tx, cameo)
        for use in await use_store.of_cameo(tx, cameo.id):
            await remove(tx, use)
    await past_uses.forget_owner(tx, event.account_id)
    await thing_store.forget(tx, event.account_id)
    await store.forget_account(tx, event.account_id)
    _log.info("account.erased", account_id=event.account_id, cameos=len(cameos))
