"""Whether a maker's handle is named in exports and look-ups: as they choose; without a choice adults are named, the young are not."""

from kinora.provenance.v1 import provenance_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity

from kinora_provenance import credit_store


async def get_credit(database: Database, caller: Identity) -> bool:
    async with database.begin() as tx:
        chosen = await credit_store.chosen(tx, [caller.account_id])
    return chosen.get(caller.account_id, named_by_default(caller.age_band))


async def set_credit(database: Database, caller: Identity, request: pb.SetCreditRequest) -> pb.SetCreditResponse:
    async def do() -> pb.SetCreditResponse:
        await credit_store.choose(tx, caller.account_id, named=request.named)
        return pb.SetCreditResponse(named=request.named)

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="SetCredit", request=request, reply=pb.SetCreditResponse, do=do)


def named_by_default(age_band: str) -> bool:
    """Whoever's age is unknown may be young."""
    return age_band == "adult"
