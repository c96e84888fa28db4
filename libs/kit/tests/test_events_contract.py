"""What every event log must do, run against each of them."""

import asyncio
from contextlib import aclosing
from uuid import uuid4

import pytest
from kinora_kit.events import Outgoing
from kinora_kit.ids import uuid7

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def topic():
    return f"test.{uuid4().hex}"


def event(topic, number, key="k", **headers):
    return Outgoing(str(uuid7()), topic, "test.Happened", key, str(number).encode(), headers)


async def read(log, topic, count, group="readers", *, commit=True, take=7):
    """The next `count` payloads of the group, as numbers."""
    got = []
    # A group of the test's own: one that a test before has just left would first wait for whoever it has not missed yet.
    async with aclosing(log.subscribe(f"{group}.{topic}", [topic])) as subscription:
        async with asyncio.timeout(40):
            while len(got) < count:
                got += await subscription.take(take)
        if commit:
            await subscription.commit()
    return got


def numbers(events):
    return [int(e.payload) for e in events]


async def test_events_of_a_key_arrive_in_order(event_log, topic):
    await event_log.publish([event(topic, n, key=f"key {n % 5}") for n in range(100)])
    got = await read(event_log, topic, 100)
    for key in {e.key for e in got}:
        of_key = numbers(e for e in got if e.key == key)
        assert of_key == sorted(of_key)
    assert sorted(numbers(got)) == list(range(100))


async def test_an_event_arrives_as_it_was_published(event_log, topic):
    sent = event(topic, 1, key="schlüssel", traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    await event_log.publish([sent])
    (got,) = await read(event_log, topic, 1)
    assert (got.event_id, got.topic, got.type, got.key, got.payload, dict(got.headers)) == (
        sent.event_id, topic, sent.type, sent.key, b"1", dict(sent.headers)
    )  # fmt: skip


async def test_what_was_not_committed_comes_again(event_log, topic):
    await event_log.publish([event(topic, n) for n in range(3)])
    assert numbers(await read(event_log, topic, 3, commit=False)) == [0, 1, 2]
    assert numbers(await read(event_log, topic, 3)) == [0, 1, 2]


async def test_a_group_goes_on_where_it_committed(event_log, topic):
    await event_log.publish([event(topic, n) for n in range(4)])
    assert numbers(await read(event_log, topic, 2, take=2)) == [0, 1]
    await event_log.publish([event(topic, 4)])
    assert numbers(await read(event_log, topic, 3)) == [2, 3, 4]


async def test_two_groups_both_get_everything(event_log, topic):
    await event_log.publish([event(topic, n) for n in range(3)])
    assert numbers(await read(event_log, topic, 3, "one")) == numbers(await read(event_log, topic, 3, "other")) == [0, 1, 2]


async def test_two_members_of_a_group_share_the_events(event_log, topic):
    await event_log.publish([event(topic, n, key=str(n)) for n in range(40)])
    got, complete = [], asyncio.Event()

    async def member():
        async with aclosing(event_log.subscribe("shared", [topic])) as subscription:
            while True:
                got.extend(numbers(await subscription.take(4)))
                await subscription.commit()
                if len(set(got)) == 40:
                    complete.set()

    members = [asyncio.create_task(member()) for _ in range(2)]
    await asyncio.wait_for(complete.wait(), 40)
    for task in members:
        task.cancel()
    await asyncio.gather(*members, return_exceptions=True)
    assert sorted(set(got)) == list(range(40))


async def test_parallel_publishers_lose_nothing(event_log, topic):
    await asyncio.gather(*(event_log.publish([event(topic, n, key=str(n))]) for n in range(30)))
    assert sorted(numbers(await read(event_log, topic, 30))) == list(range(30))


async def test_a_cancelled_take_loses_nothing(event_log, topic):
    async with aclosing(event_log.subscribe("impatient", [topic])) as subscription:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(subscription.take(5), 0.05)
        await event_log.publish([event(topic, 1)])
        assert numbers(await asyncio.wait_for(subscription.take(5), 40)) == [1]


async def test_it_can_be_iterated(event_log, topic):
    await event_log.publish([event(topic, n) for n in range(3)])
    async with aclosing(event_log.subscribe("iterating", [topic])) as subscription:
        assert [int((await anext(subscription)).payload) for _ in range(3)] == [0, 1, 2]


async def test_how_far_a_group_is_behind(event_log, topic):
    async def behind():
        return await event_log.lag(f"readers.{topic}", [topic, f"{topic}.never-used"])

    assert await behind() == {topic: 0, f"{topic}.never-used": 0}
    await event_log.publish([event(topic, n, key=str(n)) for n in range(5)])
    assert (await behind())[topic] == 5
    await read(event_log, topic, 5, commit=False)
    assert (await behind())[topic] == 5
    await read(event_log, topic, 5)
    assert await behind() == {topic: 0, f"{topic}.never-used": 0}
