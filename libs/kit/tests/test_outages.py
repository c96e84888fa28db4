"""Nothing is lost and nothing happens twice while the database crashes or the broker restarts."""

import asyncio
import gc
import logging
import tempfile
from pathlib import Path

import pytest
from kinora.generation.v1.events_pb2 import VideoQueued
from kinora_cli.embedded.postgres import Postgres
from kinora_kit import outbox
from kinora_kit.db import Database, DatabaseUnavailable
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.service import Service
from kinora_testkit.kafka import NativeKafka
from kinora_testkit.services import serving
from sqlalchemy import text

MIGRATIONS = Path(__file__).parent / "migrations"
EVENTS = 300
pytestmark = [pytest.mark.slow, pytest.mark.timeout(180), pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")]


@pytest.fixture(autouse=True)
def collected(caplog):
    """kafka-python forgets to close a socket whose connection was refused: let that be noticed in here."""
    caplog.set_level(logging.CRITICAL, "kafka")  # pytest would keep its records, and they the sockets
    yield
    gc.collect()


async def note(tx, event):
    await tx.execute(text("insert into effects (video_id) values (:v)"), {"v": event.video_id})


def demo(adapters):
    return Service("demo", database=Database(adapters.database_url, "demo"), migrations=MIGRATIONS, consumers={VideoQueued: note})


async def announce(database):
    """EVENTS changes, each tried until it is known to have happened; returns those known and those tried."""
    known, tried = [], set()
    for number in range(EVENTS):
        while len(known) == number:
            tried.add(video_id := f"{number}-{len(tried)}")
            try:
                async with database.begin() as tx:
                    await outbox.add(tx, VideoQueued(video_id=video_id), key=str(number % 7))
                known.append(video_id)
                await asyncio.sleep(0.005)
            except DatabaseUnavailable:
                await asyncio.sleep(0.1)
    return known, tried


async def effects(database):
    try:
        async with database.begin() as tx:
            return [row.video_id for row in await tx.execute(text("select video_id from effects order by id"))]
    except DatabaseUnavailable:
        return []


async def survives(outage, database_url, **options):
    """Announce while `outage` happens; every known change takes effect once, none twice, keys in order."""
    async with serving(demo, database_url=database_url, **options) as served:
        database = served.services[0].database
        (known, tried), _ = await asyncio.gather(announce(database), outage())
        async with asyncio.timeout(60):
            while not set(known) <= set(seen := await effects(database)):  # noqa: ASYNC110 - a table offers nothing to wait for
                await asyncio.sleep(0.1)
    assert len(seen) == len(set(seen))
    assert set(seen) <= tried
    for key in range(7):
        numbers = [int(v.split("-")[0]) for v in seen if int(v.split("-")[0]) % 7 == key]
        assert numbers == sorted(numbers)


async def test_a_crash_of_the_database():
    with tempfile.TemporaryDirectory(prefix="kinora-pg-") as folder:
        postgres = Postgres(Path(folder) / "data")
        await postgres.start()

        async def crash():
            await asyncio.sleep(1)
            await asyncio.to_thread(postgres.kill)
            await postgres.start()

        await survives(crash, postgres.url)
        await postgres.stop()


async def test_a_restart_of_the_broker(database_url, tmp_path):
    kafka = NativeKafka(tmp_path)
    await asyncio.to_thread(kafka.start)

    async def restart():
        await asyncio.sleep(1)
        await asyncio.to_thread(kafka.restart)

    log = KafkaLog(kafka.bootstrap)
    await survives(restart, database_url, events=log)
    await log.aclose()
    kafka.stop()
