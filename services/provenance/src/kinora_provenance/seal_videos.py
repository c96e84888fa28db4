"""The loop that seals what waits: lease, fetch, sign, store, tell.

An event handler would hold a transaction through all of that. Instead it notes the film, and this loop leases it for a few seconds at a
time: a process that dies loses its lease, and another one seals the film.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from kinora.provenance.v1.events_pb2 import VideoSealed, VideoSealFailed
from kinora_kit import attributes, log, outbox, telemetry
from kinora_kit.db import Database
from kinora_media.store import MediaMissing, MediaStore, check_key

from kinora_provenance import metrics, signing, store
from kinora_provenance.credentials import Credentials, Source
from kinora_provenance.domain import MAX_TRIES, Film, Seal, Unsealable, retry_after_s
from kinora_provenance.signing import Signed
from kinora_provenance.store import Job

LEASE_S = 15.0
LONGEST_S = 180.0
"""No film takes so long; a signature that hangs gives its film up."""
_log = log.get("kinora.provenance")


class Sealer:
    """`run` is a service loop; several may run at once, in one process or many."""

    def __init__(self, database: Database, media: MediaStore, source: Source, *, tsa_url: str = "", poll_s: float = 0.25) -> None:
        self._database, self._media, self._source = database, media, source
        self._tsa_url, self._poll_s = tsa_url, poll_s

    async def run(self) -> None:
        """Until cancelled; raises when the database fails, and may be run again at once."""
        while True:
            if not await self.seal_next():
                await asyncio.sleep(self._poll_s)

    async def seal_next(self) -> bool:
        """Works on the film that is longest due; False when there is none."""
        async with self._database.begin() as tx:
            job = await store.lease_film(tx, LEASE_S)
        if job is None:
            return False
        context = telemetry.parent({telemetry.TRACEPARENT: job.traceparent} if job.traceparent else {})
        with telemetry.tracer.start_as_current_span("seal", context, attributes={attributes.VIDEO_ID: job.film.video_id}):
            metrics.SEALS.labels(await self._work_on(job)).inc()
        return True

    async def _work_on(self, job: Job) -> str:
        try:
            with metrics.SEAL_SECONDS.time():
                async with self._leased(job):
                    seal = await self._seal(job)
            return await self._finish(job, seal)
        except Unsealable as error:
            return await self._give_up(job, str(error))
        except Exception as error:  # noqa: BLE001 - the boundary: an expired certificate or a full disk must not stop the loop
            _log.error("seal.failed", video_id=job.film.video_id, tries=job.tries, error=repr(error), exc_info=True)
            return await self._try_again(job)

    async def _seal(self, job: Job) -> Seal:
        film = job.film
        if job.tries > MAX_TRIES:  # the last ones ended with their process
            raise Unsealable("The video could not be signed.")
        with TemporaryDirectory(prefix="kinora-seal-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            await self._fetch(film, folder / "raw.mp4")
            parent = await self._parent(film, folder / "parent.mp4")
            credentials = await asyncio.to_thread(self._source)
            signed = await asyncio.to_thread(
                signing.sign, film, folder / "raw.mp4", folder / "sealed.mp4", credentials, parent=parent, tsa_url=self._tsa_url
            )
            await self._media.put(film.sealed_key, folder / "sealed.mp4", content_type="video/mp4")
        return _seal(film, signed, credentials)

    async def _fetch(self, film: Film, to: Path) -> None:
        try:
            check_key(film.sealed_key)
            await self._media.fetch(film.video_key, to)
        except MediaMissing as error:
            raise Unsealable("The rendered file is missing.") from error
        except ValueError as error:
            raise Unsealable("The rendered file has no proper place.") from error

    async def _parent(self, film: Film, to: Path) -> Path | None:
        """The sealed file of the film that this one remixes, if it is at hand and still what was sealed."""
        if not film.remixed_from_video_id:
            return None
        async with self._database.begin() as tx:
            seal = await store.get_seal(tx, film.remixed_from_video_id)
        if seal is None:
            return None
        with suppress(MediaMissing):
            await self._media.fetch(seal.video_key, to)
            return to if await asyncio.to_thread(_sha256, to) == seal.sha256 else None
        return None

    async def _finish(self, job: Job, seal: Seal) -> str:
        event = VideoSealed(
            video_id=seal.video_id,
            attempt_id=seal.attempt_id,
            video_key=seal.video_key,
            size_bytes=seal.size_bytes,
            sha256=seal.sha256,
        )
        async with self._database.begin() as tx:
            if mine := await store.take_out(tx, job):
                await store.add_seal(tx, seal)
                await outbox.add(tx, event, key=seal.video_id)
            deleted = not mine and not await store.is_known(tx, job.film)
        if deleted:
            await self._media.delete(seal.video_key)
        _log.info("video.sealed" if mine else "seal.dropped", video_id=seal.video_id, state=seal.validation_state)
        return "sealed" if mine else "dropped"

    async def _give_up(self, job: Job, reason: str) -> str:
        event = VideoSealFailed(video_id=job.film.video_id, attempt_id=job.film.attempt_id, reason=reason)
        async with self._database.begin() as tx:
            if await store.take_out(tx, job):
                await outbox.add(tx, event, key=job.film.video_id)
        _log.warning("video.unsealable", video_id=job.film.video_id, reason=reason)
        return "unsealable"

    async def _try_again(self, job: Job) -> str:
        if job.tries >= MAX_TRIES:
            return await self._give_up(job, "The video could not be signed.")
        async with self._database.begin() as tx:
            await store.defer(tx, job, retry_after_s(job.tries))
        return "deferred"

    @asynccontextmanager
    async def _leased(self, job: Job) -> AsyncIterator[None]:
        """Keeps the lease within; work that outlives it (the database is away, the film was deleted, LONGEST_S) ends with TimeoutError."""
        async with asyncio.timeout(LEASE_S) as limit:
            keeping = asyncio.create_task(self._keep(job, limit))
            try:
                yield
            finally:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)

    async def _keep(self, job: Job, limit: asyncio.Timeout) -> None:
        clock = asyncio.get_running_loop().time
        for _ in range(round(LONGEST_S / LEASE_S * 3)):
            await asyncio.sleep(LEASE_S / 3)
            asked_at = clock()
            async with self._database.begin() as tx:
                kept = await store.defer(tx, job, LEASE_S)
            limit.reschedule(asked_at + LEASE_S if kept else asked_at)


def _seal(film: Film, signed: Signed, credentials: Credentials) -> Seal:
    return Seal(
        video_id=film.video_id,
        attempt_id=film.attempt_id,
        account_id=film.account_id,
        video_key=film.sealed_key,
        manifest=signed.manifest,
        manifest_label=signed.label,
        validation_state=signed.state,
        signer=credentials.signer,
        development=credentials.development,
        sha256=signed.sha256,
        size_bytes=signed.size_bytes,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
