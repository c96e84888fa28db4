"""Clips in the media store: each has a row that says until when it is kept, from before it is put there."""

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from kinora.identity.v1 import liveness_service_pb2 as pb

from kinora_identity.liveness import store
from kinora_identity.liveness.desk import Desk
from kinora_identity.liveness.domain import Liveness, LivenessOver

FOLDER = "liveness"
_ORPHAN_S = 3600.0
"""A clip whose capture never came to an end is removed after so long."""


async def hand_in(
    desk: Desk, session: Liveness, clip: Path, *, received_s: float | None, typed: Sequence[str], source_key: str = ""
) -> pb.LivenessSession:
    """The clip goes to the analysis, and the upload that it came from goes. Raises LivenessOver when the session has ended meanwhile."""
    # A key of its own for each try: nobody can change what lies under it once it is looked at.
    key = f"{FOLDER}/{session.account_id}/{session.id}/{uuid4().hex}"
    async with desk.database.begin() as tx:
        await store.keep(tx, key, session.account_id, _ORPHAN_S)
    await desk.media.put(key, clip, content_type=_content_type(clip))
    async with desk.database.begin() as tx:
        submitted = await store.submit(tx, session.id, clip_key=key, received_s=received_s, typed=typed, source_key=source_key)
        await store.keep(tx, key, session.account_id, desk.settings.liveness_keep_clip_s if submitted else 0)
        if submitted and source_key:
            await store.keep(tx, source_key, session.account_id, 0)
        seen = await desk.seen(tx, submitted) if submitted else None
    if seen is None:
        raise LivenessOver("This session has ended meanwhile; start another.", param="session_id")
    return seen


def _content_type(clip: Path) -> str:
    """For whoever looks at it in a browser; the analysis sniffs by itself."""
    with clip.open("rb") as file:
        return "video/webm" if file.read(4) == b"\x1aE\xdf\xa3" else "video/mp4"
