"""Events written in the transaction of the change that they tell about, published afterwards."""

from google.protobuf.message import Message
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_kit import telemetry
from kinora_kit.ids import uuid7

CHANNEL = "kinora_outbox"
_INSERT = text(
    "insert into outbox (event_id, topic, type, key, payload, traceparent) values (:event_id, :topic, :type, :key, :payload, :traceparent)"
)
_FORGET = text("delete from outbox where key = :key and published_at is not null")
_NOTIFY = text(f"select pg_notify('{CHANNEL}', current_schema())")


async def add(tx: AsyncConnection, event: Message, *, key: str) -> str:
    """Publish `event` once `tx` commits, in order with the other events of `key`; returns its event id.

    Write the row that the event is about first: its lock then orders the events of one key by commit.
    """
    event_id = uuid7()
    row = {
        "event_id": event_id, "topic": event.DESCRIPTOR.file.package, "type": event.DESCRIPTOR.full_name,
        "key": key, "payload": event.SerializeToString(), "traceparent": telemetry.traceparent(),
    }  # fmt: skip
    await tx.execute(_INSERT, row)
    await tx.execute(_NOTIFY)
    return str(event_id)


async def forget(tx: AsyncConnection, *, key: str) -> None:
    """Facts about `key` that were told need not wait for the sweep, when what they are about is gone for good."""
    await tx.execute(_FORGET, {"key": key})
