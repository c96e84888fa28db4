"""What an owner sees of the use of a likeness, and may do about it."""

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora.cameo.v1.events_pb2 import CameoVideoReported
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import use_store, wire
from kinora_cameo.consent import Route
from kinora_cameo.domain import BadField, UseNotFinished, UseNotFound, check_words, is_id
from kinora_cameo.own import own
from kinora_cameo.revoking import remove
from kinora_cameo.use_store import Use

_USUAL, _MOST = 20, 100
_log = log.get("kinora.cameo")


async def list_uses(database: Database, caller: Identity, request: pb.ListUsesRequest) -> pb.ListUsesResponse:
    """Raises CameoNotFound, BadField."""
    limit = request.limit or _USUAL
    if limit > _MOST:
        raise BadField("limit", f"limit must be 1 to {_MOST}.")
    if request.after and not is_id(request.after):
        raise BadField("after", "after must be the id of a video: the last one of the page before.")
    async with database.begin() as tx:
        cameo = await own(tx, caller, request.cameo_id, Route.OVERSEE)
        found = await use_store.page(tx, cameo.id, after=request.after, limit=limit + 1)
    return pb.ListUsesResponse(uses=[wire.use(use) for use in found[:limit]], has_more=len(found) > limit)


async def get_use_content(database: Database, caller: Identity, request: pb.GetUseContentRequest) -> pb.GetUseContentResponse:
    """Raises CameoNotFound, UseNotFound, UseNotFinished."""
    async with database.begin() as tx:
        use = await _use(tx, caller, request.cameo_id, request.video_id)
    if not use.video_key:
        raise UseNotFinished("This video is not finished; it can be watched once it is.", param="video_id")
    return pb.GetUseContentResponse(key=use.video_key)


async def remove_use(database: Database, caller: Identity, request: pb.RemoveUseRequest) -> pb.RemoveUseResponse:
    """Raises CameoNotFound, UseNotFound. Removing again, while it is on its way, changes nothing."""

    async def do() -> pb.RemoveUseResponse:
        use = await _use(tx, caller, request.cameo_id, request.video_id, lock=True)
        if use.removed_at is None:
            await remove(tx, use)
        return pb.RemoveUseResponse(video_id=use.video_id)

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="RemoveUse", request=request, reply=pb.RemoveUseResponse, do=do)


async def report_use(database: Database, caller: Identity, request: pb.ReportUseRequest) -> pb.ReportUseResponse:
    """Raises CameoNotFound, UseNotFound, BadField."""
    words = check_words(request.text)

    async def do() -> pb.ReportUseResponse:
        use = await _use(tx, caller, request.cameo_id, request.video_id)
        report_id = await use_store.report(tx, use, words)
        event = CameoVideoReported(report_id=report_id, cameo_id=use.cameo_id, video_id=use.video_id, text=words)
        await outbox.add(tx, event, key=use.video_id)
        _log.info("use.reported", video_id=use.video_id, cameo_id=use.cameo_id, report_id=report_id)
        return pb.ReportUseResponse(report_id=report_id)

    async with database.begin() as tx:
        return await once(tx, caller=caller.account_id, rpc="ReportUse", request=request, reply=pb.ReportUseResponse, do=do)


async def _use(tx: AsyncConnection, caller: Identity, cameo_id: str, video_id: str, *, lock: bool = False) -> Use:
    cameo = await own(tx, caller, cameo_id, Route.OVERSEE, lock=lock)
    use = await use_store.get(tx, video_id, cameo.id) if is_id(video_id) else None
    if use is None:
        raise UseNotFound("There is no such video with this cameo.", param="video_id")
    return use
