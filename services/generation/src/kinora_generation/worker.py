"""Serves the queue: leases a job, has the engine render it, reports. Nothing here is lost when the process is killed."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from google.protobuf.message import DecodeError
from kinora.engine.v1.engine_pb2 import CastLikeness, RenderProgress, RenderRefusal, RenderResult
from kinora_kit import attributes, log, telemetry
from kinora_kit.db import Database, DatabaseUnavailable
from opentelemetry.trace import SpanKind

from . import asked, run_video, sheets
from .arrivals import Arrivals
from .cameos import Cameos, CameosAway, ConsentMissing
from .clients import EngineLost, Triton
from .engines import Engine
from .errors import LeaseLost
from .queue_store import Lease
from .settings import Settings

_DATABASE_AGAIN_S = 0.5
_CAMEOS_AGAIN_S = 0.5
_GOODBYE_S = 5.0
_log = log.get("kinora.generation.worker")


@dataclass
class _Newest:
    """The engine's last word that is not stored yet."""

    progress: RenderProgress | None = None

    def note(self, progress: RenderProgress) -> None:
        if self.progress is not None and not progress.preview_webp:
            progress.preview_webp = self.progress.preview_webp
        self.progress = progress

    def take(self) -> RenderProgress | None:
        taken, self.progress = self.progress, None
        return taken


async def serve(db: Database, triton_url: str, cameos: Cameos, settings: Settings, arrivals: Arrivals, draining: asyncio.Event) -> None:
    """Serves one job at a time until `draining`, and then finishes the one in hand; when cancelled, gives it back."""
    triton = Triton(triton_url, silence_s=settings.engine_silence_s)
    try:
        while not draining.is_set():
            arrival = arrivals.next()
            try:
                served = await _serve_one(db, triton, cameos, settings)
            except DatabaseUnavailable:
                _log.warning("database.unavailable")
                await asyncio.sleep(_DATABASE_AGAIN_S)
                continue
            if not served:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(settings.poll_s):
                        await arrival.wait()
    finally:
        await triton.close()


async def _serve_one(db: Database, triton: Triton, cameos: Cameos, settings: Settings) -> bool:
    # Jobs of an engine that is away stay in the queue: nothing is leased, so no loss is counted.
    ready = [engine.id for engine in settings.engines if await triton.ready(engine.triton_model)]
    lease = await run_video.take(db, settings, ready)
    if lease is None:
        return False
    parent = telemetry.parent({telemetry.TRACEPARENT: lease.video.traceparent})
    facts = {attributes.VIDEO_ID: lease.video.id, attributes.ENGINE: lease.video.model}
    with telemetry.tracer.start_as_current_span("video.render", parent, SpanKind.CLIENT, facts):
        likenesses = await _likenesses(db, cameos, settings, lease)
        if likenesses is not None:
            await _attend(db, triton, cameos, settings, lease, likenesses)
    return True


async def _likenesses(db: Database, cameos: Cameos, settings: Settings, lease: Lease) -> list[CastLikeness] | None:
    """The likenesses in it; None when they may not be used, or not yet, which has been dealt with."""
    try:
        return await cameos.dispatched(lease.video)
    except ConsentMissing as missing:
        why = str(missing)
        await _told(lease, lambda: run_video.consent_missing(db, settings, lease, why))
    except CameosAway as away:
        _log.info("cameos.away", video_id=lease.video.id, why=str(away))
        await _told(lease, lambda: run_video.give_back(db, settings, lease, delay_s=_CAMEOS_AGAIN_S))
    return None


