"""Processes that tell each other facts are killed every quarter of a second, the database crashes, the broker restarts: each effect once.

The same harness and kills break what one might write without outbox and inbox; otherwise it would prove nothing.
"""

import asyncio
import random
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import asyncpg
import psutil
import pytest
from kinora.generation.v1.events_pb2 import VideoQueued
from kinora_cli.embedded.postgres import Postgres
from kinora_kit import db, log
from kinora_kit.events import Outgoing
from kinora_kit.events.kafka import KafkaLog
from kinora_kit.migrations import kit_tables
from kinora_testkit.kafka import NativeKafka
from kinora_testkit.postgres import fresh_database

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

EVENTS, KILLS, KEYS, SEEDS = 600, 72, 7, 3
CONSUMER = 12  # of so many kills one is the consumer's, so that it has rejoined its group and is at work when it comes
END = 1_000_000  # numbers from here on mark the end of a key
CALM_S = 60
TABLES = [
    "create schema demo",
    *kit_tables(),
    "create table numbers (number bigint primary key, announced boolean not null default false)",
    f"insert into numbers select generate_series(0, {EVENTS - 1})",
    "create table effects (id bigint generated always as identity, number bigint not null)",
]
OUTCOME = """
select $1 - count(distinct number) as lost, count(*) - count(distinct number) as doubled,
  (select count(*) from outbox where published_at is null) as unpublished
from effects where number < $2
"""
ALL_TOLD = "select not exists (select from numbers where not announced) and not exists (select from outbox where published_at is null)"
ALL_HEARD = "select count(distinct number) = $1 from effects where number >= $2"
_log = log.get("faults")


@dataclass(frozen=True)
class Variant:
    announce: str = "kit"
    consume: str = "kit"

    @property
    def roles(self) -> list[str]:
        return [f"announce {self.announce}"] * 2 + ["relay kit"] * 2 + [f"consume {self.consume}"]


@dataclass
class Workers:
    """A process for each role; whoever is killed is replaced at once."""

    nursery: subprocess.Popen[str]
    roles: list[str]
    alive: list[psutil.Process] = field(default_factory=list)

    def start(self) -> None:
        self.alive = [self._born(role) for role in self.roles]

    def kill(self, which: int) -> None:
        self.alive[which].kill()
        self.alive[which] = self._born(self.roles[which])

    def stop(self) -> None:
        for process in self.alive:
            process.kill()
        self.nursery.communicate(timeout=20)
        psutil.wait_procs(self.alive, timeout=20)

    def _born(self, role: str) -> psutil.Process:
        assert self.nursery.stdin
        assert self.nursery.stdout
        print(role, file=self.nursery.stdin, flush=True)
        return psutil.Process(int(self.nursery.stdout.readline()))


@dataclass
class Servers:
    """To be hurt."""

    postgres: Postgres
    kafka: NativeKafka

    async def crash_database(self) -> None:
        await asyncio.to_thread(self.postgres.kill)
        await self.postgres.start()

    async def restart_broker(self) -> None:
        await asyncio.to_thread(self.kafka.restart)


@pytest.fixture(scope="module")
async def servers() -> AsyncIterator[Servers]:
    with tempfile.TemporaryDirectory(prefix="kinora-faults-") as folder:
        servers = Servers(Postgres(Path(folder) / "postgres"), NativeKafka(Path(folder) / "kafka"))
        await servers.postgres.start()
        await asyncio.to_thread(servers.kafka.start)
        yield servers
        await asyncio.to_thread(servers.kafka.stop)
        await servers.postgres.stop()


@contextmanager
def at_work(servers: Servers, variant: Variant, url: str, run: str, output: Path) -> Iterator[Workers]:
    command = [sys.executable, str(Path(__file__).with_name("events_worker.py")), url, servers.kafka.bootstrap, run]
    with output.open("ab") as stderr:
        nursery = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=stderr, text=True)
    workers = Workers(nursery, variant.roles)
    try:
        workers.start()
        yield workers
    finally:
        workers.stop()


