"""From one service's outbox through the log into another's tables: once, in order, whatever breaks."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import pytest
from kinora.generation.v1.events_pb2 import VideoCompleted, VideoFailed, VideoQueued
from kinora_kit import outbox
from kinora_kit.errors import Unavailable
from kinora_kit.events import Outgoing
from kinora_kit.events.consumer import Consumer, replay
from kinora_kit.events.relay import Relay
from sqlalchemy import text

pytestmark = pytest.mark.timeout(120)
TOPIC = VideoQueued.DESCRIPTOR.file.package


@pytest.fixture
def name():
    """A consumer of its own for each test: a shared broker remembers groups."""
    return f"test-{uuid4().hex[:8]}"


@asynccontextmanager
async def at_work(*loops):
    tasks = [asyncio.create_task(loop()) for loop in loops]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def announce(database, *ids, note=""):
    for video_id in ids:
        async with database.begin() as tx:
            await outbox.add(tx, VideoQueued(video_id=video_id, account_id=note), key=video_id)


async def effects(database):
    async with database.begin() as tx:
        return [row.video_id for row in await tx.execute(text("select video_id from effects order by id"))]


async def until(check, within=40):
    async with asyncio.timeout(within):
        while not await check():  # noqa: ASYNC110 - a table offers nothing to wait for
            await asyncio.sleep(0.02)


def recorded(test_run):
    """A handler that notes the events of this test; the topic is shared with others."""

    async def handle(tx, event):
        if event.video_id.startswith(test_run):
            await tx.execute(text("insert into effects (video_id) values (:v)"), {"v": event.video_id})

    return handle


async def test_an_event_takes_effect_once(event_log, database, name):
    ids = [f"{name}-{n}" for n in range(20)]
    consumer = Consumer(name, database, event_log, {VideoQueued: recorded(name)})
    async with at_work(Relay(database, event_log).run, consumer.run):
        await announce(database, *ids)

        async def all_there():
            return len(await effects(database)) == 20

        await until(all_there)
    assert sorted(await effects(database)) == sorted(ids)


async def test_an_event_that_comes_twice_takes_effect_once(event_log, database, name):
    twice, last = (
        Outgoing(str(uuid4()), TOPIC, VideoQueued.DESCRIPTOR.full_name, "k", VideoQueued(video_id=video_id).SerializeToString())
        for video_id in (name, f"{name}-last")
    )
    await event_log.publish([twice, twice, last])  # of one key: once the last took effect, the others were delivered
    async with at_work(Consumer(name, database, event_log, {VideoQueued: recorded(name)}).run):

        async def last_there():
            return f"{name}-last" in await effects(database)

        await until(last_there)
    assert (await effects(database)).count(name) == 1


async def test_an_event_of_a_rolled_back_change_is_never_told(database):
    async def change():
        async with database.begin() as tx:
            await outbox.add(tx, VideoQueued(video_id="v"), key="v")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change()
    async with database.begin() as tx:
        assert (await tx.execute(text("select count(*) from outbox"))).scalar() == 0


async def test_types_without_a_handler_are_skipped(event_log, database, name):
    async with database.begin() as tx:
        await outbox.add(tx, VideoCompleted(video_id=name), key=name)
        await outbox.add(tx, VideoFailed(video_id=name), key=name)
    async with at_work(Relay(database, event_log).run, Consumer(name, database, event_log, {VideoFailed: recorded(name)}).run):

        async def there():
            return await effects(database) == [name]

        await until(there)


async def test_a_poison_event_is_buried_while_others_go_on_and_can_be_replayed(event_log, database, name):
    poisonous = True

    async def handle(tx, event):
        if poisonous and event.video_id == f"{name}-poison":
            raise ValueError("cannot digest this")
        await recorded(name)(tx, event)

    async with at_work(Relay(database, event_log).run, Consumer(name, database, event_log, {VideoQueued: handle}).run):
        await announce(database, f"{name}-poison", *(f"{name}-{n}" for n in range(5)))

        async def others_there():
            return len(await effects(database)) == 5

        await until(others_there)
        poisonous = False

        async def replayed():
            await replay(event_log, TOPIC, idle_s=2)
            return f"{name}-poison" in await effects(database)

        await until(replayed)
    assert len(await effects(database)) == 6


async def test_a_neighbour_that_is_away_costs_no_try(event_log, database, name):
    calls = 0

    async def handle(tx, event):
        nonlocal calls
        if event.video_id == name:
            calls += 1
            if calls < 8:
                raise Unavailable("away")
            await recorded(name)(tx, event)

    async with at_work(Relay(database, event_log).run, Consumer(name, database, event_log, {VideoQueued: handle}).run):
        await announce(database, name)

        async def there():
            return await effects(database) == [name]

        await until(there)
    assert calls == 8
