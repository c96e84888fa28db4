"""Making backups, keeping the newest ones, and looking whether one is whole."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version

import asyncpg
import obstore
from kinora_kit import db

from kinora_cli.backup import facts, manifest, media, postgres
from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.manifest import Manifest
from kinora_cli.backup.platform import Platform
from kinora_cli.backup.store import Store, listed
from kinora_cli.backup.streams import measure

_ALONE = "select pg_try_advisory_lock(hashtextextended('kinora.backup', 0))"


@dataclass(frozen=True)
class Made:
    """What a run did. `copied` and `dropped`: media objects that went into the backups, and out of them."""

    manifest: Manifest
    copied: int
    dropped: int
    facts: int


async def back_up(platform: Platform, target: Store, keys: Sequence[str], *, keep: int) -> Made:
    """The database first: what it names is in the media store by then. Raises BackupFailed."""
    async with _alone(platform.database_url) as connection:
        known = await facts.keep_new(platform.database_url, target)
        at = await connection.fetchval("select now()")
        made, copied = await _made(platform, target, keys, at)
        manifest.write(target, made)
        return Made(made, copied, _drop_old(target, keep), known)


async def _made(platform: Platform, target: Store, keys: Sequence[str], at: datetime) -> tuple[Manifest, int]:
    backup = manifest.new_id(at)
    server = await postgres.version(platform.database_url)
    database, tool = await asyncio.to_thread(
        postgres.dump, platform.database_url, server, target, f"{manifest.FOLDER}/{backup}/database.dump"
    )
    objects, copied = await media.copy_new(platform.media, target, _newest_list(target))
    made = Manifest(
        id=backup,
        at=at,
        finished_at=datetime.now(UTC),
        kinora=version("kinora"),
        postgres=tool,
        database=database,
        media_list=media.write_list(target, backup, objects),
        media_objects=len(objects),
        media_bytes=sum(one.size for one in objects),
        keys=keys,
    )
    return made, copied


async def verify(target: Store, chosen: Manifest, *, deep: bool = False) -> None:
    """The dump byte for byte and every media object's size; `deep`: those byte for byte too. Raises BackupFailed."""
    objects = media.read_list(target, chosen)
    try:
        found = await measure(target, chosen.database.key)
    except FileNotFoundError as missing:
        raise BackupFailed(f"{chosen.database.key} is gone: the backup {chosen.id} cannot be restored.") from missing
    if (found.size, found.sha256) != (chosen.database.size, chosen.database.sha256):
        raise BackupFailed(f"{chosen.database.key} is not what was written: {found.size} of {chosen.database.size} bytes, or changed.")
    media.check_sizes(target, objects)
    if deep:
        await media.check_bytes(target, objects)


def _drop_old(target: Store, keep: int) -> int:
    """All but the newest `keep` backups, what was begun before them and never finished, and the media and facts that only they needed."""
    there = manifest.complete(target)
    kept = there[-keep:]
    for gone in [old.id for old in there[:-keep]] + [begun for begun in manifest.incomplete(target) if begun < kept[-1].id]:
        files = sorted(listed(target, f"{manifest.FOLDER}/{gone}"), key=lambda file: not file.endswith("/manifest.json"))
        for file in files:  # the manifest first: what is left of it then counts as incomplete
            obstore.delete(target, file)
    facts.drop_older(target, kept[0].at)
    return media.drop_unlisted(target, kept)


def _newest_list(target: Store) -> dict[str, media.Object]:
    there = manifest.complete(target)
    return {one.key: one for one in media.read_list(target, there[-1])} if there else {}


@asynccontextmanager
async def _alone(url: str) -> AsyncIterator[asyncpg.Connection]:
    """Two at once would drop what the other one has just copied. Raises BackupFailed."""
    connection = await db.connect(url, "public")
    try:
        if not await connection.fetchval(_ALONE):
            raise BackupFailed("Another backup of this platform is being made; wait for its end.")
        yield connection
    finally:
        await connection.close()
