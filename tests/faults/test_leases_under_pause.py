"""Workers freeze for longer than their lease lasts and then go on, as after a long pause of a virtual machine: a job counts once."""

import asyncio
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import kinora_generation
import psutil
import pytest
from kinora.engine.v1.engine_pb2 import ENGINE_UNIT_CPU_SECOND, Capabilities
from kinora.generation.v1.events_pb2 import VideoRendered
from kinora_generation.domain import NewVideo
from kinora_generation.engines import WORLD, Engine
from kinora_generation.enqueue import enqueue
from kinora_generation.ids import new_video_id
from kinora_generation.settings import Settings
from kinora_kit.db import Database, migrate
from sqlalchemy import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

JOBS, PAUSES, PAUSE_S = 20, 4, 1.8
ENGINE = Engine(WORLD, Capabilities(rate=1.0, fps=24, unit=ENGINE_UNIT_CPU_SECOND))
WAITING = text("select count(*) from videos where state <> 'sealing'")
RENDERED = text("select key from outbox where type = :type")


@pytest.fixture
async def jobs(database_url) -> AsyncIterator[Database]:
    """The database of generation with JOBS jobs in the queue."""
    await migrate(database_url, "generation", Path(kinora_generation.__file__).parent / "migrations")
    database = Database(database_url, "generation")
    for _ in range(JOBS):
        new = NewVideo(new_video_id(), "bob", "world-1", "", "", 1000, 1000, 24, 1.0, 1, 0, "{}", (), "", "")
        async with database.begin() as tx:
            await enqueue(tx, new, ENGINE, Settings(max_queued_per_account=JOBS))
    yield database
    await database.close()


@contextmanager
def two_workers(variant: str, database: Database, log: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    command = [sys.executable, str(Path(__file__).with_name("lease_worker.py")), variant, database.url]
    with log.open("wb") as stdout:
        workers = [subprocess.Popen(command, stdout=stdout) for _ in range(2)]
    try:
        yield workers
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()


async def until(database: Database, done: int) -> None:
    """Until `done` jobs are out of the queue."""
    async with asyncio.timeout(60):
        while True:
            async with database.begin() as tx:
                if await tx.scalar(WAITING) <= JOBS - done:
                    return
            await asyncio.sleep(0.05)


async def renderings(variant: str, database: Database, log: Path) -> Counter[int]:
    """By how often a job was reported rendered: how many jobs were."""
    with two_workers(variant, database, log) as workers:
        await until(database, 2)  # both have started
        for number in range(PAUSES):
            worker = psutil.Process(workers[number % 2].pid)
            worker.suspend()
            await asyncio.sleep(PAUSE_S)
            worker.resume()
            await asyncio.sleep(0.3)
        await until(database, JOBS)
        await asyncio.sleep(1)  # for whoever is late
    async with database.begin() as tx:
        keys = await tx.scalars(RENDERED, {"type": VideoRendered.DESCRIPTOR.full_name})
    return Counter(Counter(keys).values())


async def test_a_late_result_is_refused_and_each_job_counts_once(jobs, tmp_path):
    assert await renderings("fenced", jobs, tmp_path / "log") == {1: JOBS}
    assert "refused" in (tmp_path / "log").read_text()


async def test_control_without_a_fence_a_late_result_counts_again(jobs, tmp_path):
    assert (await renderings("naive", jobs, tmp_path / "log"))[2] > 0
