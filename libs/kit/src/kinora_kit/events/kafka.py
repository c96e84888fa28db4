"""The event log on Apache Kafka.

kafka-python blocks, so each subscription polls on a thread of its own, and publishing has another; handlers stay on
the event loop.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import MappingProxyType
from typing import Any

from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, OffsetAndMetadata, TopicPartition
from kafka.errors import CommitFailedError, KafkaError, RebalanceInProgressError, TopicAlreadyExistsError

from kinora_kit import log
from kinora_kit.events import Outgoing, Received
from kinora_kit.events.kafka_lag import LagGauge

_EVENT_ID, _TYPE = "event-id", "type"
_POLL_MS = 250  # how long closing may have to wait
_DELIVERY_MS = 30_000
_RECONNECT_MS = 500  # at most, between tries to reach a broker that is away; the default grows to 30 s
_METADATA_MS = 5_000  # at most until a client hears of new partitions
_log = log.get("kinora.kafka")


class KafkaLog:
    """`bootstrap` is "host:port[,host:port]". Topics that are missing are made with `partitions` partitions.

    `access` are further options of kafka-python's clients: security_protocol, ssl_cafile, sasl_mechanism and the like.
    `replication` is the number of copies of a partition; -1 leaves it to the broker.
    A consumer that was killed keeps its share of the topics from the others for `session_timeout_ms`.
    """

    def __init__(
        self,
        bootstrap: str,
        *,
        access: Mapping[str, Any] = MappingProxyType({}),
        partitions: int = 6,
        replication: int = -1,
        session_timeout_ms: int = 10_000,
    ) -> None:
        self._broker = {"bootstrap_servers": bootstrap, **access}
        self._topics = _Topics(self._broker, partitions, replication)
        self._session_timeout_ms = session_timeout_ms
        self._producer: KafkaProducer | None = None
        self._thread = ThreadPoolExecutor(1, "kafka-publish")
        self._gauge = LagGauge(self._broker)

    async def publish(self, batch: Sequence[Outgoing]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._publish, batch)

    def subscribe(self, group: str, topics: Sequence[str]) -> "KafkaSubscription":
        return KafkaSubscription(self._topics, self._broker, group, topics, session_timeout_ms=self._session_timeout_ms)

    async def lag(self, group: str, topics: Sequence[str]) -> Mapping[str, int]:
        return await self._gauge.read(group, topics)

    async def aclose(self) -> None:
        await self._gauge.aclose()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._forget_producer)
        self._thread.shutdown(wait=False)

    def _publish(self, batch: Sequence[Outgoing]) -> None:
        self._topics.ensure({event.topic for event in batch})
        if self._producer is None:
            # Idempotent, so that retries inside the client neither repeat nor reorder.
            self._producer = KafkaProducer(
                **self._broker, reconnect_backoff_max_ms=_RECONNECT_MS, acks="all", enable_idempotence=True, linger_ms=2,
                delivery_timeout_ms=_DELIVERY_MS, request_timeout_ms=_DELIVERY_MS // 3, max_block_ms=_DELIVERY_MS,
            )  # fmt: skip
        try:
            for stored in [self._send(self._producer, event) for event in batch]:
                stored.get(timeout=2 * _DELIVERY_MS / 1000)
        except KafkaError:
            self._forget_producer()  # and with it what it still holds: the caller sends the whole batch again, in order
            raise

    def _send(self, producer: KafkaProducer, event: Outgoing) -> Any:
        facts = {**event.headers, _EVENT_ID: event.event_id, _TYPE: event.type}
        headers = [(name, value.encode()) for name, value in facts.items()]
        return producer.send(event.topic, value=event.payload, key=event.key.encode(), headers=headers)

    def _forget_producer(self) -> None:
        producer, self._producer = self._producer, None
        if producer is not None:
            producer.close(timeout=0)


class KafkaSubscription:
    def __init__(self, known: "_Topics", broker: Mapping[str, Any], group: str, topics: Sequence[str], *, session_timeout_ms: int) -> None:
        self._known, self._broker, self._group, self._topics = known, broker, group, topics
        self._session_timeout_ms = session_timeout_ms
        self._consumer: KafkaConsumer | None = None
        self._thread = ThreadPoolExecutor(1, f"kafka-{group}")
        self._polling: asyncio.Future[Mapping[TopicPartition, Sequence[Any]]] | None = None
        self._done: dict[TopicPartition, int] = {}  # by partition: where the group goes on once this is committed

    def __aiter__(self) -> "KafkaSubscription":
        return self

    async def __anext__(self) -> Received:
        (event,) = await self.take(1)
        return event

    async def take(self, limit: int) -> Sequence[Received]:
        """An empty poll means nothing: the first join of a new group takes seconds."""
        while True:
            if self._polling is None:
                self._polling = asyncio.get_running_loop().run_in_executor(self._thread, self._poll, limit)
            # Shielded: what a cancelled take polled is handed out by the next one.
            try:
                polled = await asyncio.shield(self._polling)
            finally:
                if self._polling.done():
                    self._polling = None
            self._done.update({partition: records[-1].offset + 1 for partition, records in polled.items()})
            if polled:
                return [_received(record) for records in polled.values() for record in records]

    async def commit(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._commit, dict(self._done))

    async def aclose(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown(wait=False)

    def _poll(self, limit: int) -> Mapping[TopicPartition, Sequence[Any]]:
        if self._consumer is None:
            self._known.ensure(self._topics)
            self._consumer = self._member()
        if not self._consumer.subscription() and not self._joined(self._consumer):
            return {}
        polled: Mapping[TopicPartition, Sequence[Any]] = self._consumer.poll(timeout_ms=_POLL_MS, max_records=limit)
        return polled

    def _member(self) -> KafkaConsumer:
        return KafkaConsumer(
            **self._broker, reconnect_backoff_max_ms=_RECONNECT_MS, group_id=self._group, enable_auto_commit=False,
            auto_offset_reset="earliest", metadata_max_age_ms=_METADATA_MS,
            session_timeout_ms=self._session_timeout_ms, heartbeat_interval_ms=self._session_timeout_ms // 3,
        )  # fmt: skip

    def _joined(self, consumer: KafkaConsumer) -> bool:
        """A member that joins before its client has heard of a new topic may be given no part of it for good, so this waits for that."""
        unheard = [topic for topic in self._topics if not consumer.partitions_for_topic(topic)]
        if unheard:
            _log.info("kafka.unheard", group=self._group, topics=unheard)
            time.sleep(_POLL_MS / 1000)
            return False
        consumer.subscribe(list(self._topics))
        return True

    def _commit(self, done: Mapping[TopicPartition, int]) -> None:
        if self._consumer is None:
            return
        mine = self._consumer.assignment()
        offsets = {partition: OffsetAndMetadata(offset, "", -1) for partition, offset in done.items() if partition in mine}
        try:
            self._consumer.commit(offsets, timeout_ms=_DELIVERY_MS)
        except (CommitFailedError, RebalanceInProgressError) as error:
            _log.warning("kafka.rebalanced", group=self._group, error=repr(error))  # another member gets them again

    def _close(self) -> None:
        if self._consumer is not None:
            self._consumer.close(autocommit=False, timeout_ms=2_000)


class _Topics:
    """Makes topics on first use."""

    def __init__(self, broker: Mapping[str, Any], partitions: int, replication: int) -> None:
        self._broker, self._shape = broker, {"num_partitions": partitions, "replication_factor": replication}
        self._known: set[str] = set()

    def ensure(self, topics: Iterable[str]) -> None:
        missing = set(topics) - self._known
        if not missing:
            return
        admin = KafkaAdminClient(**self._broker)
        try:
            for topic in sorted(missing):
                with suppress(TopicAlreadyExistsError):
                    admin.create_topics({topic: self._shape}, wait_for_metadata=True)
        finally:
            admin.close()
        self._known |= missing


def _received(record: Any) -> Received:
    headers = {name: value.decode() for name, value in record.headers}
    event_id, kind = headers.pop(_EVENT_ID), headers.pop(_TYPE)
    return Received(event_id, record.topic, kind, record.key.decode(), record.value, headers)
