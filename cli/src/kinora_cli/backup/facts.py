"""Facts of forgetting: kept beside the backups, and told again after a restore, so that what was erased stays erased (ADR 0015)."""

import json
import uuid
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

import asyncpg
import obstore
from kinora_kit import db

from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.store import Store, listed, read

FOLDER = "facts"
FORGETTING = {
    "kinora.identity.v1.AccountErased": True,
    "kinora.identity.v1.ApiKeyRevoked": False,
    "kinora.generation.v1.VideoDeleted": True,
    "kinora.cameo.v1.CameoConsentChanged": False,
    "kinora.cameo.v1.CameoUseRevoked": False,
    "kinora.cameo.v1.CameoVideoRemoved": False,
    "kinora.cameo.v1.CameoWithdrawn": False,
}
"""Facts that say that something is gone or may not be used any more. True: it is the last word about its key, whose other facts go."""
MARGIN = timedelta(hours=1)
"""Told again although they are older than the backup: clocks differ, transactions take time. Facts may be told twice."""
_AGAIN = timedelta(days=29)
"""What a backup says was told may not have been heard, so it is told again. Inboxes know for 30 days what was heard."""
_AT_ONCE = 16
_KEPT = timedelta(days=90)
"""At least: longer than servers keep what they restore to a point in time from."""
_OUTBOXES = """
select table_schema from information_schema.tables where table_name = 'outbox' and table_type = 'BASE TABLE' order by 1
"""
_NEW = 'select event_id::text, topic, type, key, payload from "{}".outbox where type = any($1::text[]) and event_id >= $2 order by id'
_REPEAT = 'update "{}".outbox set published_at = null where published_at > now() - $1::interval'
_LAST_WORD = 'delete from "{}".outbox where key = any($1::text[]) and not (event_id = any($2::uuid[]))'
_TELL = """
insert into "{}".outbox (event_id, topic, type, key, payload, created_at) values ($1, $2, $3, $4, $5, $6)
on conflict (event_id) do update set published_at = null
"""


@dataclass(frozen=True)
class Fact:
    """`schema`: whose it is. `payload`: the serialized event in base64."""

    schema: str
    event_id: str
    topic: str
    type: str
    key: str
    payload: str

    @property
    def at(self) -> datetime:
        """When it was told: a version 7 UUID begins with milliseconds."""
        return datetime.fromtimestamp((uuid.UUID(self.event_id).int >> 80) / 1000, UTC)


@dataclass(frozen=True)
class Told:
    """How many facts of forgetting were told again, and how many others that may not have been heard."""

    facts: int
    repeated: int


async def keep_new(url: str, target: Store) -> int:
    """Copies the facts that are not at the target yet; returns how many. Cheap, to be done every few minutes."""
    files = sorted(listed(target, FOLDER))
    since = _time_of(files[-1]) - MARGIN if files else datetime.fromtimestamp(0, UTC)
    known = {fact.event_id for fact in _read(target, [file for file in files if _time_of(file) >= since])}
    connection = await db.connect(url, "public")
    try:
        now = await connection.fetchval("select now()")
        told = [fact for schema in await _outboxes(connection) for fact in await _facts(connection, schema, since)]
        new = [fact for fact in told if fact.event_id not in known]
    finally:
        await connection.close()
    if new:
        lines = "".join(json.dumps(asdict(fact)) + "\n" for fact in new)
        obstore.put(target, f"{FOLDER}/{now.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}.jsonl", lines.encode())
    return len(new)


def kept(target: Store, since: datetime | None = None) -> list[Fact]:
    """All facts at the target, or those told after `since`, each once, in the order in which they were told. Raises BackupFailed."""
    files = [file for file in sorted(listed(target, FOLDER)) if since is None or _time_of(file) >= since]
    facts = {fact.event_id: fact for fact in _read(target, files) if since is None or fact.at >= since}
    return [facts[event_id] for event_id in sorted(facts)]


async def tell_again(url: str, facts: Sequence[Fact]) -> Told:
    """Through the outboxes of the restored database, behind what its services had to tell: their relays publish it in this order."""
    connection = await db.connect(url, "public")
    try:
        async with connection.transaction():
            schemas = await _outboxes(connection)
            _check_schemas(facts, schemas)
            repeated = [await connection.execute(_REPEAT.format(schema), _AGAIN) for schema in schemas]
            for schema in schemas:
                await _tell(connection, schema, [fact for fact in facts if fact.schema == schema])
    finally:
        await connection.close()
    return Told(len(facts), sum(int(tag.split()[-1]) for tag in repeated))


def drop_older(target: Store, oldest: datetime) -> None:
    """Facts that the oldest backup has in itself, and that no restore to a point in time can need."""
    before = min(oldest - 2 * MARGIN, datetime.now(UTC) - _KEPT)
    gone = [file for file in listed(target, FOLDER) if _time_of(file) < before]
    if gone:
        obstore.delete(target, gone)


async def _tell(connection: asyncpg.Connection, schema: str, facts: Sequence[Fact]) -> None:
    last = [fact.key for fact in facts if FORGETTING.get(fact.type)]
    await connection.execute(_LAST_WORD.format(schema), last, [uuid.UUID(fact.event_id) for fact in facts])
    rows = [(uuid.UUID(fact.event_id), fact.topic, fact.type, fact.key, b64decode(fact.payload), fact.at) for fact in facts]
    await connection.executemany(_TELL.format(schema), rows)


def _check_schemas(facts: Iterable[Fact], schemas: Sequence[str]) -> None:
    unknown = {fact.schema for fact in facts} - set(schemas)
    if unknown:
        raise BackupFailed(f"The database has no outbox in {', '.join(sorted(unknown))}: is it the one that these facts are about?")


async def _outboxes(connection: asyncpg.Connection) -> list[str]:
    return [row[0] for row in await connection.fetch(_OUTBOXES)]


async def _facts(connection: asyncpg.Connection, schema: str, since: datetime) -> list[Fact]:
    first = uuid.UUID(int=int(since.timestamp() * 1000) << 80)  # found by the index on event ids
    rows: Sequence[Mapping[str, object]] = await connection.fetch(_NEW.format(schema), list(FORGETTING), first)
    return [Fact(schema, *_texts(row)) for row in rows]


def _texts(row: Mapping[str, object]) -> list[str]:
    return [b64encode(value).decode() if isinstance(value, bytes) else str(value) for value in row.values()]


def _read(target: Store, files: Sequence[str]) -> list[Fact]:
    with ThreadPoolExecutor(_AT_ONCE) as pool:  # three months of them are thousands of small files
        texts = list(pool.map(lambda file: read(target, file).decode(), files))
    try:
        return [Fact(**json.loads(line)) for text in texts for line in text.splitlines()]
    except (ValueError, TypeError) as error:
        raise BackupFailed(f"The facts under {FOLDER}/ cannot be read: {error}. They were damaged or changed.") from error


def _time_of(file: str) -> datetime:
    return datetime.strptime(file.removeprefix(f"{FOLDER}/"), "%Y%m%dT%H%M%S.%fZ.jsonl").replace(tzinfo=UTC)