async def kill_again_and_again(workers: Workers, seed: int, worse: Callable[[], Awaitable[None]]) -> None:
    """KILLS kills, one every 0.15 to 0.35 s, and about halfway something worse, while the kills go on."""
    chance = random.Random(seed)
    *others, consumer = range(len(workers.roles))
    for number in range(KILLS):
        if number == KILLS // 2 + CONSUMER // 2:
            happening = asyncio.create_task(worse())
        await asyncio.sleep(chance.uniform(0.15, 0.35))
        workers.kill(consumer if number % CONSUMER == CONSUMER - 1 else chance.choice(others))
    await happening


async def mark_the_end(servers: Servers, run: str) -> None:
    """One last event for each key: when it was heard, nothing of its key is still on its way."""
    events, kind = KafkaLog(servers.kafka.bootstrap), VideoQueued.DESCRIPTOR
    ends = [VideoQueued(video_id=str(END + key), account_id=run).SerializeToString() for key in range(KEYS)]
    await events.publish([Outgoing(str(uuid4()), kind.file.package, kind.full_name, f"k{key}", end) for key, end in enumerate(ends)])
    await events.aclose()


async def until(connection: asyncpg.Connection, condition: str, *bound: int) -> None:
    async with asyncio.timeout(CALM_S):
        while not await connection.fetchval(condition, *bound):  # noqa: ASYNC110 - a table offers nothing to wait for
            await asyncio.sleep(0.1)


async def outcome(servers: Servers, variant: Variant, seed: int, folder: Path, worse: Callable[[], Awaitable[None]]) -> asyncpg.Record:
    """Everything announced under kills, then calm until the last event is heard: how many effects are lost, how many doubled."""
    run = f"run-{uuid4().hex[:8]}"
    async with fresh_database(servers.postgres.url) as url:
        await _create_tables(url)
        with at_work(servers, variant, url, run, folder / f"{run}.log") as workers:
            await kill_again_and_again(workers, seed, worse)
            connection = await db.connect(url, "demo")
            await until(connection, ALL_TOLD)
            await mark_the_end(servers, run)
            await until(connection, ALL_HEARD, KEYS, END)
        found = await connection.fetchrow(OUTCOME, EVENTS, END)
        await connection.close()
    _log.info("faults.outcome", variant=variant, seed=seed, worse=worse.__name__, **found)
    return found


async def _create_tables(url: str) -> None:
    connection = await db.connect(url, "demo")
    for statement in TABLES:
        await connection.execute(statement)
    await connection.close()


async def failures(servers: Servers, variant: Variant, folder: Path, how: str) -> int:
    """How often `variant` fails in the way `how`, under the first of a few seeds where luck does not spare it."""
    for seed in range(SEEDS):
        found = await outcome(servers, variant, seed, folder, servers.crash_database)
        if found[how]:
            break
    return int(found[how])


async def test_each_event_has_its_effect_once_while_everybody_is_killed_and_the_database_crashes(servers, tmp_path):
    found = await outcome(servers, Variant(), 0, tmp_path, servers.crash_database)
    assert dict(found) == {"lost": 0, "doubled": 0, "unpublished": 0}


async def test_each_event_has_its_effect_once_while_everybody_is_killed_and_the_broker_restarts(servers, tmp_path):
    found = await outcome(servers, Variant(), 0, tmp_path, servers.restart_broker)
    assert dict(found) == {"lost": 0, "doubled": 0, "unpublished": 0}


async def test_control_acknowledging_before_the_effect_loses(servers, tmp_path):
    assert await failures(servers, Variant(consume="ack-first"), tmp_path, "lost") > 0


async def test_control_acknowledging_after_the_effect_doubles_without_an_inbox(servers, tmp_path):
    assert await failures(servers, Variant(consume="effect-first"), tmp_path, "doubled") > 0


async def test_control_publishing_after_the_commit_loses_without_an_outbox(servers, tmp_path):
    assert await failures(servers, Variant(announce="without-outbox"), tmp_path, "lost") > 0
