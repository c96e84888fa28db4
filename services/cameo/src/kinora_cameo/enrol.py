"""A checked likeness becomes a cameo."""

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoEnrolled
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import sealing, store, wire
from kinora_cameo.domain import CameoExists, Kind, cameo_handle, check_id, check_package, require_service
from kinora_cameo.settings import Settings
from kinora_cameo.vault import Vault

_log = log.get("kinora.cameo")


async def enrol_cameo(
    database: Database, vault: Vault, settings: Settings, caller: Identity, request: pb.EnrolCameoRequest
) -> pb.EnrolCameoResponse:
    """Raises BadField and CameoExists; then no package stays."""
    require_service(caller)
    account_id, session_id = check_id(request.account_id, "account_id"), check_id(request.session_id, "session_id")
    kind = wire.kind(request.kind)
    handle, package = cameo_handle(request.account_handle, kind, request.name), check_package(request.package)
    cameo_id = store.new_cameo_id()
    sealed = await sealing.sealed(database, vault, account_id, cameo_id, package)

    async def do() -> pb.EnrolCameoResponse:
        new = await store.add(tx, cameo_id=cameo_id, account_id=account_id, handle=handle, kind=kind, hours=settings.only_me_hours)
        if new is None or not await store.use_session(tx, session_id, cameo_id):
            raise await _exists(tx, account_id, handle, kind)
        await store.add_package(tx, cameo_id, sealed)
        await outbox.add(tx, CameoEnrolled(cameo_id=cameo_id, account_id=account_id, handle=handle), key=cameo_id)
        _log.info("cameo.enrolled", cameo_id=cameo_id, account_id=account_id, kind=kind)
        return pb.EnrolCameoResponse(cameo=wire.cameo(new))

    async with database.begin() as tx:
        return await once(tx, caller=account_id, rpc="EnrolCameo", request=request, reply=pb.EnrolCameoResponse, do=do)


async def _exists(tx: AsyncConnection, account_id: str, handle: str, kind: Kind) -> CameoExists:
    if await store.by_handle(tx, handle) is not None:
        return CameoExists(f"{handle} is a cameo already; withdraw it first, or choose another name.", param="name")
    if kind is Kind.PERSON and any(c.kind is Kind.PERSON and not c.withdrawn_at for c in await store.of_account(tx, account_id)):
        return CameoExists("This account has a cameo of its person already; withdraw it first.", param="account_id")
    return CameoExists("This session has given a cameo already; start another one.", param="session_id")
