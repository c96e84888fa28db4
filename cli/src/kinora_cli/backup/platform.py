"""The platform that is backed up or restored: by its settings, or the embedded one in the state directory, running or not."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from kinora_cli import state
from kinora_cli.backup.errors import BackupFailed
from kinora_cli.backup.store import Store, open_store
from kinora_cli.settings import PlatformSettings


@dataclass(frozen=True)
class Platform:
    """Where its database and media are."""

    database_url: str
    media: Store


@asynccontextmanager
async def existing(settings: PlatformSettings) -> AsyncIterator[Platform]:
    """To be read, or told facts. Raises BackupFailed where there is none."""
    if not settings.database_url and not (settings.state_dir / "postgres").exists():
        raise BackupFailed(f"No platform is in {settings.state_dir}: set KINORA_STATE_DIR, or KINORA_DATABASE_URL and KINORA_MEDIA_URL.")
    async with _database(settings) as url:
        yield Platform(url, _media(settings))


@asynccontextmanager
async def fresh(settings: PlatformSettings) -> AsyncIterator[Platform]:
    """To be restored into. Raises state.AlreadyRunning, BackupFailed."""
    if not settings.database_url:
        state.check_free(settings.state_dir)
    async with _database(settings) as url:
        yield Platform(url, _media(settings))


@asynccontextmanager
async def _database(settings: PlatformSettings) -> AsyncIterator[str]:
    if settings.database_url:
        yield settings.database_url
    elif state.running_pid(settings.state_dir):
        yield state.database_file(settings.state_dir).read_text()
    else:
        from kinora_cli.embedded.postgres import Postgres  # noqa: PLC0415 - the image of the tools has no server to embed

        server = Postgres(settings.state_dir / "postgres")
        await server.start()
        try:
            yield server.url
        finally:
            await server.stop()


def _media(settings: PlatformSettings) -> Store:
    if settings.database_url and not settings.media_url:
        raise BackupFailed("KINORA_MEDIA_URL is not set: where are the media of the database in KINORA_DATABASE_URL?")
    return open_store(settings.media_url or (settings.state_dir.absolute() / "media").as_uri())
