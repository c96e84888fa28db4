"""From the log into a service: each event takes effect once, however often it is delivered."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from itertools import groupby
from zlib import crc32

import structlog
from google.protobuf.message import Message
from opentelemetry.trace import SpanKind
from sqlalchemy import text

from kinora_kit import attributes, log, metrics, telemetry
from kinora_kit.db import Database, is_transient
from kinora_kit.errors import RemoteError
from kinora_kit.events import EventLog, Handler, Outgoing, Received, Subscription

TRIES = 5
DEAD = ".dead"
_BACKOFF_S = 0.05  # doubles: five tries in 0.75 s
_TRANSIENT_BACKOFF_S = 0.5
_BATCH = 64
_LANES = 4  # keys are spread over this many at a time
_FIRST_TIME = text("insert into inbox (consumer, event_id) values (:consumer, :event_id) on conflict do nothing returning 1")
_log = log.get("kinora.consumer")


class Consumer:
    """Feeds the events of the handlers' topics to them, as group `name`.

    The handler runs in the transaction that marks the event as seen in the inbox. A handler that fails five times
    sends its event to `<topic>.dead`; meanwhile events of other keys go on. A database that is away costs no try.
    """

    def __init__(self, name: str, database: Database, events: EventLog, handlers: Mapping[type[Message], Handler]) -> None:
        self.name, self._database, self._events = name, database, events
        self._handlers = {cls.DESCRIPTOR.full_name: (cls, handler) for cls, handler in handlers.items()}
        self.topics = sorted({cls.DESCRIPTOR.file.package for cls in handlers})
        for kind in self._handlers:  # told from the beginning: to Prometheus the first of its kind is no increase
            metrics.EVENTS_HANDLED.labels(name, kind, "dead")

    async def run(self) -> None:
        """Until cancelled; a failure of the log itself raises, and whatever was not committed comes again."""
        async with aclosing(self._events.subscribe(self.name, self.topics)) as subscription:
            while True:
                await self._step(subscription)

    async def _step(self, subscription: Subscription) -> None:
        batch = [event for event in await subscription.take(_BATCH) if event.type in self._handlers]
        batch.sort(key=_lane)  # stable: order within a key stays
        async with asyncio.TaskGroup() as lanes:
            for _, events in groupby(batch, _lane):
                lanes.create_task(self._in_order(list(events)))
        await subscription.commit()

    async def _in_order(self, events: Sequence[Received]) -> None:
        for event in events:
            await self._deliver(event)

    async def _deliver(self, event: Received) -> None:
        facts = {"consumer": self.name, "type": event.type, "event_id": event.event_id}
        with structlog.contextvars.bound_contextvars(**facts), telemetry.tracer.start_as_current_span(
            f"{event.topic} process", telemetry.parent(event.headers), SpanKind.CONSUMER,
            {attributes.MESSAGING_GROUP: self.name, attributes.MESSAGING_ID: event.event_id, attributes.EVENT_TYPE: event.type},
        ):  # fmt: skip
            outcome = await self._try(event)
        metrics.EVENTS_HANDLED.labels(self.name, event.type, outcome).inc()

    async def _try(self, event: Received) -> str:
        failures = 0
        while True:
            try:
                return await self._once(event)
            except Exception as error:  # noqa: BLE001 - the boundary: whatever a handler raises must not stop the others
                if is_transient(error):
                    _log.warning("event.waiting", error=repr(error))
                    await asyncio.sleep(_TRANSIENT_BACKOFF_S)
                    continue
                failures += 1
                _log.warning("event.failed", failures=failures, exc_info=True)
                if failures == TRIES:
                    await self._bury(event, error)
                    return "dead"
            await asyncio.sleep(_BACKOFF_S * 2 ** (failures - 1))

    async def _once(self, event: Received) -> str:
        cls, handler = self._handlers[event.type]
        async with self._database.begin() as tx:
            seen = {"consumer": self.name, "event_id": event.event_id}
            if (await tx.execute(_FIRST_TIME, seen)).first() is None:
                return "repeated"
            await handler(tx, event.parse(cls))
        return "handled"

    async def _bury(self, event: Received, error: Exception) -> None:
        reason = error.reason if isinstance(error, RemoteError) else type(error).__name__
        headers = {**event.headers, "dead-consumer": self.name, "dead-reason": reason, "dead-message": str(error)[:1000]}
        await self._events.publish([Outgoing(event.event_id, event.topic + DEAD, event.type, event.key, event.payload, headers)])
        _log.error("event.dead", topic=event.topic + DEAD, reason=reason)


async def replay(events: EventLog, topic: str, *, idle_s: float = 15) -> int:
    """Put the dead events of `topic` back into it, and return how many; stops when none came for `idle_s` seconds.

    Consumers that were done with them the first time skip them by their inbox.
    """
    moved = 0
    async with aclosing(events.subscribe("replay", [topic + DEAD])) as dead:
        while batch := await _within(idle_s, lambda: dead.take(_BATCH)):
            await events.publish([Outgoing(e.event_id, topic, e.type, e.key, e.payload, e.headers) for e in batch])
            await dead.commit()
            moved += len(batch)
    return moved


async def _within(seconds: float, take: Callable[[], Awaitable[Sequence[Received]]]) -> Sequence[Received]:
    try:
        async with asyncio.timeout(seconds):
            return await take()
    except TimeoutError:
        return []


def _lane(event: Received) -> int:
    return crc32(event.key.encode()) % _LANES
