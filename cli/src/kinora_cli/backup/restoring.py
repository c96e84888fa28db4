"""Bringing a platform back from a backup, and having it forget again what was forgotten since."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from kinora_cli.backup import facts, making, media, postgres
from kinora_cli.backup.facts import Told
from kinora_cli.backup.manifest import Manifest
from kinora_cli.backup.platform import Platform
from kinora_cli.backup.store import Store, listed


@dataclass(frozen=True)
class Restored:
    """`copied`: media objects that were put back. `unknown`: objects in the media store that the backup does not know."""

    copied: int
    unknown: int
    told: Told


async def restore(platform: Platform, target: Store, chosen: Manifest, say: Callable[[str], None]) -> Restored:
    """Media first: this may be repeated until the database, which comes back whole or not at all, is there. Raises BackupFailed."""
    await postgres.check_empty(platform.database_url)
    say("Looking whether the backup is whole …")
    await making.verify(target, chosen)
    say(f"Putting {chosen.media_objects} media objects back …")
    objects = media.read_list(target, chosen)
    copied = await media.copy_back(target, objects, platform.media)
    unknown = len(listed(platform.media).keys() - {made.key for made in objects})
    say("Restoring the database …")
    at_least = max(chosen.postgres, await postgres.version(platform.database_url))
    await asyncio.to_thread(postgres.restore, platform.database_url, at_least, target, chosen.database)
    told = await facts.tell_again(platform.database_url, facts.kept(target, chosen.at - facts.MARGIN))
    await postgres.analyse(platform.database_url)
    return Restored(copied, unknown, told)


async def forget_again(platform: Platform, target: Store) -> Told:
    """After a restore by other means: every fact that is kept is told again, since nobody here knows how old the database is."""
    return await facts.tell_again(platform.database_url, facts.kept(target))
