"""A worker's side of a video: taking it, holding it, and saying how it went. The lease fences off whoever held it before."""

from collections.abc import Sequence
from dataclasses import asdict

from kinora.engine.v1 import engine_pb2
from kinora.generation.v1 import events_pb2
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncConnection

from . import queue_store, store
from .domain import State, Video, retry_delay, took
from .fail_video import CONSENT_REVOKED, ENGINE_UNAVAILABLE, end_without_result
from .metrics import ENGINE_LOSSES, ENGINE_SECONDS, ESTIMATE_RATIO, WAIT_SECONDS
from .queue_store import Lease
from .settings import Settings

_TITLE_CHARACTERS = 80
_MOST_PREVIEW_BYTES = 40_000
_PASS_FILES = ("depth", "segmentation", "motion", "pose", "passes")  # as in RenderResult.pass_keys
_log = log.get("kinora.generation")


async def take(db: Database, settings: Settings, models: Sequence[str]) -> Lease | None:
    """Leases the job whose turn it is; jobs of silent workers go back into the queue first."""
    await reap(db, settings)
    async with db.begin() as tx:
        at_once = {engine.id: engine.at_once for engine in settings.engines if engine.at_once}
        lease = await queue_store.lease(tx, models, uuid7().hex, settings.lease_s, at_once)
    if lease is not None and lease.attempt == 1:
        WAIT_SECONDS.labels(lease.video.model).observe(lease.video.age)
    return lease


async def reap(db: Database, settings: Settings) -> None:
    """Takes every job whose lease ran out from its worker, one transaction each."""
    while True:
        async with db.begin() as tx:
            video = await queue_store.expired(tx)
            if video is None:
                return
            await _lost(tx, video, settings, "its worker fell silent")


async def beat(db: Database, settings: Settings, lease: Lease, progress: engine_pb2.RenderProgress | None) -> None:
    """Renews the lease and stores progress, if there is any new. Raises LeaseLost."""
    async with db.begin() as tx:
        await queue_store.renew(tx, lease, settings.lease_s)
        if progress is not None:
            preview = progress.preview_webp if len(progress.preview_webp) <= _MOST_PREVIEW_BYTES else b""
            fraction = min(1.0, max(0.0, progress.fraction))
            await queue_store.progress(tx, lease, fraction, progress.stage.replace("\0", "")[:200], preview)


async def rendered(db: Database, lease: Lease, result: engine_pb2.RenderResult, receipts: Sequence[str] = ()) -> None:
    """The engine is done: now the file has to be signed, with its consent receipts. Raises LeaseLost, and then nothing has happened."""
    async with db.begin() as tx:
        video = await queue_store.held(tx, lease)
        files = {
            "raw_key": result.video_key,
            "thumbnail_key": result.thumbnail_key,
            "spritesheet_key": result.spritesheet_key,
            "captions_key": result.captions_key,
            "descriptions_key": result.descriptions_key,
            "events_key": result.events_key,
            "take_key": result.take_key,
            "audio_key": result.audio_key,
            **{f"{name}_key": result.pass_keys.get(name, "") for name in _PASS_FILES},
        }
        engine_seconds = took(video.unit, result.gpu_seconds, video.elapsed)
        after = await queue_store.rendered(
            tx, video, files, cpu_seconds=result.cpu_seconds, engine_seconds=engine_seconds, notes=result.notes
        )
        await _settle(tx, video, engine_seconds)
        await outbox.add(tx, _rendered_event(after, result, receipts), key=video.id)
    ENGINE_SECONDS.labels(video.model).observe(engine_seconds)
    if video.cost:
        ESTIMATE_RATIO.labels(video.model).observe(engine_seconds / video.cost)
    _log.info("video.rendered", video_id=video.id, attempt=lease.attempt, engine_seconds=round(engine_seconds, 1))


