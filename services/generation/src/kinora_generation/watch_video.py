"""Following a video until it has ended."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.identity import Identity

from . import ids, store
from .domain import State, ended
from .errors import WatchInterrupted
from .present import present

_QUEUE_NEWS_EVERY = 8  # polls; the place in the queue moves without a change of one's own row


@dataclass
class _Seen:
    revision: int = 0
    preview_revision: int = 0
    queue_position: int = 0
    state: State = State.QUEUED


async def watch_video(
    db: Database, poll_s: float, draining: asyncio.Event, request: pb.WatchVideoRequest, caller: Identity
) -> AsyncIterator[pb.WatchVideoResponse]:
    """The present state at once, then each change, until an end. Raises NoSuchVideo, also when it is deleted meanwhile; WatchInterrupted.

    Polls the row's revision, so it works on any replica, whichever one's worker has the job.
    """
    video_id, seen, polls = ids.checked(request.video_id), _Seen(), 0
    while True:
        if (reply := await _changed(db, video_id, caller.account_id, seen, look_at_queue=polls % _QUEUE_NEWS_EVERY == 0)) is not None:
            yield reply
        if ended(seen.state):
            return
        polls += 1
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(poll_s):
                await draining.wait()
            raise WatchInterrupted


async def _changed(db: Database, video_id: str, account_id: str, seen: _Seen, *, look_at_queue: bool) -> pb.WatchVideoResponse | None:
    """The newest state when it differs from what was seen; notes it as seen."""
    async with db.begin() as tx:
        revision = await store.revision(tx, video_id)
        if revision == seen.revision and not (look_at_queue and seen.state is State.QUEUED):
            return None
        stored = await store.own(tx, video_id, account_id)
        video = await present(tx, stored)
        if stored.revision == seen.revision and video.queue_position == seen.queue_position:
            return None
        fresh = stored.preview_revision > seen.preview_revision
        preview = await store.preview(tx, video_id) if fresh else b""
    seen.revision, seen.preview_revision = stored.revision, stored.preview_revision
    seen.queue_position, seen.state = video.queue_position, stored.state
    return pb.WatchVideoResponse(video=video, preview_webp=preview)
