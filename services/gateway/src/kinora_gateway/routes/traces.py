"""/api/traces: where a clip comes from, for moderators. Every look is in the audit log."""

from typing import Any

from fastapi import APIRouter, Request
from kinora.provenance.v1 import check_service_pb2 as pb

from kinora_gateway import body, checks, clips, docs, traces
from kinora_gateway.session import Session, Tracer
from kinora_gateway.traces import ClipReason, CopiesWanted, CopyList, Trace, TraceWanted

router = APIRouter(prefix="/api/traces", tags=["provenance"])
_BODY = (404, 408, 413, 415)


def _either() -> dict[str, Any]:
    form = docs.form(ClipReason, "file")["requestBody"]["content"]
    return {"requestBody": {"required": True, "content": {**form, "application/json": {"schema": TraceWanted.model_json_schema()}}}}


@router.post("", responses=docs.errors(*_BODY), openapi_extra=_either())
async def trace(request: Request, session: Tracer) -> Trace:
    """From a file (a form with `file` and `reason`) or a video (JSON with `video_id` and `reason`) to account, job, prompt and consent.

    Moderators and operators only. Takes up to two minutes: it looks thoroughly.
    """
    if body.media_type(request) == "application/json":
        wanted = await body.read(request, TraceWanted, timeout_s=session.gateway.settings.body_timeout_s)
        return await _traced(session, pb.TraceRequest(video_id=wanted.video_id or "", reason=wanted.reason))
    async with (
        clips.posted(request, session, ClipReason, None, "file") as (told, clip),
        checks.handed_in(session, clip) as key,
    ):
        return await _traced(session, pb.TraceRequest(content_key=key, reason=told.reason))


@router.post("/copies", responses=docs.errors(*_BODY), openapi_extra=docs.body(CopiesWanted))
async def find_copies(request: Request, session: Tracer) -> CopyList:
    """Videos here that show what this one shows, for takedowns. Moderators and operators only."""
    wanted = await body.read(request, CopiesWanted, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.FindCopiesRequest(video_id=wanted.video_id, reason=wanted.reason)
    found = await session.call(session.gateway.checks.FindCopies, message, looks=True)
    return CopyList(data=[checks.prints(each) for each in found.copies])


async def _traced(session: Session, message: pb.TraceRequest) -> Trace:
    return traces.trace(await session.call(session.gateway.checks.Trace, message, looks=True))
