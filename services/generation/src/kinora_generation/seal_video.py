"""What comes of a rendered video once provenance has signed it, or cannot."""

from kinora.generation.v1 import events_pb2 as ours
from kinora.provenance.v1 import events_pb2 as provenance
from kinora_kit import outbox
from sqlalchemy.ext.asyncio import AsyncConnection

from . import ledger, store
from .domain import State, Video
from .fail_video import SEAL_FAILED, end_without_result
from .metrics import SHOWN_SECONDS, VIDEOS_ENDED


async def complete(tx: AsyncConnection, sealed: provenance.VideoSealed) -> None:
    """Completes the video if this is its winning attempt; what was sealed of any other is thrown away."""
    video = await store.find(tx, sealed.video_id, lock=True)
    if video is None or video.attempt_id != sealed.attempt_id or video.state is not State.SEALING:
        await _throw_away(tx, sealed, video)
        return
    stills = video.stills
    files = {"video_key": sealed.video_key, **{column: still.sealed_key for column, still in stills.items()}}
    shown = await store.end(tx, video, State.COMPLETED, files=files)
    await ledger.close(tx, video.id, video.engine_seconds)
    for unsigned in (video.raw_key, *(still.key for still in stills.values())):
        await store.discard(tx, unsigned)
    event = ours.VideoCompleted(video_id=video.id, account_id=video.account_id, video_key=sealed.video_key)
    await outbox.add(tx, event, key=video.id)
    VIDEOS_ENDED.labels(State.COMPLETED, "").inc()
    SHOWN_SECONDS.labels(shown.model).observe(shown.age)


async def fail(tx: AsyncConnection, event: provenance.VideoSealFailed) -> None:
    video = await store.find(tx, event.video_id, lock=True)
    if video is None or video.attempt_id != event.attempt_id or video.state is not State.SEALING:
        return
    message = f"The video could not be signed: {event.reason}"
    await end_without_result(tx, video, State.FAILED, code=SEAL_FAILED, message=message, discard_after_s=0)


async def _throw_away(tx: AsyncConnection, sealed: provenance.VideoSealed, video: Video | None) -> None:
    if video is None or video.video_key != sealed.video_key:
        await store.discard(tx, sealed.video_key.rpartition("/")[0] + "/")
