"""For clients that cannot stream: prompts are watched, and the clip is uploaded and handed in."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from tempfile import NamedTemporaryFile

from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_kit.identity import Identity
from kinora_media.store import MediaMissing, check_key

from kinora_identity.liveness.clips import hand_in
from kinora_identity.liveness.desk import Desk, own
from kinora_identity.liveness.domain import (
    MAX_CLIP_BYTES,
    CaptureFailed,
    ClipInvalid,
    Liveness,
    LivenessOver,
    PromptsNotOver,
    UploadNotAllowed,
    check_typed,
)
from kinora_identity.liveness.intake import PREFIX
from kinora_identity.liveness.revealing import clock, open_capture, prompts


async def watch(desk: Desk, caller: Identity, session_id: str) -> AsyncGenerator[pb.WatchPromptsResponse, None]:
    """The capture begins now."""
    _require_allowed(desk)
    try:
        async with open_capture(desk, caller.account_id, session_id, "upload") as session:
            began = clock()
            deadline = began + session.left_s

            async def until(moment: float) -> None:
                await asyncio.sleep(min(moment, deadline) - clock())

            async with aclosing(prompts(desk, session, began, until)) as revealed:
                async for prompt in revealed:
                    yield pb.WatchPromptsResponse(prompt=prompt)
    except CaptureFailed:
        raise LivenessOver("Time ran out; start another session.", param="session_id") from None
    yield pb.WatchPromptsResponse(stop=pb.Stop())


async def submit_clip(desk: Desk, caller: Identity, request: pb.SubmitClipRequest) -> pb.SubmitClipResponse:
    """A repeat with the same clip answers as the first. The upload is removed."""
    _require_allowed(desk)
    source, typed = _check_source(caller, request.clip_key), check_typed(request.typed)
    async with desk.database.begin() as tx:
        session = await own(tx, caller.account_id, request.session_id)
        seen = await desk.seen(tx, session)
    if session.source_key == source:
        return pb.SubmitClipResponse(session=seen)
    _require_watched(session)
    with NamedTemporaryFile(prefix=PREFIX) as file:
        await _fetch(desk, source, Path(file.name))
        handed_in = await hand_in(desk, session, Path(file.name), received_s=None, typed=typed, source_key=source)
    return pb.SubmitClipResponse(session=handed_in)


def _require_allowed(desk: Desk) -> None:
    if not desk.settings.liveness_upload_allowed:
        raise UploadNotAllowed("This Kinora takes no uploaded recordings: record live instead.")


def _check_source(caller: Identity, key: str) -> str:
    try:
        inside = check_key(key).startswith(f"uploads/{caller.account_id}/")
    except ValueError:
        inside = False
    if not inside:
        raise ClipInvalid("This is not the key of one of your uploads; upload the recording first.", param="clip_key")
    return key


def _require_watched(session: Liveness) -> None:
    if session.state != "capturing" or session.path != "upload" or session.left_s <= 0:
        raise LivenessOver("This session takes no recording now; start another, and watch its prompts.", param="session_id")
    if not session.stopped:
        raise PromptsNotOver("The prompts are not over yet: record until the stop.", param="session_id")


async def _fetch(desk: Desk, source: str, to: Path) -> None:
    try:
        if (await desk.media.head(source)).size > MAX_CLIP_BYTES:
            raise ClipInvalid(f"A recording has at most {MAX_CLIP_BYTES // 2**20} MiB.", param="clip_key")
        await desk.media.fetch(source, to)
    except MediaMissing:
        raise ClipInvalid("Nothing was uploaded under this key.", param="clip_key") from None
