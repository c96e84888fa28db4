"""All SQL about the keys that sign receipts."""

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo.keyring import Wrapped

_SERIALIZE = text("select pg_advisory_xact_lock(hashtextextended('kinora.cameo.receipt_keys', 0))")
_NEWEST = text("select id, public_key, master_id, wrapped_key from receipt_keys order by created_at desc limit 1")
_ADD = text("insert into receipt_keys (id, public_key, master_id, wrapped_key) values (:id, :public_key, :master_id, :wrapped_key)")


@dataclass(frozen=True)
class ReceiptKey:
    """A signing key: `public_key` raw (32 bytes), the private one wrapped by a master key."""

    id: str
    public_key: bytes
    wrapped: Wrapped


async def newest_or(tx: AsyncConnection, fresh: ReceiptKey) -> ReceiptKey:
    """The newest key; the first time `fresh`, which is kept. Replicas wait for each other."""
    await tx.execute(_SERIALIZE)
    row = (await tx.execute(_NEWEST)).one_or_none()
    if row is not None:
        return ReceiptKey(row.id, bytes(row.public_key), Wrapped(row.master_id, bytes(row.wrapped_key)))
    wrapped = {"master_id": fresh.wrapped.master_id, "wrapped_key": fresh.wrapped.key}
    await tx.execute(_ADD, {"id": fresh.id, "public_key": fresh.public_key, **wrapped})
    return fresh


async def public_keys(tx: AsyncConnection) -> list[bytes]:
    """Newest first."""
    rows = await tx.execute(text("select public_key from receipt_keys order by created_at desc"))
    return [bytes(row.public_key) for row in rows]
