"""The event log inside Postgres, for the platform in one process. Same contract as Kafka.

Appending to a topic takes a lock until commit, so positions become visible in order and a reader's position never
skips a late one. A group's reader of a topic holds a session lock on it: one member reads, the others stand by. After
30 days an event goes, unless a group that has begun to read is not there yet.
"""

import asyncio
import json
import math
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import asyncpg

from kinora_kit.db import connect
from kinora_kit.events import Outgoing, Received

_CHANNEL = "kinora_events"
_STANDBY_S = 0.5
_TABLES = """
select pg_advisory_xact_lock(hashtextextended('kinora.events', 0));
create schema if not exists events;
create table if not exists events.log (
  position bigint generated always as identity primary key,
  topic text not null,
  event_id text not null,
  type text not null,
  key text not null,
  payload bytea not null,
  headers jsonb not null,
  created_at timestamptz not null default now()
);
create index if not exists log_by_topic on events.log (topic, position);
create table if not exists events.offsets (
  "group" text not null,
  topic text not null,
  position bigint not null,
  primary key ("group", topic)
);
"""
_LOCK_TOPIC = "select pg_advisory_xact_lock(hashtextextended('kinora.append.' || $1, 0))"
_APPEND = "insert into events.log (topic, event_id, type, key, payload, headers) values ($1, $2, $3, $4, $5, $6)"
_JOIN = "select pg_try_advisory_lock(hashtextextended('kinora.group.' || $1 || '.' || $2, 0))"
_POSITION = 'select position from events.offsets where "group" = $1 and topic = $2'
_READ = "select * from events.log where topic = $1 and position > $2 order by position limit $3"
_COMMIT = """
insert into events.offsets ("group", topic, position) values ($1, $2, $3)
on conflict ("group", topic) do update set position = greatest(offsets.position, excluded.position)
"""
_LAG = """
select count(*) from events.log where topic = $2
and position > coalesce((select position from events.offsets where "group" = $1 and topic = $2), 0)
"""
_TRIM = """
delete from events.log where created_at < now() - interval '30 days'
and position <= coalesce((select min(offsets.position) from events.offsets where offsets.topic = log.topic), position)
"""
_TRIM_EVERY_S = 3600.0


class PostgresLog:
    """`url` may be the database of the services; the log keeps to its own schema `events`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._publishing = asyncio.Lock()
        self._trimmed = -math.inf

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        async with self._publishing:
            if self._connection is None or self._connection.is_closed():
                self._connection = await _open(self._url)
            async with self._connection.transaction():
                for topic in sorted({event.topic for event in batch}):
                    await self._connection.execute(_LOCK_TOPIC, topic)
                await self._connection.executemany(
                    _APPEND, [(e.topic, e.event_id, e.type, e.key, e.payload, json.dumps(dict(e.headers))) for e in batch]
                )
                await self._connection.execute("select pg_notify($1, '')", _CHANNEL)
            if time.monotonic() - self._trimmed > _TRIM_EVERY_S:
                self._trimmed = time.monotonic()
                await self._connection.execute(_TRIM)

    def subscribe(self, group: str, topics: Sequence[str]) -> "PostgresSubscription":
        return PostgresSubscription(self._url, group, topics)

    async def lag(self, group: str, topics: Sequence[str]) -> Mapping[str, int]:
        connection = await _open(self._url)
        try:
            return {topic: await connection.fetchval(_LAG, group, topic) for topic in topics}
        finally:
            await connection.close()

    async def aclose(self) -> None:
        if self._connection is not None:
            await self._connection.close()


class PostgresSubscription:
    def __init__(self, url: str, group: str, topics: Sequence[str]) -> None:
        self._url, self._group, self._topics = url, group, topics
        self._connection: asyncpg.Connection | None = None
        self._wake = asyncio.Event()
        self._read: dict[str, int] = {}  # by topic that this member reads: the position last handed out

    def __aiter__(self) -> "PostgresSubscription":
        return self

    async def __anext__(self) -> Received:
        (event,) = await self.take(1)
        return event

    async def take(self, limit: int) -> Sequence[Received]:
        connection = await self._connected()
        while True:
            self._wake.clear()
            await self._join(connection)
            for topic, position in self._read.items():
                if rows := await connection.fetch(_READ, topic, position, limit):
                    self._read[topic] = rows[-1]["position"]
                    return [_received(row) for row in rows]
            with suppress(TimeoutError):
                async with asyncio.timeout(_STANDBY_S):  # not wait_for(): in Python 3.11 it can swallow a cancellation
                    await self._wake.wait()

    async def commit(self) -> None:
        connection = await self._connected()
        await connection.executemany(_COMMIT, [(self._group, topic, position) for topic, position in self._read.items()])

    async def aclose(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None:
            self._connection = await _open(self._url)
            await self._connection.add_listener(_CHANNEL, lambda *_: self._wake.set())
        return self._connection

    async def _join(self, connection: asyncpg.Connection) -> None:
        for topic in self._topics:
            if topic not in self._read and await connection.fetchval(_JOIN, self._group, topic):
                self._read[topic] = await connection.fetchval(_POSITION, self._group, topic) or 0


async def _open(url: str) -> asyncpg.Connection:
    connection = await connect(url, "events")
    try:
        await connection.execute(_TABLES)
    except BaseException:  # cancelled, too: nobody else could close it
        connection.terminate()
        raise
    return connection


def _received(row: asyncpg.Record) -> Received:
    return Received(row["event_id"], row["topic"], row["type"], row["key"], row["payload"], json.loads(row["headers"]))
