"""What all parts of a session's way share."""

from dataclasses import dataclass

from kinora.identity.v1 import liveness_service_pb2 as pb
from kinora_kit.db import Database
from kinora_media.store import MediaStore
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity.clients import Likeness
from kinora_identity.liveness import metrics, store, wire
from kinora_identity.liveness.domain import Liveness, LivenessNotFound, own_reason
from kinora_identity.settings import Settings


@dataclass(frozen=True)
class Desk:
    database: Database
    media: MediaStore
    likeness: Likeness
    settings: Settings

    async def tries_left(self, tx: AsyncConnection, account_id: str) -> int:
        """Those that are not decided yet may come to nothing too."""
        most = self.settings.liveness_tries
        failed = await store.failures(tx, account_id, pause_s=self.settings.liveness_pause_s, limit=most)
        return max(0, most - len(failed) - await store.count_undecided(tx, account_id))

    async def seen(self, tx: AsyncConnection, session: Liveness) -> pb.LivenessSession:
        """As its account sees it."""
        left = await self.tries_left(tx, session.account_id)
        return wire.session(session, tries_left=left, upload_allowed=self.settings.liveness_upload_allowed)

    async def read(self, account_id: str, session_id: str) -> pb.LivenessSession:
        async with self.database.begin() as tx:
            return await self.seen(tx, await own(tx, account_id, session_id))

    async def break_off(self, session_id: str, code: str) -> None:
        """A capture came to nothing, for a reason of ours; nothing happens when it has ended otherwise."""
        async with self.database.begin() as tx:
            ended = await store.break_off(tx, session_id, own_reason(code))
        if ended:
            metrics.note(ended)


async def own(tx: AsyncConnection, account_id: str | None, session_id: str, *, lock: bool = False) -> Liveness:
    """Another's is as good as unknown; None stands for all accounts."""
    session = await store.get(tx, session_id, account_id, lock=lock)
    if session is None:
        raise LivenessNotFound("There is no such liveness session.", param="session_id")
    return session
