"""Taking a likeness back for good."""

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoWithdrawn
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, use_store, wire
from kinora_cameo.consent import Route
from kinora_cameo.domain import Cameo
from kinora_cameo.own import own
from kinora_cameo.revoking import recheck, remove

_log = log.get("kinora.cameo")


async def withdraw_cameo(database: Database, caller: Identity, request: pb.WithdrawCameoRequest) -> pb.WithdrawCameoResponse:
    """Raises CameoNotFound. Withdrawing again changes nothing, but may have the videos removed after all."""

    async def do() -> pb.WithdrawCameoResponse:
        cameo = await own(tx, caller, request.cameo_id, Route.OVERSEE, lock=True)
        gone = await _withdrawn(tx, cameo) if cameo.withdrawn_at is None else cameo
        return pb.WithdrawCameoResponse(
            cameo=wire.cameo(gone), videos_removed=await _finished_removed(tx, gone) if request.remove_videos else 0
        )

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="WithdrawCameo", request=request, reply=pb.WithdrawCameoResponse, do=do)


async def _finished_removed(tx: AsyncConnection, cameo: Cameo) -> int:
    finished = [use for use in await use_store.of_cameo(tx, cameo.id) if use.stage == "completed" and use.removed_at is None]
    for use in finished:
        await remove(tx, use)
    return len(finished)


async def take_back(tx: AsyncConnection, cameo: Cameo) -> Cameo:
    """Its key is destroyed, its jobs end. The row must be locked for update."""
    gone = await store.withdraw(tx, cameo)
    await recheck(tx, gone)
    return gone


async def _withdrawn(tx: AsyncConnection, cameo: Cameo) -> Cameo:
    gone = await take_back(tx, cameo)
    await outbox.add(tx, CameoWithdrawn(cameo_id=cameo.id, account_id=cameo.account_id), key=cameo.id)
    _log.info("cameo.withdrawn", cameo_id=cameo.id)
    return gone
