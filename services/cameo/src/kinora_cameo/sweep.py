"""Forgets pets and objects that were not enrolled in time, removes from the media store what nothing needs any more, and counts what is
left of a cameo or an account.
"""

import asyncio

from kinora.cameo.v1 import cameo_service_pb2 as pb
from kinora_kit import log, metrics
from kinora_kit.db import Database
from kinora_kit.identity import Identity
from kinora_media.store import MediaStore
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_cameo import thing_store
from kinora_cameo.domain import check_id, require_operator
from kinora_cameo.vault import FOLDER

_AT_ONCE = 50
_AGAIN_AFTER_S = 60.0
_DUE = text("select blob from discarded where due <= now() order by due limit :limit")
_LATER = text("update discarded set due = now() + make_interval(secs => :after_s) where blob = :blob")
_ACCOUNT_COLUMNS = (
    ("cameos", "account_id"), ("people", "account_id"), ("consent_log", "account_id"), ("ties", "from_account_id"),
    ("ties", "to_account_id"), ("uses", "user_account_id"), ("past_uses", "user_account_id"), ("things", "account_id"),
)  # fmt: skip
_CAMEO_COLUMNS = (
    ("cameos", "id"),
    ("people", "cameo_id"),
    ("consent_log", "cameo_id"),
    ("uses", "cameo_id"),
    ("past_uses", "cameo_id"),
    ("reports", "cameo_id"),
    ("enrolments", "cameo_id"),
)
_MENTIONS = text(
    "select (select count(*) from replies where caller = :id or position(convert_to(:id, 'UTF8') in reply) > 0) as replies,"
    " (select count(*) from outbox where position(convert_to(:id, 'UTF8') in payload) > 0) as outbox"
)
_KEYS = text(
    "select (select count(*) from packages p join cameos c on c.id = p.cameo_id where c.account_id = :id or c.id = :id)"
    " + (select count(*) from things where account_id = :id and wrapped_key is not null)"
)
_log = log.get("kinora.cameo.sweep")


async def sweep(database: Database, media: MediaStore, poll_s: float) -> None:
    """Runs until cancelled. Two at once do no harm: removing what is gone is fine."""
    while True:
        async with database.begin() as tx:
            await thing_store.forget(tx)
            due = list((await tx.execute(_DUE, {"limit": _AT_ONCE})).scalars())
        for blob in due:
            await _remove(database, media, blob)
        if not due:
            await asyncio.sleep(poll_s)


async def _remove(database: Database, media: MediaStore, blob: str) -> None:
    try:
        await media.delete(blob)
    except Exception as error:  # noqa: BLE001 - the boundary to whatever object store is in use; it is tried again later
        metrics.MEDIA_NOT_REMOVED.inc()
        _log.warning("package.not_removed", blob=blob, error=repr(error))
        async with database.begin() as tx:
            await tx.execute(_LATER, {"blob": blob, "after_s": _AGAIN_AFTER_S})
        return
    async with database.begin() as tx:
        await tx.execute(text("delete from discarded where blob = :blob"), {"blob": blob})


async def find_remains(database: Database, media: MediaStore, caller: Identity, request: pb.FindRemainsRequest) -> pb.FindRemainsResponse:
    """Counts, for an account or a cameo, the rows that name it, its data keys and what lies in the media store."""
    require_operator(caller)
    of_account = bool(request.account_id)
    wanted = check_id(request.account_id or request.cameo_id, "account_id" if of_account else "cameo_id")
    async with database.begin() as tx:
        rows = await _rows(tx, _ACCOUNT_COLUMNS if of_account else _CAMEO_COLUMNS, wanted)
        rows |= await _mentions(tx, wanted) if of_account else {}
        keys: int = (await tx.execute(_KEYS, {"id": wanted})).scalar_one()
    blobs = [key for key in await media.list(f"{FOLDER}/{wanted}" if of_account else FOLDER) if f"/{wanted}/" in key]
    return pb.FindRemainsResponse(rows=rows, keys=keys, blobs=len(blobs))


async def _rows(tx: AsyncConnection, columns: tuple[tuple[str, str], ...], wanted: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for table, column in columns:
        count = (await tx.execute(text(f"select count(*) from {table} where {column} = :id"), {"id": wanted})).scalar_one()  # noqa: S608 - our own names
        if count:
            found[table] = found.get(table, 0) + count
    return found


async def _mentions(tx: AsyncConnection, account_id: str) -> dict[str, int]:
    """Replies kept for repeats, and facts, that name the account."""
    counts = (await tx.execute(_MENTIONS, {"id": account_id})).one()
    return {table: count for table, count in counts._mapping.items() if count}  # noqa: SLF001 - SQLAlchemy's documented access by name
