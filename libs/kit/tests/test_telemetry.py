"""One trace follows a request over gRPC, the outbox and the log into the consumer."""

import asyncio
from pathlib import Path

from kinora.generation.v1.events_pb2 import VideoQueued
from kinora_kit import outbox, telemetry
from kinora_kit.db import Database
from kinora_kit.service import Service
from kinora_testkit.services import serving
from opentelemetry import trace

MIGRATIONS = Path(__file__).parent / "migrations"


async def test_the_trace_of_a_change_reaches_the_consumer(spans, database_url):
    seen = asyncio.Queue()

    async def handle(tx, event):
        await seen.put(trace.get_current_span().get_span_context().trace_id)

    def demo(adapters):
        return Service("demo", database=Database(adapters.database_url, "demo"), migrations=MIGRATIONS, consumers={VideoQueued: handle})

    async with serving(demo, database_url=database_url) as served:
        with telemetry.tracer.start_as_current_span("request") as span:
            async with served.services[0].database.begin() as tx:
                await outbox.add(tx, VideoQueued(video_id="v"), key="v")
        assert await asyncio.wait_for(seen.get(), 10) == span.get_span_context().trace_id


def test_without_a_span_there_is_no_traceparent():
    assert telemetry.traceparent() is None
