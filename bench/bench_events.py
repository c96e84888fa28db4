"""Events through outbox, log and inbox, on each log, beside what Postgres and Kafka do alone in the same run.

    .venv/bin/python bench/bench_events.py [--events 5000] [--paced 200]

changes/s: eight writers, a transaction with one event each. events/s: from a full outbox until the last event's effect, one insert,
is stored. Latency: at 20 events/s, from before the change's transaction until the effect is written. Everything but the servers runs in
this one process. Loopback only.
"""

import argparse
import asyncio
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kinora.generation.v1.events_pb2 import VideoQueued
from kinora_cli.embedded.postgres import Postgres
from kinora_kit import db, log, outbox
from kinora_kit.db import Database
from kinora_kit.events import EventLog
from kinora_kit.events.consumer import Consumer
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.events.postgres import PostgresLog
from kinora_kit.events.relay import Relay
from kinora_kit.migrations import kit_tables
from kinora_testkit.kafka import NativeKafka
from kinora_testkit.network import eventually
from kinora_testkit.postgres import fresh_database
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

WRITERS, PAUSE_S = 8, 0.05
EFFECT = text("insert into effects (number) values (:number)")


def event(number: int) -> VideoQueued:
    return VideoQueued(video_id=f"video_{number:032d}", account_id=f"acct_{number % 97:032d}")


def number_of(told: VideoQueued) -> int:
    return int(told.video_id.removeprefix("video_"))


@dataclass
class Bench:
    """One database with the kit's tables; `heard` says when the effect of each event was written."""

    database: Database
    events: int
    paced: int
    heard: dict[int, float]

    async def effect(self, tx: AsyncConnection, told: VideoQueued) -> None:
        await tx.execute(EFFECT, {"number": number_of(told)})
        self.heard[number_of(told)] = time.perf_counter()

    async def insert(self, number: int) -> None:
        async with self.database.begin() as tx:
            await tx.execute(EFFECT, {"number": number})

    async def announce(self, number: int) -> None:
        async with self.database.begin() as tx:
            await outbox.add(tx, event(number), key=event(number).account_id)

    async def written(self, write: Callable[[int], Awaitable[None]]) -> float:
        """Transactions per second."""

        async def writer(first: int) -> None:
            for number in range(first, self.events, WRITERS):
                await write(number)

        began = time.perf_counter()
        await asyncio.gather(*(writer(first) for first in range(WRITERS)))
        return self.events / (time.perf_counter() - began)

    async def until_heard(self, count: int) -> None:
        async with asyncio.timeout(120):
            while len(self.heard) < count:  # noqa: ASYNC110 - counted by the handler
                await asyncio.sleep(0.005)


async def through(bench: Bench, events: EventLog) -> list[str]:
    """A row: changes/s, events/s, latencies."""
    relay = Relay(bench.database, events)
    async with at_work(Consumer("bench", bench.database, events, {VideoQueued: bench.effect}).run()):
        await bench.announce(-1)
        async with at_work(relay.run()):
            await bench.until_heard(1)  # the consumer has joined
        changes = await bench.written(bench.announce)
        began = time.perf_counter()
        async with at_work(relay.run()):
            await bench.until_heard(1 + bench.events)
            rate = bench.events / (time.perf_counter() - began)
            latencies = await _paced(bench)
    return [f"{changes:.0f}", f"{rate:.0f}", *_percentiles(latencies)]


async def _paced(bench: Bench) -> list[float]:
    began = {}
    for number in range(bench.events, bench.events + bench.paced):
        began[number] = time.perf_counter()
        await bench.announce(number)
        await asyncio.sleep(PAUSE_S)
    await bench.until_heard(1 + bench.events + bench.paced)
    return [bench.heard[number] - start for number, start in began.items()]


def bare_kafka(bootstrap: str, events: int, paced: int) -> list[str]:
    """A row of the same payloads through kafka-python alone, sent and polled on two threads."""
    with closing(KafkaAdminClient(bootstrap_servers=bootstrap)) as admin:
        admin.create_topics({"bare": {"num_partitions": 6}}, wait_for_metadata=True)
    heard: dict[int, float] = {}

    def listen() -> None:
        consumer = KafkaConsumer("bare", bootstrap_servers=bootstrap, auto_offset_reset="earliest", enable_auto_commit=False)
        while len(heard) < 1 + events + paced:
            for records in consumer.poll(timeout_ms=250, max_records=500).values():
                heard.update((number_of(VideoQueued.FromString(record.value)), time.perf_counter()) for record in records)
        consumer.close()

    def send(*numbers: int) -> float:
        began = time.perf_counter()
        for number in numbers:
            producer.send("bare", value=event(number).SerializeToString(), key=event(number).account_id.encode())
        return began

    def until_heard(count: int) -> None:
        eventually(lambda: len(heard) >= count, within=120, every=0.005, what=f"{count} events")

    listener = threading.Thread(target=listen, daemon=True)
    listener.start()
    with closing(KafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True, linger_ms=2)) as producer:
        send(-1)
        until_heard(1)
        began = send(*range(events))
        until_heard(1 + events)
        rate = events / (time.perf_counter() - began)
        sent = {}
        for number in range(events, events + paced):
            sent[number] = send(number)
            time.sleep(PAUSE_S)
        until_heard(1 + events + paced)
    listener.join()
    return ["", f"{rate:.0f}", *_percentiles([heard[number] - start for number, start in sent.items()])]


def _percentiles(latencies: list[float]) -> list[str]:
    latencies.sort()
    return [f"{latencies[len(latencies) * share // 100] * 1e3:.1f}" for share in (50, 99)]


@asynccontextmanager
async def at_work(loop: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(loop)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def prepared(server: str, events: int, paced: int) -> AsyncIterator[Bench]:
    async with fresh_database(server) as url:
        connection = await db.connect(url, "bench")
        for statement in ("create schema bench", *kit_tables(), "create table effects (number bigint)"):
            await connection.execute(statement)
        await connection.close()
        database = Database(url, "bench")
        yield Bench(database, events, paced, {})
        await database.close()


async def bench(folder: Path, events: int, paced: int) -> Table:
    table = Table("path", "changes/s", "events/s", "p50 ms", "p99 ms", title=f"{events} events, then {paced} at {1 / PAUSE_S:.0f}/s")
    postgres, kafka = Postgres(folder / "postgres"), NativeKafka(folder / "kafka")
    await postgres.start()
    await asyncio.to_thread(kafka.start)
    try:
        async with prepared(postgres.url, events, paced) as one:
            table.add_row("Postgres alone, an insert each", f"{await one.written(one.insert):.0f}")
        table.add_row("kafka-python alone, no database", *await asyncio.to_thread(bare_kafka, kafka.bootstrap, events, paced))
        async with prepared(postgres.url, events, paced) as one:
            kafka_log = KafkaLog(kafka.bootstrap)
            table.add_row("outbox → Kafka → inbox", *await through(one, kafka_log))
            await kafka_log.aclose()
        async with prepared(postgres.url, events, paced) as one:
            postgres_log = PostgresLog(one.database.url)
            table.add_row("outbox → Postgres log → inbox", *await through(one, postgres_log))
            await postgres_log.aclose()
    finally:
        await asyncio.to_thread(kafka.stop)
        await postgres.stop()
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--paced", type=int, default=200)
    options = parser.parse_args()
    log.setup("warning")
    with tempfile.TemporaryDirectory() as folder:
        Console().print(asyncio.run(bench(Path(folder), options.events, options.paced)))


if __name__ == "__main__":
    main()
