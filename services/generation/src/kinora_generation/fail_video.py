"""Ending a video without a result."""

from kinora.generation.v1 import events_pb2
from kinora_kit import log, outbox
from sqlalchemy.ext.asyncio import AsyncConnection

from . import ledger, store
from .domain import State, Video
from .metrics import VIDEOS_ENDED

CONSENT_REVOKED = "consent_revoked"
"""The code of a video that ended because a likeness in it may not be used any more."""
ENGINE_UNAVAILABLE, SEAL_FAILED = "engine_unavailable", "seal_failed"
"""The codes of videos that ended by our own fault."""
_OURS = frozenset({CONSENT_REVOKED, ENGINE_UNAVAILABLE, SEAL_FAILED, "cancelled"})
_log = log.get("kinora.generation")


async def end_without_result(tx: AsyncConnection, video: Video, to: State, *, code: str, message: str, discard_after_s: float) -> Video:
    """Ends a locked video as failed or cancelled, tells so, gives back what it reserved, and has what its engine wrote removed."""
    after = await store.end(tx, video, to, code=code, message=message.replace("\0", ""))
    await ledger.close(tx, video.id, 0.0)  # whatever was spent: who gets no film pays nothing; the fair queue does not forget it
    if video.attempt_id:
        await store.discard(tx, f"{video.attempt_folder}/", after_s=discard_after_s)
    event = events_pb2.VideoFailed(video_id=video.id, account_id=video.account_id, code=after.error_code, message=after.error_message)
    await outbox.add(tx, event, key=video.id)
    VIDEOS_ENDED.labels(to, code if code in _OURS else "refused").inc()  # engines have codes of their own
    _log.info(f"video.{to}", video_id=video.id, code=code)
    return after
