"""/v1/videos/{id}/exports: copies that leave; /api/me/archive: everything of one's own."""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from kinora.provenance.v1 import export_service_pb2 as pb

from kinora_gateway import body, docs, exports
from kinora_gateway.errors import ApiError, renamed
from kinora_gateway.exports import Archive, CreateExport, Export, ExportList
from kinora_gateway.repeats import repeat
from kinora_gateway.routes.paths import ExportId, VideoId
from kinora_gateway.session import Admin, Creator, Reader, Session

router = APIRouter(tags=["exports"])
_ONE = "/v1/videos/{video_id}/exports"
_REDIRECT: dict[str, Any] = {"description": "To a link that serves the file, with byte ranges, for some minutes."}
_FIELDS = {"start_s": "start", "end_s": "end", "without_visible_mark": "visible_mark"}
_repeatable = {"parameters": docs.repeat_headers()}


@router.post(_ONE, responses=docs.errors(404, 408, 409, 413, 415), openapi_extra={**docs.body(CreateExport), **_repeatable})
async def create_export(video_id: VideoId, request: Request, session: Creator, response: Response) -> Export:
    """Queues a copy of a finished video, or gives the equal one that there is."""
    wanted = await body.read(request, CreateExport, timeout_s=session.gateway.settings.body_timeout_s)
    with renamed(**_FIELDS):
        made = await session.call(session.gateway.exports.CreateExport, exports.asked(wanted, video_id, repeat(request).request_id))
    if not made.export.completed_at:
        response.headers["openai-poll-after-ms"] = "1000"
    return exports.export(made.export)


@router.get(_ONE, responses=docs.errors(404, 409))
async def list_exports(video_id: VideoId, session: Reader) -> ExportList:
    """Newest first."""
    found = await session.call(session.gateway.exports.ListExports, pb.ListExportsRequest(video_id=video_id))
    return ExportList(data=[exports.export(each) for each in found.exports])


@router.get(_ONE + "/{export_id}", responses=docs.errors(404))
async def retrieve_export(video_id: VideoId, export_id: ExportId, session: Reader) -> Export:
    """Reads one."""
    return exports.export(await _find(session, video_id, export_id))


@router.get(
    _ONE + "/{export_id}/content",
    status_code=302,
    response_class=RedirectResponse,
    responses={**docs.errors(404, 409), 302: _REDIRECT},
    response_model=None,
)
async def download_export(video_id: VideoId, export_id: ExportId, session: Reader) -> RedirectResponse:
    """The file."""
    found = await _find(session, video_id, export_id)
    if not found.key:
        raise ApiError(409, "export_not_ready", found.error or "This export is not finished yet.", param="export_id")
    settings, media = session.gateway.settings, session.gateway.media
    url = media.sign(found.key, ttl_s=settings.media_url_ttl_s, content_type=found.content_type, filename=exports.filename(found))
    return RedirectResponse(url, 302, {"cache-control": "no-store"})


@router.post("/api/me/archive", responses=docs.errors(408, 409), openapi_extra=_repeatable)
async def create_archive(request: Request, session: Admin, response: Response) -> Archive:
    """Begins a ZIP with all of one's finished videos, or gives the one that is being made; an older one goes. Needs step-up."""
    message = pb.CreateArchiveRequest(request_id=repeat(request).request_id)
    return _archive(session, response, (await session.call(session.gateway.exports.CreateArchive, message)).archive)


@router.get("/api/me/archive", responses=docs.errors(404))
async def retrieve_archive(session: Admin, response: Response) -> Archive:
    """How far the newest one is; once it is finished, with a link for whoever has stepped up."""
    return _archive(session, response, (await session.call(session.gateway.exports.GetArchive, pb.GetArchiveRequest())).archive)


async def _find(session: Session, video_id: str, export_id: str) -> pb.Export:
    found = (await session.call(session.gateway.exports.GetExport, pb.GetExportRequest(export_id=export_id))).export
    if found.video_id != video_id:
        raise ApiError(404, "export_not_found", "This video has no such export.", param="export_id")
    return found


def _archive(session: Session, response: Response, found: pb.Archive) -> Archive:
    response.headers["cache-control"] = "no-store"
    ttl_s, media = session.gateway.settings.media_url_ttl_s, session.gateway.media
    sign = found.key and media.sign(found.key, ttl_s=ttl_s, content_type="application/zip", filename="kinora-videos.zip")
    return exports.archive(found, sign or None)
