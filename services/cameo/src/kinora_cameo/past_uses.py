"""How the consent to the likenesses in a video stands now, for whoever looks a copy of it up: the video itself may be gone."""

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora_kit.db import Database
from kinora_kit.identity import Identity
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import store, use_store
from kinora_cameo.consent import Route, Scene
from kinora_cameo.domain import check_id, require_service
from kinora_cameo.rulings import ruling
from kinora_cameo.use_store import Use

_State = pb.VideoConsent.State
# Only what was published can have left.
_RETIRE = text("insert into past_uses select * from uses where video_id = :video_id and stage in ('published', 'completed')")
_ANONYMISE = (
    text(
        "insert into past_uses select u.* from uses u join cameos c on c.id = u.cameo_id"
        " where c.account_id = :id and u.stage in ('published', 'completed')"
    ),
    text(
        "update past_uses set cameo_id = '', handle = '', video_key = '', receipt = '', removed_at = coalesce(removed_at, now())"
        " where cameo_id in (select id from cameos where account_id = :id)"
    ),
)


async def retire(tx: AsyncConnection, video_id: str) -> None:
    """The video is deleted: its uses are nobody's to oversee any more."""
    await tx.execute(_RETIRE, {"video_id": video_id})
    await use_store.forget(tx, video_id)


async def forget_owner(tx: AsyncConnection, account_id: str) -> None:
    """Before the account's cameos go: what stays says that a likeness was in the video and was removed, not whose."""
    for statement in _ANONYMISE:
        await tx.execute(statement, {"id": account_id})


async def video_consent(database: Database, caller: Identity, video_id: str) -> list[pb.VideoConsent]:
    """Raises ServicesOnly, BadField."""
    require_service(caller)
    check_id(video_id, "video_id")
    async with database.begin() as tx:
        uses = await use_store.of_video(tx, video_id) or await use_store.of_video(tx, video_id, past=True)
        return [pb.VideoConsent(cameo_id=use.cameo_id, handle=use.handle, state=await _state(tx, use)) for use in uses]


async def _state(tx: AsyncConnection, use: Use) -> "_State.ValueType":
    if use.removed_at:
        return _State.STATE_REMOVED
    cameo = await store.get(tx, use.cameo_id)
    if use.revoked_at or cameo is None:
        return _State.STATE_WITHDRAWN
    ruled = await ruling(tx, cameo, use.user_account_id, Route.PUBLISH, Scene(use.speaks, use.accompanied))
    return _State.STATE_WITHDRAWN if ruled.refused else _State.STATE_GIVEN
