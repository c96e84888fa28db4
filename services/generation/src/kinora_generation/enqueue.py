"""Putting a checked and directed video into the fair queue."""

from collections.abc import Sequence

from kinora.generation.v1 import events_pb2
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora_kit import outbox, telemetry
from sqlalchemy.ext.asyncio import AsyncConnection

from . import arrivals, ledger, queue_store, store
from .domain import NewVideo, Priced, Source
from .engines import Engine
from .errors import QueueFull
from .get_usage import check_budget
from .present import present
from .settings import Settings


async def enqueue(
    tx: AsyncConnection, new: NewVideo, engine: Engine, settings: Settings, cameos: Sequence[events_pb2.CameoInVideo] = ()
) -> pb.Video:
    """Raises QueueFull when the account has too many waiting, BudgetExceeded when it has too little left of today."""
    weight = settings.weights.get(new.account_id, 1.0)
    if await queue_store.join(tx, new.account_id, engine.id, weight) >= settings.max_queued_per_account:
        raise QueueFull(settings.max_queued_per_account)
    key = rate_key(engine, draft=bool(new.full_size), finish=bool(new.source_key) and new.source is Source.FINISH)
    rate = await queue_store.rate(tx, key, engine.id, engine.sheet.rate)
    priced = Priced(new.work * rate.rate, engine.unit, engine.sheet.ai_act_label, key, rate.per_second)
    await check_budget(tx, settings, new.account_id, engine.unit, priced.estimate * priced.per_second)
    video = await store.insert(tx, new, priced, traceparent=telemetry.traceparent() or "")
    await ledger.reserve(tx, video)
    await outbox.add(tx, events_pb2.VideoQueued(video_id=video.id, account_id=video.account_id, cameos=cameos), key=video.id)
    await arrivals.announce(tx)
    return await present(tx, video)


def rate_key(engine: Engine, *, draft: bool, finish: bool = False) -> str:
    """Under which its rate is measured: engines that keep takes draft in few steps, and finish from a take, at other rates."""
    if not engine.sheet.takes:
        return engine.id
    return f"{engine.id}/draft" if draft else f"{engine.id}/finish" if finish else engine.id
