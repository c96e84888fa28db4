"""Clips are looked at in turn: a queue in Postgres, by lease."""

import asyncio
from uuid import uuid4

import grpc
from kinora.likeness.v1 import likeness_service_pb2 as likeness
from kinora_kit import log
from kinora_kit.errors import RemoteError

from kinora_identity import audit
from kinora_identity.clients import ANALYSIS_S
from kinora_identity.liveness import metrics, store
from kinora_identity.liveness.desk import Desk
from kinora_identity.liveness.domain import Liveness, Reason, own_reason

MAX_TRIES = 3
AGAIN_S = 3.0
_LEASE_S = ANALYSIS_S + 15
_STATES = {
    likeness.OUTCOME_APPROVED: "approved",
    likeness.OUTCOME_RETRY: "retry",
    likeness.OUTCOME_REVIEW: "review",
    likeness.OUTCOME_DECLINED: "declined",
}
_BUSY = (grpc.StatusCode.RESOURCE_EXHAUSTED, grpc.StatusCode.UNAVAILABLE)
_log = log.get("kinora.identity.liveness")


async def analyse_all(desk: Desk) -> None:
    """Until cancelled. As many may run as likeness has room for."""
    while True:
        async with desk.database.begin() as tx:
            session = await store.claim(tx, lease=uuid4().hex, lease_s=_LEASE_S)
        if session is None:
            await asyncio.sleep(desk.settings.liveness_poll_s)
        elif session.tries > MAX_TRIES:  # whoever had it died each time
            await _decide(desk, session, "retry", [own_reason("NOT_ANALYSED")], [])
        else:
            await _analyse(desk, session)


async def _analyse(desk: Desk, session: Liveness) -> None:
    try:
        seen = await desk.likeness.analyse(session)
    except RemoteError as error:
        await _failed(desk, session, error)
    except asyncio.CancelledError:  # we are being stopped: another one may have it at once
        await _later(desk, session, after_s=0, counts=False)
        raise
    else:
        state = _STATES.get(seen.outcome, "review")
        await _decide(desk, session, state, [Reason(reason.code, reason.advice) for reason in seen.reasons], list(seen.remarks))


async def _failed(desk: Desk, session: Liveness, error: RemoteError) -> None:
    """No room is no fault of the clip; any other failure is tried again a few times, a clip that is gone is not."""
    busy = error.code in _BUSY
    _log.warning("liveness.not_analysed", session_id=session.id, tries=session.tries, reason=error.reason)
    if not busy and (session.tries >= MAX_TRIES or error.code is grpc.StatusCode.NOT_FOUND):
        await _decide(desk, session, "retry", [own_reason("NOT_ANALYSED")], [])
    else:
        await _later(desk, session, after_s=AGAIN_S, counts=not busy)


async def _later(desk: Desk, session: Liveness, *, after_s: float, counts: bool) -> None:
    async with desk.database.begin() as tx:
        await store.later(tx, session, after_s=after_s, counts=counts)


async def _decide(desk: Desk, session: Liveness, state: str, reasons: list[Reason], remarks: list[str]) -> None:
    """Unless somebody else has got the session meanwhile."""
    keep_s = desk.settings.liveness_review_s if state == "review" else desk.settings.liveness_keep_clip_s
    async with desk.database.begin() as tx:
        decided = await store.decide(tx, session, state, reasons=reasons, remarks=remarks, keep_s=keep_s)
        if decided is None:
            return
        await store.keep(tx, session.clip_key, session.account_id, keep_s if state in {"approved", "review"} else 0)
        if state in {"approved", "declined"}:
            await audit.add(tx, "identity", f"liveness.{state}", session.account_id, session=session.id)
    metrics.note(decided)
