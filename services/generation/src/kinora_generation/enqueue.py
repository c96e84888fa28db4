"""Putting a checked and directed video into the fair queue."""

from collections.abc import Sequence

from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit import outbox, telemetry
from sqlalchemy.ext.asyncio import AsyncConnection

from . import queue_store, store
from .domain import NewVideo
from .engines import Engine
from .errors import QueueFull
from .present import present
from .settings import Settings


async def enqueue(
    tx: AsyncConnection, new: NewVideo, engine: Engine, settings: Settings, cameos: Sequence[events_pb2.CameoInVideo] = ()
) -> pb.Video:
    """Raises QueueFull when the account has too many waiting."""
    if await queue_store.join(tx, new.account_id, settings.weights.get(new.account_id, 1.0)) >= settings.max_queued_per_account:
        raise QueueFull(settings.max_queued_per_account)
    estimate = new.work * await queue_store.rate(tx, engine.id, engine.rate)
    video = await store.insert(tx, new, estimate=estimate, traceparent=telemetry.traceparent() or "")
    await outbox.add(tx, events_pb2.VideoQueued(video_id=video.id, account_id=video.account_id, cameos=cameos), key=video.id)
    return await present(tx, video)