async def _attend(
    db: Database, triton: Triton, cameos: Cameos, settings: Settings, lease: Lease, likenesses: Sequence[CastLikeness]
) -> None:
    """One attempt from lease to report."""
    newest = _Newest()
    render = asyncio.create_task(_render(db, triton, settings, lease, newest, likenesses))
    beats = asyncio.create_task(_beats(db, settings, lease, newest))
    try:
        await asyncio.wait({render, beats}, return_when=asyncio.FIRST_COMPLETED)
        if render.done():
            await _report(db, cameos, settings, lease, render.result())
        else:
            beats.result()
            _log.info("lease.lost", video_id=lease.video.id, attempt=lease.attempt)
    except asyncio.CancelledError:
        with contextlib.suppress(LeaseLost, DatabaseUnavailable, TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                await run_video.give_back(db, settings, lease)
        raise
    finally:
        # Cancelling the render closes its stream, which is how the engine learns that nobody wants the clip any more.
        render.cancel()
        beats.cancel()
        await asyncio.gather(render, beats, return_exceptions=True)


async def _engine(db: Database, settings: Settings, model: str) -> Engine:
    while True:
        try:
            return next(engine for engine in await sheets.known(db, settings) if engine.id == model)
        except DatabaseUnavailable:
            await asyncio.sleep(_DATABASE_AGAIN_S)


async def _render(
    db: Database, triton: Triton, settings: Settings, lease: Lease, newest: _Newest, likenesses: Sequence[CastLikeness]
) -> RenderResult | RenderRefusal | EngineLost:
    video = lease.video
    engine = await _engine(db, settings, video.model)
    request = asked.of(video, engine, likenesses, telemetry.traceparent() or "")
    try:
        answer = await triton.render(engine.named.triton_model, request, newest.note)
    except (EngineLost, DecodeError) as error:
        return EngineLost(str(error))
    if isinstance(answer, RenderResult) and (strays := _outside(answer, f"{video.attempt_folder}/")):
        return EngineLost(f"it stored the clip outside of {video.attempt_folder}: {strays}")
    return answer


def _outside(answer: RenderResult, folder: str) -> list[str]:
    """Keys of files that are removed once they are sealed, or served, or start another film: none may be another video's."""
    others = (answer.thumbnail_key, answer.spritesheet_key, answer.take_key, answer.audio_key)
    return [key for key in (answer.video_key, *filter(None, others)) if not key.startswith(folder)]


async def _beats(db: Database, settings: Settings, lease: Lease, newest: _Newest) -> None:
    """Ends when the job is this worker's no more. A database that is away is no reason until the lease must have run out."""
    renewed = time.monotonic()
    while time.monotonic() - renewed < settings.lease_s:
        await asyncio.sleep(settings.beat_s)
        began = time.monotonic()
        try:
            await run_video.beat(db, settings, lease, newest.take())
        except LeaseLost:
            return
        except DatabaseUnavailable:
            continue
        renewed = began


async def _report(
    db: Database, cameos: Cameos, settings: Settings, lease: Lease, answer: RenderResult | RenderRefusal | EngineLost
) -> None:
    match answer:
        case RenderResult():
            await _publish(db, cameos, settings, lease, answer)
        case RenderRefusal():
            await _told(lease, lambda: run_video.refused(db, settings, lease, answer))
        case EngineLost():
            await _told(lease, lambda: run_video.lost(db, settings, lease, str(answer)))


async def _publish(db: Database, cameos: Cameos, settings: Settings, lease: Lease, result: RenderResult) -> None:
    try:
        receipts = await cameos.published(lease.video)
    except ConsentMissing as missing:
        why = str(missing)
        await _told(lease, lambda: run_video.consent_missing(db, settings, lease, why))
    except CameosAway as away:
        why = f"nobody said whether its cameos may be shown: {away}"
        await _told(lease, lambda: run_video.lost(db, settings, lease, why))
    else:
        await _told(lease, lambda: run_video.rendered(db, lease, result, receipts))


async def _told(lease: Lease, tell: Callable[[], Awaitable[None]]) -> None:
    """Tells the database as soon as it answers. If a commit counted although its answer was lost, the lease says so next time."""
    while True:
        try:
            return await tell()
        except LeaseLost:
            _log.info("lease.lost", video_id=lease.video.id, attempt=lease.attempt)
            return None
        except DatabaseUnavailable:
            await asyncio.sleep(_DATABASE_AGAIN_S)
