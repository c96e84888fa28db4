"""A loop over leased rows: exports and archives are made like this. A process that dies loses its lease, and another one begins anew."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from kinora_kit import log, telemetry
from kinora_kit.db import Database
from kinora_media.store import MediaStore
from prometheus_client import Counter

from kinora_provenance import leases, work_store
from kinora_provenance.domain import retry_after_s
from kinora_provenance.leases import Terms
from kinora_provenance.pulse import Pulse
from kinora_provenance.work_store import Job, Table

TERMS = Terms()
MAX_TRIES = 6
"""With `retry_after_s` between them half a minute, and more where each takes long."""
_BROKE = "It could not be made; ask for it once more, and tell the operator if that fails too."
_log = log.get("kinora.provenance")
WORK = Counter("kinora_provenance_work_total", "Tries to make an export or archive, by how they ended", ["table", "outcome"])


class Impossible(Exception):
    """It can never be made; the message is for its owner."""


class Progress(Pulse):
    """A pulse that also tells how far the work is, 0 to 1."""

    def __init__(self) -> None:
        super().__init__()
        self.fraction = 0.0

    @property
    def percent(self) -> int:
        return min(99, int(100 * self.fraction))


@dataclass(frozen=True)
class Made:
    """`key` is where the file lies; `facts` are columns to store with it."""

    key: str
    facts: dict[str, object]


Make = Callable[[Job, Progress], Awaitable[Made]]


@dataclass(frozen=True)
class Workshop:
    """`make` stores a file under `job.key`."""

    database: Database
    media: MediaStore
    table: Table
    make: Make
    kept_for: timedelta
    poll_s: float = 0.25

    async def run(self) -> None:
        """A service loop: until cancelled; several may run at once."""
        while True:
            if not await self.work():
                await asyncio.sleep(self.poll_s)

    async def work(self) -> bool:
        """On what is next; False when nothing is."""
        async with self.database.begin() as tx:
            job = await work_store.lease(tx, self.table, TERMS.lease_s)
        if job is None:
            return False
        context = telemetry.parent({telemetry.TRACEPARENT: job.row["traceparent"]} if job.row["traceparent"] else {})
        with telemetry.tracer.start_as_current_span(f"make {self.table}", context):
            outcome = await self._attempt(job)
        WORK.labels(self.table, outcome).inc()
        return True

    async def _attempt(self, job: Job) -> str:
        if job.tries > MAX_TRIES:  # the last ones ended with their process
            return await self._give_up(job, _BROKE)
        try:
            progress = Progress()
            async with leases.kept(TERMS, progress, partial(self._renew, job, progress)):
                made = await self.make(job, progress)
            return await self._finish(job, made)
        except Impossible as error:
            return await self._give_up(job, str(error))
        except Exception as error:  # noqa: BLE001 - the boundary: a full disk or an expired certificate must not stop the loop
            _log.error("work.failed", table=self.table, id=job.id, tries=job.tries, error=repr(error), exc_info=True)
            return await self._try_again(job)

    async def _finish(self, job: Job, made: Made) -> str:
        async with self.database.begin() as tx:
            mine = await work_store.complete(tx, job, self.kept_for, {**made.facts, "key": made.key})
        if not mine:
            await self.media.delete(made.key)
        _log.info("work.completed" if mine else "work.dropped", table=self.table, id=job.id)
        return "completed" if mine else "dropped"

    async def _give_up(self, job: Job, reason: str) -> str:
        async with self.database.begin() as tx:
            await work_store.fail(tx, job, reason, self.kept_for)
        _log.warning("work.impossible", table=self.table, id=job.id, reason=reason)
        return "failed"

    async def _try_again(self, job: Job) -> str:
        if job.tries >= MAX_TRIES:
            return await self._give_up(job, _BROKE)
        async with self.database.begin() as tx:
            await work_store.defer(tx, job, retry_after_s(job.tries))
        return "deferred"

    async def _renew(self, job: Job, progress: Progress) -> bool:
        async with self.database.begin() as tx:
            return await work_store.keep(tx, job, TERMS.lease_s, progress.percent)
