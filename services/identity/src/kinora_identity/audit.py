"""What was done, by whom, to whom: append-only, each entry bound to the one before by its hash. Accounts are named by their id, which tells
nobody's name once the account is erased; details hold no names or addresses.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kinora_kit.db import Database
from kinora_kit.identity import Identity
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from kinora_identity.domain import is_operator, require_operator

_ENTRY = "number, at, actor, action, subject, details, sha256"
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('kinora.identity.audit', 0))")
_LAST = text("select number, sha256 from audit order by number desc limit 1")
_ADD = text(f"insert into audit ({_ENTRY}) values (:number, :at, :actor, :action, :subject, :details, :sha256)")  # noqa: S608
_LIST = text(
    f"select {_ENTRY} from audit where (:before = 0 or number < :before)"  # noqa: S608 - the column list from above
    " and (:everybody or actor = :account_id or subject = :account_id) order by number desc limit 100"
)
_ALL = text(f"select {_ENTRY} from audit order by number")  # noqa: S608
_NOTHING = bytes(32)


@dataclass(frozen=True)
class Entry:
    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    details: str
    sha256: bytes


@dataclass(frozen=True)
class Checked:
    """`first_broken`: the number of the first entry that does not fit, 0 when all do."""

    entries: int
    first_broken: int
    head: bytes


async def add(tx: AsyncConnection, actor: str, action: str, subject: str, **details: Any) -> None:
    """To be the last statement of its transaction: until that ends, nobody else adds any."""
    await tx.execute(_LOCK)
    last = (await tx.execute(_LAST)).one_or_none()
    number, before = (last.number + 1, bytes(last.sha256)) if last else (1, _NOTHING)
    entry = Entry(number, datetime.now(UTC), actor, action, subject, json.dumps(details, sort_keys=True), b"")
    await tx.execute(_ADD, {**vars(entry), "sha256": _hash(before, entry)})


async def list_entries(database: Database, caller: Identity, before: int) -> list[Entry]:
    """Newest first, at most 100: operators see all, others what concerns themselves."""
    row = {"before": before, "everybody": is_operator(caller), "account_id": caller.account_id}
    async with database.begin() as tx:
        return [_entry(found) for found in await tx.execute(_LIST, row)]


async def check(database: Database, caller: Identity) -> Checked:
    require_operator(caller)
    before, count = _NOTHING, 0
    async with database.begin() as tx, tx.stream(_ALL) as rows:
        async for row in rows:
            entry, count = _entry(row), count + 1
            if entry.number != count or entry.sha256 != _hash(before, entry):
                return Checked(count, entry.number, before)
            before = entry.sha256
    return Checked(count, 0, before)


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.number, row.at, row.actor, row.action, row.subject, row.details, bytes(row.sha256))


def _hash(before: bytes, entry: Entry) -> bytes:
    facts = [
        entry.number,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.subject,
        entry.details,
    ]
    return hashlib.sha256(before + json.dumps(facts).encode()).digest()
