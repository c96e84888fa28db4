"""A small platform of two schemas with media, backed up into a folder and restored into another database."""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import pytest
from kinora_cli.backup import making, manifest, restoring
from kinora_cli.backup.platform import Platform
from kinora_cli.backup.store import open_store
from kinora_kit import db
from kinora_kit.ids import uuid7
from kinora_kit.migrations import kit_tables
from kinora_testkit.postgres import fresh_database

TELL = "insert into {}.outbox (event_id, topic, type, key, payload, published_at) values ($1, $2, $3, $4, $5, now())"


@dataclass
class World:
    """`live` is what runs; `restored` a second platform, empty at first."""

    live: Platform
    restored: Platform
    target: object
    folder: object
    keys: list = field(default_factory=list)

    async def sql(self, statement, *values, platform=None):
        connection = await db.connect((platform or self.live).database_url, "public")
        try:
            return await connection.fetch(statement, *values)
        finally:
            await connection.close()

    async def tells(self, kind, key, schema="identity"):
        """A fact that was published; its id."""
        event_id = uuid7()
        await self.sql(TELL.format(schema), event_id, kind.rpartition(".")[0], kind, key, b"payload")
        return event_id

    def puts(self, key, data):
        path = self.folder / "live" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    async def backs_up(self, keep=7):
        return await making.back_up(self.live, self.target, self.keys, keep=keep)

    async def restores(self, at=""):
        said = []
        return await restoring.restore(self.restored, self.target, manifest.choose(self.target, at), said.append)

    async def tick(self):
        """Ids of backups are seconds."""
        await asyncio.sleep(1.05)

    def media(self, platform="live"):
        folder = self.folder / platform
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
async def world(postgres_url, tmp_path):
    async with AsyncExitStack() as stack:
        urls = [await stack.enter_async_context(fresh_database(postgres_url)) for _ in range(2)]
        live, restored = (
            Platform(url, open_store((tmp_path / name).as_uri())) for url, name in zip(urls, ("live", "restored"), strict=True)
        )
        world = World(live, restored, open_store((tmp_path / "backups").as_uri()), tmp_path)
        for schema in ("identity", "generation"):
            for statement in (f"create schema {schema}", f"set search_path = {schema}"):
                await world.sql(statement)
            connection = await db.connect(live.database_url, schema)
            for statement in kit_tables():
                await connection.execute(statement)
            await connection.close()
        await world.sql("create table identity.accounts (handle text)")
        await world.sql("insert into identity.accounts values ('ada')")
        yield world
