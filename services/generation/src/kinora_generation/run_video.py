"""A worker's side of a video: taking it, holding it, and saying how it went. The lease fences off whoever held it before."""

from collections.abc import Sequence

from kinora.engine.v1 import engine_pb2
from kinora.generation.v1 import events_pb2
from kinora_kit import log, outbox
from kinora_kit.db import Database
from kinora_kit.ids import uuid7
from sqlalchemy.ext.asyncio import AsyncConnection

from . import queue_store, store
from .domain import State, Video, refined, retry_delay, work
from .fail_video import CONSENT_REVOKED, end_without_result
from .metrics import ENGINE_LOSSES, ENGINE_SECONDS
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
        return await queue_store.lease(tx, models, uuid7().hex, settings.lease_s)


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
            **{f"{name}_key": result.pass_keys.get(name, "") for name in _PASS_FILES},
        }
        await queue_store.rendered(tx, video, files, cpu_seconds=result.cpu_seconds, notes=result.notes)
        await _settle(tx, video)
        await outbox.add(tx, _rendered_event(video, result, receipts), key=video.id)
    ENGINE_SECONDS.labels(video.model).observe(video.elapsed)
    _log.info("video.rendered", video_id=video.id, attempt=lease.attempt, engine_seconds=round(video.elapsed, 1))


def _rendered_event(video: Video, result: engine_pb2.RenderResult, receipts: Sequence[str]) -> events_pb2.VideoRendered:
    return events_pb2.VideoRendered(
        video_id=video.id,
        account_id=video.account_id,
        attempt_id=video.attempt_id,
        video_key=result.video_key,
        sealed_key=f"{video.attempt_folder}/video.mp4",
        engine=result.engine,
        engine_version=result.engine_version,
        trained=result.trained,
        title=" ".join(video.prompt.split())[:_TITLE_CHARACTERS] or "A storyboard",
        remixed_from_video_id=video.remixed_from,
        consent_receipts=receipts,
    )


async def _settle(tx: AsyncConnection, video: Video) -> None:
    """Charges the account what the job took instead of the estimate, and learns from it."""
    done = work(video.width, video.height, video.duration, video.passes)
    rate = await queue_store.rate(tx, video.model, video.estimate / done)
    await queue_store.charge(tx, video.account_id, video.elapsed - video.estimate)
    await queue_store.set_rate(tx, video.model, refined(rate, video.elapsed, done))


async def refused(db: Database, settings: Settings, lease: Lease, refusal: engine_pb2.RenderRefusal) -> None:
    """The engine says that this can never succeed: it fails at once. Raises LeaseLost."""
    async with db.begin() as tx:
        video = await queue_store.held(tx, lease)
        await queue_store.charge(tx, video.account_id, video.elapsed - video.estimate)
        await _failed(tx, video, settings, refusal.code or "refused", refusal.message or "The engine refused this request")


async def consent_missing(db: Database, settings: Settings, lease: Lease, why: str) -> None:
    """A likeness in it may not be used any more: it fails at once. Raises LeaseLost."""
    async with db.begin() as tx:
        video = await queue_store.held(tx, lease)
        await queue_store.charge(tx, video.account_id, video.elapsed - video.estimate)
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
        await queue_store.charge(tx, video.account_id, -video.estimate)
        await _failed(
            tx, video, settings, "engine_unavailable", f"The engine was lost {losses} times while making this video; try again later"
        )
        return
    stage = f"waiting: the engine was lost, next is try {losses + 1} of {settings.max_losses}"
    await _requeue(tx, video, settings, losses=losses, delay_s=retry_delay(losses, base_s=settings.retry_base_s), stage=stage)


async def _requeue(tx: AsyncConnection, video: Video, settings: Settings, *, losses: int, delay_s: float, stage: str) -> None:
    await queue_store.requeue(tx, video, losses=losses, delay_s=delay_s, stage=stage)
    await queue_store.charge(tx, video.account_id, -video.estimate)
    await store.discard(tx, f"{video.attempt_folder}/", after_s=settings.discard_grace_s)


async def _failed(tx: AsyncConnection, video: Video, settings: Settings, code: str, message: str) -> None:
    grace_s = settings.discard_grace_s
    await end_without_result(tx, video, State.FAILED, code=code, message=message, discard_after_s=grace_s)
