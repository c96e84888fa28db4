"""Sessions that a person has to look at. Each look is in the audit log."""

from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_kit.errors import InvalidArgument
from kinora_kit.idempotency import once
from kinora_kit.identity import Identity
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity import audit
from kinora_identity.liveness import metrics, store
from kinora_identity.liveness.desk import Desk, own
from kinora_identity.liveness.domain import (
    REVIEWED_DECLINED,
    Liveness,
    NotInReview,
    OwnReview,
    Reason,
    check_note,
    require_moderator,
)

_LIMIT, _MOST = 20, 100


class LimitInvalid(InvalidArgument):
    pass


async def list_reviews(desk: Desk, caller: Identity, limit: int) -> list[pb.LivenessReview]:
    require_moderator(caller)
    if limit > _MOST:
        raise LimitInvalid(f"limit must be 1 to {_MOST}, or 0 for {_LIMIT}.", param="limit")
    async with desk.database.begin() as tx:
        waiting = await store.reviews(tx, limit or _LIMIT)
        reviews = [_review(session, await desk.seen(tx, session)) for session in waiting]
        await audit.add(tx, caller.account_id, "liveness.reviews_listed", caller.account_id, sessions=[session.id for session in waiting])
    return reviews


async def review_clip(desk: Desk, caller: Identity, session_id: str) -> str:
    """Its media key."""
    require_moderator(caller)
    async with desk.database.begin() as tx:
        session = await _in_review(tx, session_id)
        await audit.add(tx, caller.account_id, "liveness.clip_seen", session.account_id, session=session.id)
    return session.clip_key


async def decide_review(desk: Desk, caller: Identity, request: pb.DecideReviewRequest) -> pb.DecideReviewResponse:
    """Raises NotInReview, OwnReview and NoteInvalid."""
    require_moderator(caller)
    note = check_note(request.note, needed=not request.approved)
    decided: list[Liveness] = []

    async def do() -> pb.DecideReviewResponse:
        session = await _in_review(tx, request.session_id)
        if session.account_id == caller.account_id:
            raise OwnReview("Nobody decides about themselves; another moderator has to.", param="session_id")
        state = "approved" if request.approved else "declined"
        decided.append(await _decide(desk, tx, session, state, [] if request.approved else [Reason(REVIEWED_DECLINED, note)]))
        seen = await desk.seen(tx, decided[0])
        await audit.add(tx, caller.account_id, f"liveness.review_{state}", session.account_id, session=session.id, note=note)
        return pb.DecideReviewResponse(session=seen)

    async with desk.database.begin() as tx:
        reply = await once(tx, caller=caller.account_id, rpc="DecideReview", request=request, reply=pb.DecideReviewResponse, do=do)
    for session in decided:
        metrics.note(session)
    return reply


async def _decide(desk: Desk, tx: AsyncConnection, session: Liveness, state: str, reasons: list[Reason]) -> Liveness:
    keep_s = desk.settings.liveness_keep_clip_s
    decided = await store.decide(tx, session, state, reasons=reasons, remarks=session.remarks, keep_s=keep_s)
    if decided is None:
        raise NotInReview("This session does not wait for a moderator.", param="session_id")
    await store.keep(tx, session.clip_key, session.account_id, keep_s if state == "approved" else 0)
    return decided


async def _in_review(tx: AsyncConnection, session_id: str) -> Liveness:
    session = await own(tx, None, session_id, lock=True)
    if session.state != "review":
        raise NotInReview("This session does not wait for a moderator.", param="session_id")
    return session


def _review(session: Liveness, seen: pb.LivenessSession) -> pb.LivenessReview:
    asked = zip(session.items, session.reveals, strict=False)
    return pb.LivenessReview(
        session=seen,
        remarks=session.remarks,
        prompts=[pb.ReviewedPrompt(text=item.prompt, at_s=at_s) for item, at_s in asked],
        typed=session.typed,
    )
