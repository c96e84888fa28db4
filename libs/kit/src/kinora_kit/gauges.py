"""Figures that lie in the database or the log, measured by every process that could tell them: dashboards take the maximum."""

import asyncio
import math
from collections.abc import Mapping

from prometheus_client import Gauge
from sqlalchemy import TextClause, text

from kinora_kit import metrics
from kinora_kit.db import Database
from kinora_kit.events import EventLog
from kinora_kit.events.consumer import Consumer

_EVERY_S = 10.0
_UNKNOWN = math.nan  # an old figure would look like a new one
_OUTBOX = text(
    "select count(*) as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float as age"
    " from outbox where published_at is null"
)


async def watch(database: Database, query: TextClause, columns: Mapping[str, Gauge]) -> None:
    """Keep each gauge at its column of the one row that `query` finds. Until cancelled; raises when the database fails."""
    try:
        while True:
            async with database.begin() as tx:
                row = (await tx.execute(query)).mappings().one()
            for name, gauge in columns.items():
                gauge.set(row[name])
            await asyncio.sleep(_EVERY_S)
    finally:
        for gauge in columns.values():
            gauge.set(_UNKNOWN)


async def watch_outbox(database: Database) -> None:
    """Until cancelled; raises when the database fails."""
    gauges = {"waiting": metrics.OUTBOX_WAITING, "age": metrics.OUTBOX_AGE}
    await watch(database, _OUTBOX, {name: gauge.labels(database.schema) for name, gauge in gauges.items()})


async def watch_lag(events: EventLog, consumer: Consumer) -> None:
    """Until cancelled; raises when the log fails."""
    lag = {topic: metrics.CONSUMER_LAG.labels(consumer.name, topic) for topic in consumer.topics}
    try:
        while True:
            for topic, behind in (await events.lag(consumer.name, consumer.topics)).items():
                lag[topic].set(behind)
            await asyncio.sleep(_EVERY_S)
    finally:
        for gauge in lag.values():
            gauge.set(_UNKNOWN)
