"""Media objects: copied when they are new, dropped when no kept backup has them any more."""

import asyncio
import gzip
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import obstore
from kinora_media.store import content_type_of

from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.manifest import FOLDER as BACKUPS
from kinora_cli.backup.manifest import Manifest, Part
from kinora_cli.backup.store import Store, Stored, listed, read
from kinora_cli.backup.streams import Measured, copy, measure

FOLDER = "media"
# Handed in to be looked at and promised to be gone within hours or days: a backup would keep them longer.
NOT_KEPT = ("checks/", "liveness/")
_AT_ONCE = 8
T = TypeVar("T")


@dataclass(frozen=True)
class Object:
    """`size` in bytes, `sha256` in hex."""

    key: str
    size: int
    sha256: str


async def copy_new(media: Store, target: Store, before: Mapping[str, Object]) -> tuple[list[Object], int]:
    """All objects that the media store has now, and how many of them were not in the backups yet. `before`: the list of the last backup."""
    there = {key.removeprefix(f"{FOLDER}/"): stored for key, stored in listed(target, FOLDER).items()}
    wanted = [stored for stored in listed(media).values() if not stored.key.startswith(NOT_KEPT)]
    objects: list[Object] = []
    copied = 0

    async def one(stored: Stored) -> None:
        nonlocal copied
        if _is_there(stored, there.get(stored.key), before.get(stored.key)):
            objects.append(before[stored.key])
            return
        try:
            measured = await copy(
                media, stored.key, target, f"{FOLDER}/{stored.key}", content_type=content_type_of(stored.key), size=stored.size
            )
        except FileNotFoundError:
            return  # deleted meanwhile
        copied += 1
        objects.append(Object(stored.key, measured.size, measured.sha256))

    await _all(one, wanted)
    return sorted(objects, key=lambda made: made.key), copied


def _is_there(now: Stored, kept: Stored | None, known: Object | None) -> bool:
    """Keys are written once; one that was written again after all is newer than its copy."""
    return bool(kept and known and now.size == kept.size == known.size and now.modified <= kept.modified)


async def copy_back(target: Store, objects: Iterable[Object], media: Store) -> int:
    """Puts what the media store lacks; returns how many. Raises BackupFailed for bytes that are not those of the backup."""
    there = listed(media)
    missing = [made for made in objects if made.key not in there or there[made.key].size != made.size]

    async def one(made: Object) -> None:
        copied = await copy(target, f"{FOLDER}/{made.key}", media, made.key, content_type=content_type_of(made.key), size=made.size)
        try:
            _check(made, copied)
        except BackupFailed:
            await obstore.delete_async(media, made.key)  # or the next try would take it for the right one
            raise

    await _all(one, missing)
    return len(missing)


async def check_bytes(target: Store, objects: Iterable[Object]) -> None:
    """Reads every object. Raises BackupFailed."""

    async def one(made: Object) -> None:
        _check(made, await measure(target, f"{FOLDER}/{made.key}"))

    await _all(one, list(objects))


def check_sizes(target: Store, objects: Iterable[Object]) -> None:
    """Raises BackupFailed for objects that the backup lists and the target lacks."""
    there = listed(target, FOLDER)
    lost = [made.key for made in objects if (kept := there.get(f"{FOLDER}/{made.key}")) is None or kept.size != made.size]
    if lost:
        raise BackupFailed(f"{len(lost)} media objects of this backup are gone or cut short, e.g. {lost[0]!r}.")


def write_list(target: Store, backup: str, objects: Iterable[Object]) -> Part:
    data = gzip.compress("".join(json.dumps([made.key, made.size, made.sha256]) + "\n" for made in objects).encode(), mtime=0)
    key, measured = f"{BACKUPS}/{backup}/media.jsonl.gz", Measured()
    obstore.put(target, key, measured.of(data))
    return Part(key=key, size=measured.size, sha256=measured.sha256)


def read_list(target: Store, manifest: Manifest) -> list[Object]:
    """Raises BackupFailed."""
    part, measured = manifest.media_list, Measured()
    try:
        data = measured.of(read(target, part.key))
    except FileNotFoundError as missing:
        raise BackupFailed(f"{part.key} is gone: the backup {manifest.id} cannot be restored.") from missing
    if measured.sha256 != part.sha256:
        raise BackupFailed(f"{part.key} is not what was written: the backup {manifest.id} was damaged or changed.")
    return [Object(*json.loads(line)) for line in gzip.decompress(data).decode().splitlines()]


def drop_unlisted(target: Store, kept: Iterable[Manifest]) -> int:
    """What has gone from the media store goes from the backups with the last one that had it; returns how many objects."""
    needed = {f"{FOLDER}/{made.key}" for manifest in kept for made in read_list(target, manifest)}
    gone = sorted(listed(target, FOLDER).keys() - needed)
    if gone:
        obstore.delete(target, gone)
    return len(gone)


def _check(made: Object, found: Measured) -> None:
    if (found.size, found.sha256) != (made.size, made.sha256):
        raise BackupFailed(f"The media object {made.key!r} is not what was backed up: {found.size} bytes with SHA-256 {found.sha256}.")


async def _all(work: Callable[[T], Awaitable[None]], things: Sequence[T]) -> None:
    """A few at once. Raises the first failure."""
    slots = asyncio.Semaphore(_AT_ONCE)

    async def one(thing: T) -> None:
        async with slots:
            await work(thing)

    await asyncio.gather(*map(one, things))
