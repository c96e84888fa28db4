"""/api/liveness/reviews: captures that a moderator has to look at."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse
from kinora.identity.v1 import liveness_service_pb2 as pb

from kinora_gateway import body, clips, docs, liveness
from kinora_gateway.liveness import Liveness, ReviewDecision, ReviewList
from kinora_gateway.repeats import repeat
from kinora_gateway.routes.paths import SessionId
from kinora_gateway.session import Admin

router = APIRouter(prefix="/api/liveness/reviews", tags=["liveness"])
_REDIRECT: dict[str, Any] = {"description": "To a link that serves the clip, with byte ranges, for some minutes."}


@router.get("", responses=docs.errors())
async def list_reviews(session: Admin, limit: Annotated[int, Query(ge=1, le=100)] = 20) -> ReviewList:
    """Those that wait, the oldest first; moderators only."""
    found = await session.call(session.gateway.liveness.ListReviews, pb.ListReviewsRequest(limit=limit))
    return ReviewList(data=[liveness.review(each) for each in found.reviews])


@router.get(
    "/{session_id}/clip",
    status_code=302,
    response_class=RedirectResponse,
    responses={**docs.errors(404, 409), 302: _REDIRECT},
    response_model=None,
)
async def watch_clip(session_id: SessionId, session: Admin) -> RedirectResponse:
    """The clip; moderators only, and the audit log says who looked."""
    key = (await session.call(session.gateway.liveness.GetReviewClip, pb.GetReviewClipRequest(session_id=session_id))).clip_key
    content_type = await clips.content_type(session.gateway.media, key)
    url = session.gateway.media.sign(key, ttl_s=session.gateway.settings.media_url_ttl_s, content_type=content_type)
    return RedirectResponse(url, 302, {"cache-control": "no-store"})


@router.post(
    "/{session_id}", responses=docs.errors(404, 408, 409, 413, 415),
    openapi_extra={**docs.body(ReviewDecision), "parameters": docs.repeat_headers()},
)  # fmt: skip
async def decide_review(session_id: SessionId, request: Request, session: Admin) -> Liveness:
    """Approves or declines; moderators only, never about themselves."""
    wanted = await body.read(request, ReviewDecision, timeout_s=session.gateway.settings.body_timeout_s)
    message = pb.DecideReviewRequest(request_id=repeat(request).request_id, session_id=session_id, **wanted.model_dump())
    return liveness.session((await session.call(session.gateway.liveness.DecideReview, message)).session)
