"""What only Kafka can get wrong."""

import asyncio
from contextlib import aclosing
from uuid import uuid4

import pytest
from kinora_kit.events import Outgoing
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.ids import uuid7

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]


async def hears(bootstrap, topics):
    """A service of its own, which joins now and waits for one event of its three topics."""
    log = KafkaLog(bootstrap)
    async with aclosing(log), aclosing(log.subscribe(uuid4().hex, topics)) as subscription, asyncio.timeout(40):
        return {event.topic for event in await subscription.take(1)} <= set(topics)


async def tells(bootstrap, topics):
    async with aclosing(KafkaLog(bootstrap)) as log:
        for topic in topics:
            await log.publish([Outgoing(str(uuid7()), topic, "test.Happened", "k", b"", {})])


async def test_services_that_start_while_their_topics_are_being_made_hear_of_what_happens(kafka_bootstrap):
    for _ in range(6):  # one in twenty once joined without any partition, and never asked again
        topics = [[f"{uuid4().hex}.{letter}" for letter in "abc"] for _ in range(4)]
        heard = asyncio.gather(*(hears(kafka_bootstrap, each) for each in topics for _ in range(3)))
        await asyncio.gather(*(tells(kafka_bootstrap, each) for each in topics))
        assert await heard == [True] * 12
