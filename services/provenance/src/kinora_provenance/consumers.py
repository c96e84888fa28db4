"""What provenance hears of."""

from kinora.generation.v1.events_pb2 import VideoDeleted, VideoRendered
from kinora.identity.v1.events_pb2 import AccountErased
from kinora_kit import telemetry
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_provenance import prints, store, work_store
from kinora_provenance.archives import store as archives
from kinora_provenance.domain import Film, Still


async def video_rendered(tx: AsyncConnection, event: VideoRendered) -> None:
    """Notes the film; the sealing loop does the work."""
    film = Film(
        video_id=event.video_id,
        attempt_id=event.attempt_id,
        account_id=event.account_id,
        video_key=event.video_key,
        sealed_key=event.sealed_key,
        engine=event.engine,
        engine_version=event.engine_version,
        trained=event.trained,
        title=event.title,
        remixed_from_video_id=event.remixed_from_video_id,
        consent_receipts=list(event.consent_receipts),
        stills=[Still(still.key, still.sealed_key, still.content_type) for still in event.stills],
    )
    await store.add_film(tx, film, telemetry.traceparent())


async def video_deleted(tx: AsyncConnection, event: VideoDeleted) -> None:
    """A deleted video's manifest names its title, its fingerprints tell how it looks; they go, and so does every copy made here.

    Facts of two services come in no order: AccountErased may have been heard before this very video was.
    """
    if seal := await store.get_seal(tx, event.video_id):
        await archives.renew(tx, seal.account_id)
    await prints.forget(tx, event.video_id)
    await store.forget(tx, event.video_id)
    await work_store.forget(tx, "exports", "video_id = :video_id", video_id=event.video_id)
    if event.account_erased:
        await prints.forget_account(tx, event.account_id)
        await store.forget_account(tx, event.account_id)


async def account_erased(tx: AsyncConnection, event: AccountErased) -> None:
    """Nothing names the account or its videos any more."""
    await prints.forget_account(tx, event.account_id)  # while the films are still known to be theirs
    await store.forget_account(tx, event.account_id)
    for table in ("exports", "archives"):
        await work_store.forget(tx, table, "account_id = :account_id", account_id=event.account_id)
