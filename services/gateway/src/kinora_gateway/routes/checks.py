"""/v1/content_provenance_checks: is this ours? /api/films: what may be told of a film; /api/me/credit: how one wants to be named."""

from fastapi import APIRouter, Request
from kinora.provenance.v1 import check_service_pb2 as pb
from kinora.provenance.v1 import provenance_service_pb2 as provenance

from kinora_gateway import body, checks, clips, docs
from kinora_gateway.checks import CheckWanted, ContentProvenanceCheck, Credit, Film, NewCredit
from kinora_gateway.repeats import repeat
from kinora_gateway.routes.paths import VideoId
from kinora_gateway.session import Admin, Inquirer, PublicReader

router = APIRouter(tags=["provenance"])


@router.post(
    "/v1/content_provenance_checks", responses=docs.errors(404, 408, 413, 415), openapi_extra=docs.form(CheckWanted, "file"),
)  # fmt: skip
async def check_content(request: Request, session: Inquirer) -> ContentProvenanceCheck:
    """Looks at a video (MP4, WebM, MOV), picture (JPEG, PNG, WebP, GIF) or sound (MP3, M4A, WAV, Ogg), of 40 MiB and some 60 s at most.

    Works with and without a key; without, some times a minute for one client address. Takes some seconds. Results that do not apply to the
    file are left out. `not_detected` does not mean that a camera took it.
    """
    async with (
        clips.posted(request, session, CheckWanted, None, "file") as (wanted, clip),
        checks.handed_in(session, clip) as key,
    ):
        message = pb.CheckContentRequest(content_key=key, thorough=wanted.thorough)
        return checks.check((await session.call(session.gateway.checks.CheckContent, message, looks=True)).check)


@router.get("/api/films/{video_id}", responses=docs.errors(404))
async def read_film(video_id: VideoId, session: PublicReader) -> Film:
    """What may be told of a film to whoever holds a copy: maker (if they like), time, engine, lineage, consent as it stands now."""
    return checks.film((await session.call(session.gateway.checks.GetRecord, pb.GetRecordRequest(video_id=video_id))).record)


@router.get("/api/me/credit", responses=docs.errors())
async def read_credit(session: Admin) -> Credit:
    """Whether one's handle is named in exports and look-ups."""
    return Credit(named=(await session.call(session.gateway.provenance.GetCredit, provenance.GetCreditRequest())).named)


@router.put(
    "/api/me/credit", responses=docs.errors(408, 409, 413, 415),
    openapi_extra={**docs.body(NewCredit), "parameters": docs.repeat_headers()},
)  # fmt: skip
async def set_credit(request: Request, session: Admin) -> Credit:
    """Changes that; counts for look-ups at once."""
    wanted = await body.read(request, NewCredit, timeout_s=session.gateway.settings.body_timeout_s)
    message = provenance.SetCreditRequest(request_id=repeat(request).request_id, named=wanted.named)
    return Credit(named=(await session.call(session.gateway.provenance.SetCredit, message)).named)
