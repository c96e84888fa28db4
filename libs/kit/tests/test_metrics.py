"""What an operator reads at /metrics while services work."""

import asyncio
import math
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from kinora.generation.v1.events_pb2 import VideoQueued
from kinora_cli.state import free_port
from kinora_kit import gauges, outbox
from kinora_kit.db import Database, DatabaseUnavailable, connect
from kinora_kit.service import Service
from kinora_kit.settings import KitSettings
from kinora_testkit.services import serving
from prometheus_client.parser import text_string_to_metric_families

MIGRATIONS = Path(__file__).parent / "migrations"
TOPIC = VideoQueued.DESCRIPTOR.file.package
RELAY_LOCK = "select pg_advisory_lock(hashtextextended('kinora.relay.demo', 0))"


class Operator:
    def __init__(self, port):
        self.url = f"http://127.0.0.1:{port}/metrics"

    async def reads(self, name, **labels):
        async with httpx.AsyncClient(timeout=30) as client:
            text = (await client.get(self.url)).text
        samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
        return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())

    async def sees(self, wanted, name, **labels):
        await self.waits(lambda value: value == wanted, name, **labels)

    async def waits(self, wanted, name, **labels):
        async with asyncio.timeout(20):
            while not wanted(await self.reads(name, **labels)):  # noqa: ASYNC110 - a page offers nothing to wait for
                await asyncio.sleep(0.05)


@pytest.fixture
def demo(database_url, monkeypatch):
    """Runs the service `demo` with this handler; gives its database and the operator who watches it."""
    monkeypatch.setattr(gauges, "_EVERY_S", 0.1)

    @asynccontextmanager
    async def running(handle=None):
        def build(adapters):
            consumers = {VideoQueued: handle} if handle else {}
            return Service("demo", database=Database(adapters.database_url, "demo"), migrations=MIGRATIONS, consumers=consumers)

        port = free_port()
        async with serving(build, database_url=database_url, kit=KitSettings.model_construct(metrics_port=port)) as served:
            yield served.services[0].database, Operator(port)

    return running


async def announce(database, video_id):
    async with database.begin() as tx:
        await outbox.add(tx, VideoQueued(video_id=video_id), key=video_id)


async def test_events_that_do_not_leave_are_seen_and_for_how_long(demo, database_url):
    leader = await connect(database_url, "demo")
    await leader.execute(RELAY_LOCK)  # and publishes nothing
    async with demo() as (database, operator):
        await announce(database, "v")
        await operator.sees(1, "kinora_outbox_waiting_events", schema="demo")
        await asyncio.sleep(0.5)
        assert await operator.reads("kinora_outbox_oldest_age_seconds", schema="demo") > 0.2
        await leader.close()
        await operator.sees(0, "kinora_outbox_waiting_events", schema="demo")
        await operator.sees(0, "kinora_outbox_oldest_age_seconds", schema="demo")


async def test_a_consumer_that_hangs_falls_behind(demo):
    go_on = asyncio.Event()

    async def hang(tx, event):
        await go_on.wait()

    async with demo(hang) as (database, operator):
        for number in range(3):
            await announce(database, str(number))
        await operator.sees(3, "kinora_consumer_lag_events", consumer="demo", topic=TOPIC)
        go_on.set()
        await operator.sees(0, "kinora_consumer_lag_events", consumer="demo", topic=TOPIC)


async def test_a_poisoned_event_is_counted_as_dead(demo):
    async def choke(tx, event):
        raise ValueError(event.video_id)

    async with demo(choke) as (database, operator):
        before = await operator.reads("kinora_events_handled_total", consumer="demo", outcome="dead")
        await announce(database, "v")
        await operator.sees(before + 1, "kinora_events_handled_total", consumer="demo", outcome="dead")


async def test_connections_in_use_are_told_beside_their_limit(demo):
    async with demo() as (database, operator), database.begin(), database.begin():
        assert await operator.reads("kinora_database_connections_in_use", schema="demo") >= 2
        assert await operator.reads("kinora_database_connections_limit", schema="demo") == 15


async def test_a_database_that_is_away_is_counted(demo):
    nowhere = Database(f"postgresql://nobody@127.0.0.1:{free_port()}/nothing", "nowhere")
    async with demo() as (_, operator):
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable):
                async with nowhere.begin():
                    pass
        assert await operator.reads("kinora_database_unavailable_total", schema="nowhere") == 2
    await nowhere.close()


async def test_work_that_breaks_off_is_counted_and_not_shown_as_fresh(demo):
    async with demo() as (database, operator):
        await operator.sees(0, "kinora_outbox_waiting_events", schema="demo")
        before = await operator.reads("kinora_loop_failures_total", loop="demo outbox gauge")
        async with database.begin() as tx:
            await tx.exec_driver_sql("alter table outbox rename to hidden")
        await operator.waits(lambda value: value > before, "kinora_loop_failures_total", loop="demo outbox gauge")
        await operator.waits(math.isnan, "kinora_outbox_waiting_events", schema="demo")


async def test_what_runs_is_told(demo):
    async with demo() as (_, operator):
        assert await operator.reads("kinora_build_info", component="demo") == 1