def _rendered_event(video: Video, result: engine_pb2.RenderResult, receipts: Sequence[str]) -> events_pb2.VideoRendered:
    return events_pb2.VideoRendered(
        video_id=video.id,
        account_id=video.account_id,
        attempt_id=video.attempt_id,
        video_key=result.video_key,
        sealed_key=video.sealed_key,
        engine=result.engine,
        engine_version=result.engine_version,
        trained=result.trained,
        title=" ".join(video.prompt.split())[:_TITLE_CHARACTERS] or "A storyboard",
        remixed_from_video_id=video.remixed_from,
        consent_receipts=receipts,
        stills=[events_pb2.Still(**asdict(still)) for still in video.stills.values()],
    )


async def _settle(tx: AsyncConnection, video: Video, engine_seconds: float) -> None:
    """Charges the account's share what the job took instead of the estimate, and learns from it."""
    await queue_store.settle(tx, video, engine_seconds)
    if video.work and video.elapsed:
        key = video.rate_key or video.model
        rate = await queue_store.rate(tx, key, video.model, video.estimate / video.work)
        await queue_store.set_rate(tx, key, rate.refined(video.elapsed, video.work, engine_seconds))


async def refused(db: Database, settings: Settings, lease: Lease, refusal: engine_pb2.RenderRefusal) -> None:
    """The engine says that this can never succeed: it fails at once. Raises LeaseLost."""
    async with db.begin() as tx:
        video = await queue_store.held(tx, lease)
        await queue_store.settle(tx, video, video.spent)
        await _failed(tx, video, settings, refusal.code or "refused", refusal.message or "The engine refused this request")


async def consent_missing(db: Database, settings: Settings, lease: Lease, why: str) -> None:
    """A likeness in it may not be used any more: it fails at once. Raises LeaseLost."""
    async with db.begin() as tx:
        video = await queue_store.held(tx, lease)
        await queue_store.settle(tx, video, video.spent)
        await _failed(tx, video, settings, CONSENT_REVOKED, why)


async def lost(db: Database, settings: Settings, lease: Lease, why: str) -> None:
    """The engine is gone or broke: back to its place in the queue, or failed after too many losses. Raises LeaseLost."""
    async with db.begin() as tx:
        await _lost(tx, await queue_store.held(tx, lease), settings, why)


async def give_back(db: Database, settings: Settings, lease: Lease, *, delay_s: float = 0) -> None:
    """The worker shuts down, or cannot begin yet: the job waits again and no loss is counted. Raises LeaseLost."""
    async with db.begin() as tx:
        video = await queue_store.held(tx, lease)
        await _requeue(tx, video, settings, losses=video.losses, delay_s=delay_s, stage="waiting for an engine")


async def _lost(tx: AsyncConnection, video: Video, settings: Settings, why: str) -> None:
    losses = video.losses + 1
    ENGINE_LOSSES.labels(video.model).inc()
    _log.warning("engine.lost", video_id=video.id, losses=losses, why=why)
    if losses >= settings.max_losses:
        await queue_store.settle(tx, video, 0.0)
        await _failed(
            tx, video, settings, ENGINE_UNAVAILABLE, f"The engine was lost {losses} times while making this video; try again later"
        )
        return
    stage = f"waiting: the engine was lost, next is try {losses + 1} of {settings.max_losses}"
    await _requeue(tx, video, settings, losses=losses, delay_s=retry_delay(losses, base_s=settings.retry_base_s), stage=stage)


async def _requeue(tx: AsyncConnection, video: Video, settings: Settings, *, losses: int, delay_s: float, stage: str) -> None:
    await queue_store.requeue(tx, video, losses=losses, delay_s=delay_s, stage=stage)
    await queue_store.settle(tx, video, 0.0)
    await store.discard(tx, f"{video.attempt_folder}/", after_s=settings.discard_grace_s)


async def _failed(tx: AsyncConnection, video: Video, settings: Settings, code: str, message: str) -> None:
    grace_s = settings.discard_grace_s
    await end_without_result(tx, video, State.FAILED, code=code, message=message, discard_after_s=grace_s)
