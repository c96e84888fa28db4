"""All SQL about archives, but for how they are leased. Clocks are the database's."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_provenance import work_store

_ADD = text(
    "insert into archives (id, account_id, traceparent) values (:id, :account_id, :traceparent)"
    " on conflict (account_id) where state in ('queued', 'running') do update set account_id = archives.account_id returning *"
)
_NEWEST = text("select * from archives where account_id = :account_id order by created_at desc limit 1")
_ANEW = text(
    "update archives set state = 'queued', lease = null, due_at = now(), progress = 0, tries = 0"
    " where account_id = :account_id and state = 'running'"
)
_SEALED = text("select count(*) from seals where account_id = :account_id")
_MANIFEST = text("select manifest from seals where video_id = :video_id order by sealed_at desc limit 1")


async def add(tx: AsyncConnection, archive_id: str, account_id: str, traceparent: str | None) -> Mapping[str, Any]:
    """The new one, instead of an older one; or that which is being made."""
    await _forget_made(tx, account_id)
    return dict((await tx.execute(_ADD, {"id": archive_id, "account_id": account_id, "traceparent": traceparent})).mappings().one())


async def newest(tx: AsyncConnection, account_id: str) -> Mapping[str, Any] | None:
    row = (await tx.execute(_NEWEST, {"account_id": account_id})).mappings().one_or_none()
    return dict(row) if row else None


async def renew(tx: AsyncConnection, account_id: str) -> None:
    """A video of theirs is gone: the archive with it goes, and one that is being made is begun anew."""
    await _forget_made(tx, account_id)
    await tx.execute(_ANEW, {"account_id": account_id})


async def sealed(tx: AsyncConnection, account_id: str) -> int:
    """How many films."""
    count: int = (await tx.execute(_SEALED, {"account_id": account_id})).scalar_one()
    return count


async def manifest(tx: AsyncConnection, video_id: str) -> bytes | None:
    stored: bytes | None = (await tx.execute(_MANIFEST, {"video_id": video_id})).scalar_one_or_none()
    return stored


async def _forget_made(tx: AsyncConnection, account_id: str) -> None:
    await work_store.forget(tx, "archives", "account_id = :account_id and state in ('completed', 'failed')", account_id=account_id)
