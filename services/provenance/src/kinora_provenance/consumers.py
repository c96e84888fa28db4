"""What provenance hears of."""

from kinora.generation.v1.events_pb2 import VideoDeleted, VideoRendered
from kinora_kit import telemetry
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_provenance import store
from kinora_provenance.domain import Film


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
    )
    await store.add_film(tx, film, telemetry.traceparent())


async def video_deleted(tx: AsyncConnection, event: VideoDeleted) -> None:
    """A deleted video's manifest names its title; it goes too."""
    await store.forget(tx, event.video_id)
