"""How far groups are behind, as the broker knows it: also of a consumer that hangs."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kafka import KafkaAdminClient, TopicPartition
from kafka.admin import OffsetSpec
from kafka.errors import KafkaError

_COORDINATOR_S, _AGAIN_S = 5.0, 0.1


class LagGauge:
    """`broker` are the options by which kafka-python's clients reach it."""

    def __init__(self, broker: Mapping[str, Any]) -> None:
        self._broker = broker
        self._thread = ThreadPoolExecutor(1, "kafka-lag")
        self._admin: KafkaAdminClient | None = None

    async def read(self, group: str, topics: Sequence[str]) -> Mapping[str, int]:
        """Raises KafkaError. A topic that is not there yet holds nothing."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._read, group, topics)

    async def aclose(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._forget_admin)
        self._thread.shutdown(wait=False)

    def _read(self, group: str, topics: Sequence[str]) -> Mapping[str, int]:
        try:
            return self._behind(self._admin or self._connect(), group, topics)
        except KafkaError:
            self._forget_admin()
            raise

    def _connect(self) -> KafkaAdminClient:
        self._admin = KafkaAdminClient(**self._broker)
        return self._admin

    def _behind(self, admin: KafkaAdminClient, group: str, topics: Sequence[str]) -> Mapping[str, int]:
        known = [topic for topic in admin.describe_topics(list(topics)) if not topic["error_code"]]
        partitions = [TopicPartition(topic["name"], part["partition_index"]) for topic in known for part in topic["partitions"]]
        first = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.EARLIEST))
        end = admin.list_partition_offsets(dict.fromkeys(partitions, OffsetSpec.LATEST))
        done = _committed(admin, group, partitions)
        lag = dict.fromkeys(topics, 0)
        for part in partitions:
            committed = done[part].offset if part in done else -1  # -1: never
            lag[part.topic] += end[part].offset - max(committed, first[part].offset)
        return lag

    def _forget_admin(self) -> None:
        admin, self._admin = self._admin, None
        if admin is not None:
            admin.close()


def _committed(admin: KafkaAdminClient, group: str, partitions: Sequence[TopicPartition]) -> Mapping[TopicPartition, Any]:
    """A broker that has just started, or taken a group over, needs a moment to know of it."""
    until = time.monotonic() + _COORDINATOR_S
    while True:
        try:
            offsets: Mapping[TopicPartition, Any] = admin.list_group_offsets({group: partitions})[group]
        except KafkaError as error:
            if not error.retriable or time.monotonic() > until:
                raise
        else:
            return offsets
        time.sleep(_AGAIN_S)
