"""Taking a likeness back for good."""

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoWithdrawn
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, wire
from kinora_cameo.consent import Route
from kinora_cameo.domain import Cameo
from kinora_cameo.own import own
from kinora_cameo.revoking import recheck

_log = log.get("kinora.cameo")


async def withdraw_cameo(database: Database, caller: Identity, request: pb.WithdrawCameoRequest) -> pb.WithdrawCameoResponse:
    """Raises CameoNotFound. Withdrawing again changes nothing."""

    async def do() -> pb.WithdrawCameoResponse:
        cameo = await own(tx, caller, request.cameo_id, Route.OVERSEE, lock=True)
        return pb.WithdrawCameoResponse(cameo=wire.cameo(await withdrawn(tx, cameo)))

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="WithdrawCameo", request=request, reply=pb.WithdrawCameoResponse, do=do)


async def withdrawn(tx: AsyncConnection, cameo: Cameo) -> Cameo:
    """Its key is destroyed, its jobs end. The row must be locked for update."""
    if cameo.withdrawn_at is not None:
        return cameo
    gone = await store.withdraw(tx, cameo)
    await recheck(tx, gone)
    await outbox.add(tx, CameoWithdrawn(cameo_id=cameo.id, account_id=cameo.account_id), key=cameo.id)
    _log.info("cameo.withdrawn", cameo_id=cameo.id)
    return gone
