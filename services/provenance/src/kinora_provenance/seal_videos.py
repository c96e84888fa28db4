"""The loop that seals what waits: lease, fetch, mark and encode, take fingerprints, sign, store, tell.

An event handler would hold a transaction through all of that. Instead it notes the film, and this loop leases it for a few seconds at a
time: a process that dies loses its lease, and another one seals the film.
"""

import asyncio
import hashlib
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from kinora.provenance.v1.events_pb2 import VideoSealed, VideoSealFailed
from kinora_kit import attributes, log, outbox, telemetry
from kinora_kit.db import Database
from kinora_marks.prints import Printer, Prints
from kinora_media.store import MediaMissing, MediaStore, check_key

from kinora_provenance import leases, metrics, prints, sealing, store
from kinora_provenance.credentials import Credentials, Source
from kinora_provenance.domain import MAX_TRIES, Film, Seal, Unsealable, retry_after_s
from kinora_provenance.leases import Terms
from kinora_provenance.pulse import Pulse
from kinora_provenance.sealing import Desk, Means
from kinora_provenance.signing import Signed
from kinora_provenance.store import Job

TERMS = Terms(renew_s=5.0)
_log = log.get("kinora.provenance")


class Sealer:
    """`run` is a service loop; several may run at once, in one process or many."""

    def __init__(self, database: Database, media: MediaStore, source: Source, means: Means, *, poll_s: float = 0.25) -> None:
        self._database, self._media, self._source = database, media, source
        self._means, self._poll_s = means, poll_s

    async def run(self) -> None:
        """Until cancelled; raises when the database fails, and may be run again at once."""
        while True:
            if not await self.seal_next():
                await asyncio.sleep(self._poll_s)

    async def seal_next(self) -> bool:
        """Works on the film that is longest due; False when there is none."""
        async with self._database.begin() as tx:
            job = await store.lease_film(tx, TERMS.lease_s)
        if job is None:
            return False
        context = telemetry.parent({telemetry.TRACEPARENT: job.traceparent} if job.traceparent else {})
        with telemetry.tracer.start_as_current_span("seal", context, attributes={attributes.VIDEO_ID: job.film.video_id}):
            metrics.SEALS.labels(await self._work_on(job)).inc()
        return True

    async def _work_on(self, job: Job) -> str:
        try:
            with metrics.SEAL_SECONDS.time():
                pulse = Pulse()
                async with leases.kept(TERMS, pulse, partial(self._renew, job)):
                    seal, looks = await self._seal(job, pulse)
            return await self._finish(job, seal, looks)
        except Unsealable as error:
            return await self._give_up(job, str(error))
        except Exception as error:  # noqa: BLE001 - the boundary: an expired certificate or a full disk must not stop the loop
            _log.error("seal.failed", video_id=job.film.video_id, tries=job.tries, error=repr(error), exc_info=True)
            return await self._try_again(job)

    async def _seal(self, job: Job, pulse: Pulse) -> tuple[Seal, Prints]:
        film, printer = job.film, Printer()
        if job.tries > MAX_TRIES:  # the last ones ended with their process
            raise Unsealable("The video could not be sealed.")
        with TemporaryDirectory(prefix="kinora-seal-", ignore_cleanup_errors=True) as name:
            desk = Desk(Path(name), film)
            await self._fetch(film, desk)
            with_parent = await self._parent(film, desk.parent)
            credentials = await asyncio.to_thread(self._source)
            signed = await asyncio.to_thread(
                sealing.seal, film, desk, self._means, credentials, with_parent=with_parent, watch=printer, beat=pulse.beat
            )
            looks = await asyncio.to_thread(printer.finish)
            pulse.beat()
            await self._store(film, desk)
        return _seal(film, signed, credentials), looks

    async def _fetch(self, film: Film, desk: Desk) -> None:
        try:
            for key in film.sealed_keys:
                check_key(key)
            await self._media.fetch(film.video_key, desk.master)
            for (path, _), still in zip(desk.stills, film.stills, strict=True):
                await self._media.fetch(still.key, path)
        except MediaMissing as error:
            raise Unsealable("The rendered file is missing.") from error
        except ValueError as error:
            raise Unsealable("The rendered file has no proper place.") from error

    async def _store(self, film: Film, desk: Desk) -> None:
        """The film last: whoever sees it finds its stills."""
        for (_, path), still in zip(desk.stills, film.stills, strict=True):
            await self._media.put(still.sealed_key, path, content_type=still.content_type)
        await self._media.put(film.sealed_key, desk.sealed, content_type="video/mp4")

    async def _parent(self, film: Film, to: Path) -> bool:
        """Fetches the sealed file of the film that this one remixes, if it is at hand and still what was sealed."""
        if not film.remixed_from_video_id:
            return False
        async with self._database.begin() as tx:
            seal = await store.get_seal(tx, film.remixed_from_video_id)
        if seal is None:
            return False
        with suppress(MediaMissing):
            await self._media.fetch(seal.video_key, to)
            return await asyncio.to_thread(_sha256, to) == seal.sha256
        return False

    async def _finish(self, job: Job, seal: Seal, looks: Prints) -> str:
        event = VideoSealed(
            video_id=seal.video_id,
            attempt_id=seal.attempt_id,
            video_key=seal.video_key,
            size_bytes=seal.size_bytes,
            sha256=seal.sha256,
        )
        async with self._database.begin() as tx:
            if mine := await store.take_out(tx, job):
                await store.add_seal(tx, job.film, seal)
                await prints.add(tx, seal.video_id, looks)
                await outbox.add(tx, event, key=seal.video_id)
            deleted = not mine and not await store.is_known(tx, job.film)
        await self._clear(job.film, deleted=deleted)
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
            return await self._give_up(job, "The video could not be sealed.")
        async with self._database.begin() as tx:
            mine = await store.defer(tx, job, retry_after_s(job.tries))
            deleted = not mine and not await store.is_known(tx, job.film)
        await self._clear(job.film, deleted=deleted)
        return "deferred" if mine else "dropped"

    async def _clear(self, film: Film, *, deleted: bool) -> None:
        """Of a film that was deleted meanwhile nothing stays, however far its sealing came."""
        if deleted:
            await self._media.delete(*film.sealed_keys)

    async def _renew(self, job: Job) -> bool:
        async with self._database.begin() as tx:
            return await store.defer(tx, job, TERMS.lease_s)


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
        identity=film.identity,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
