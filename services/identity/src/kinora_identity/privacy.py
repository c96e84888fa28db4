"""What identity holds about a person, told and erased."""

import json

from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.errors import FailedPrecondition
from kinora_kit.identity import Identity
from kinora_media.store import MediaStore
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit, privacy_store
from kinora_identity.clients import Postman
from kinora_identity.domain import AccountNotFound, account_in_question, is_operator, require_stepped_up

_LINK_S = 3600
_log = log.get("kinora.identity")


class LastOperator(FailedPrecondition):
    pass


async def export_account(database: Database, media: MediaStore, caller: Identity) -> str:
    """One JSON object, without secrets and their hashes; recordings that are kept are links for an hour."""
    require_stepped_up(caller)
    async with database.begin() as tx:
        found = await privacy_store.everything(tx, caller.account_id)
        if not found["account"]:
            raise AccountNotFound("There is no such account.")
        await audit.add(tx, caller.account_id, "account.exported", caller.account_id)
    for session in found["liveness"]:
        key, name = session["recording"], session["id"]
        session["recording"] = key and media.sign(key, ttl_s=_LINK_S, content_type="application/octet-stream", filename=name)
    return json.dumps(found, ensure_ascii=False, default=str)


async def erase_account(database: Database, postman: Postman, caller: Identity, account_id: str) -> None:
    """One's own, or by an operator another's. Raises LastOperator, who would leave nobody to run this Kinora."""
    if not is_operator(caller):
        require_stepped_up(caller)
    account_id = account_in_question(caller, account_id)
    async with database.begin() as tx:
        if not await privacy_store.leaves_an_operator(tx, account_id):
            raise LastOperator("You are the only operator; make somebody else one first.")
        addresses = await privacy_store.erase(tx, account_id)
        if addresses is None:
            raise AccountNotFound("There is no such account.", param="account_id")
        await outbox.forget(tx, key=account_id)
        await outbox.add(tx, AccountErased(account_id=account_id), key=account_id)
        await audit.add(tx, caller.account_id, "account.erased", account_id)
    for address in addresses:
        await postman.forget(address)
    _log.info("account.erased", account_id=account_id)


async def erased_before(tx: AsyncConnection, event: AccountErased) -> None:
    """An account that a restored backup has brought back is erased again; but for that, it is gone when this is heard."""
    if await privacy_store.erase(tx, event.account_id) is not None:
        await audit.add(tx, event.account_id, "account.erased_again", event.account_id)
        _log.info("account.erased_again", account_id=event.account_id)
