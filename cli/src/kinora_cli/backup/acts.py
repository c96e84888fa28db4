"""What the commands do, and what they tell the operator."""

import asyncio
from collections.abc import Coroutine

import asyncpg
import typer
from kinora_kit.errors import KinoraError
from obstore.exceptions import BaseError
from rich.console import Console
from rich.table import Table

from kinora_cli import state
from kinora_cli.backup import facts, keys, making, manifest, restoring
from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.facts import Told
from kinora_cli.backup.platform import existing, fresh
from kinora_cli.backup.store import open_target
from kinora_cli.settings import PlatformSettings

console = Console(highlight=False, soft_wrap=True)


def run(act: Coroutine[None, None, None]) -> None:
    """What goes wrong outside of us is said in a line, and ends with status 1."""
    try:
        asyncio.run(act)
    except (BackupFailed, state.AlreadyRunning, BaseError, asyncpg.PostgresError, KinoraError, OSError) as error:
        console.print("[bold red]kinora:[/]", end=" ")
        console.print(str(error), markup=False)
        raise typer.Exit(1) from error


async def back_up(to: str, keep: int) -> None:
    settings, target = PlatformSettings(), open_target(to)
    found = _keys(settings)
    for kind in keys.missing_kinds(found):
        console.print(f"[yellow]No {kind} at hand: a restore will not be able to check it.[/]")
    async with existing(settings) as platform:
        made = await making.back_up(platform, target, found, keep=keep)
    one = made.manifest
    media = f"{one.media_objects} media objects of {_bytes(one.media_bytes)}"
    console.print(f"[bold]{one.id}[/]: database {_bytes(one.database.size)} (compressed), {media}.")
    console.print(f"Objects copied: {made.copied}, gone from the backups: {made.dropped}; new facts of forgetting: {made.facts}.")


async def keep_facts(to: str) -> None:
    target = open_target(to)
    async with existing(PlatformSettings()) as platform:
        console.print(f"New facts of forgetting: {await facts.keep_new(platform.database_url, target)}.")


async def tell_backups(source: str) -> None:
    target = open_target(source)
    table = Table("id", "holds everything until", "Kinora", "database", "media", "objects")
    for one in manifest.complete(target):
        sizes = (_bytes(one.database.size), _bytes(one.media_bytes), str(one.media_objects))
        table.add_row(one.id, f"{one.at:%F %T} UTC", one.kinora, *sizes)
    console.print(table)
    if unfinished := manifest.incomplete(target):
        console.print(f"[yellow]Incomplete: {', '.join(unfinished)}[/]")


async def verify(source: str, at: str, *, deep: bool) -> None:
    target = open_target(source)
    chosen = manifest.choose(target, at)
    await making.verify(target, chosen, deep=deep)
    console.print(f"[bold]{chosen.id}[/] is whole: {chosen.media_objects} media objects, {len(facts.kept(target))} facts of forgetting.")


async def restore(source: str, at: str, *, without_keys: bool) -> None:
    settings, target = PlatformSettings(), open_target(source)
    chosen = manifest.choose(target, at)
    if not without_keys:
        keys.check(chosen.keys, _keys(settings))
    async with fresh(settings) as platform:
        done = await restoring.restore(platform, target, chosen, console.print)
    console.print(f"[bold]{chosen.id}[/] is back: everything until {chosen.at:%F %T} UTC; {done.copied} media objects were put back.")
    if done.unknown:
        console.print(f"[yellow]The media store holds {done.unknown} objects that the backup does not know; nobody will remove them.[/]")
    _say(done.told)


async def forget_again(source: str) -> None:
    target = open_target(source)
    async with existing(PlatformSettings()) as platform:
        _say(await restoring.forget_again(platform, target))


def _say(told: Told) -> None:
    console.print(f"Told again once the services start: {told.facts} facts of forgetting, {told.repeated} other events.")


def _keys(settings: PlatformSettings) -> list[str]:
    return keys.fingerprints(settings.state_dir, settings.internal_secret.get_secret_value())


def _bytes(size: float) -> str:
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:.3g} TB"
