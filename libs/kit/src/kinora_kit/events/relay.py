"""From a service's outbox to the log: at least once, in order, from wherever it stopped."""

import asyncio
import math
import time
from contextlib import suppress

import asyncpg

from kinora_kit import log, metrics, telemetry
from kinora_kit.db import Database
from kinora_kit.events import EventLog, Outgoing
from kinora_kit.outbox import CHANNEL

_BATCH = 500
_SWEEP_EVERY_S = 3600.0
_POLL_S = 1.0  # NOTIFY wakes at once; polling covers a lost one
_LEAD = "select pg_try_advisory_lock(hashtextextended('kinora.relay.' || current_schema(), 0))"
# Not a position cursor: ids of parallel transactions become visible out of order, a cursor would skip the late one.
_WAITING = "select * from outbox where published_at is null order by id limit $1"
_MARK = "update outbox set published_at = now() where id = any($1::bigint[])"
_SWEEP = "delete from {} where {} < now() - interval '30 days'"
_SWEPT = (("outbox", "published_at"), ("inbox", "received_at"), ("replies", "created_at"))
_log = log.get("kinora.relay")


class Relay:
    """One leader per schema publishes, so that the order of a key holds; the others stand by."""

    def __init__(self, database: Database, events: EventLog) -> None:
        self._database, self._events = database, events
        self._wake = asyncio.Event()

    async def run(self) -> None:
        """Until cancelled; raises when the database or the log fails, and may be run again at once."""
        connection = await self._database.dedicated()
        try:
            await connection.add_listener(CHANNEL, lambda *event: self._notified(str(event[-1])))
            while not await connection.fetchval(_LEAD):  # noqa: ASYNC110 - the lock offers nothing to wait for
                await asyncio.sleep(_POLL_S)
            _log.info("relay.leading", schema=self._database.schema)
            swept = -math.inf
            while True:
                if time.monotonic() - swept > _SWEEP_EVERY_S:
                    swept = time.monotonic()
                    await self._sweep(connection)
                await self._publish_all(connection)
        finally:
            connection.terminate()  # at once, and the lock goes with it

    def _notified(self, schema: str) -> None:
        if schema == self._database.schema:
            self._wake.set()

    async def _publish_all(self, connection: asyncpg.Connection) -> None:
        self._wake.clear()
        rows = await connection.fetch(_WAITING, _BATCH)
        if rows:
            await self._events.publish([_outgoing(row) for row in rows])
            await connection.execute(_MARK, [row["id"] for row in rows])
            metrics.EVENTS_PUBLISHED.labels(self._database.schema).inc(len(rows))
        else:
            with suppress(TimeoutError):
                async with asyncio.timeout(_POLL_S):  # not wait_for(): in Python 3.11 it can swallow a cancellation
                    await self._wake.wait()

    async def _sweep(self, connection: asyncpg.Connection) -> None:
        """Drop what no repeat can need any more."""
        for table, column in _SWEPT:
            await connection.execute(_SWEEP.format(table, column))


def _outgoing(row: asyncpg.Record) -> Outgoing:
    headers = {telemetry.TRACEPARENT: row["traceparent"]} if row["traceparent"] else {}
    return Outgoing(str(row["event_id"]), row["topic"], row["type"], row["key"], row["payload"], headers)
