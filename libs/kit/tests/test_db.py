"""Schemas, transactions, and a database that goes away."""

import asyncio
import tempfile
from pathlib import Path

import pytest
from kinora_cli.embedded.postgres import Postgres
from kinora_kit import db
from kinora_kit.db import Database, DatabaseUnavailable, migrate
from sqlalchemy import text

MIGRATIONS = Path(__file__).parent / "migrations"
OTHERS = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"


async def value(database, query):
    async with database.begin() as tx:
        return (await tx.execute(text(query))).scalar()


async def count(database):
    return await value(database, "select count(*) from effects")


async def test_services_that_start_together_migrate_once(database_url):
    await asyncio.gather(*(migrate(database_url, "demo", MIGRATIONS) for _ in range(4)))
    database = Database(database_url, "demo")
    assert await value(database, "select version_num from alembic_version") == "0001"
    await database.close()


async def test_each_schema_is_a_world_of_its_own(database_url):
    for schema in ("one", "other"):
        await migrate(database_url, schema, MIGRATIONS)
    one, other = Database(database_url, "one"), Database(database_url, "other")
    async with one.begin() as tx:
        await tx.execute(text("insert into effects (video_id) values ('v')"))
    assert (await count(one), await count(other)) == (1, 0)
    await one.close()
    await other.close()


@pytest.mark.parametrize(("takes_s", "patience_s"), [(0.3, 2), (0.5, 0.1)], ids=["is just ending", "does not end"])
async def test_closing_leaves_no_connection_of_a_request_that(database_url, monkeypatch, takes_s, patience_s):
    monkeypatch.setattr(db, "_GOODBYE_S", patience_s)
    database, other = Database(database_url, "public"), Database(database_url, "public")

    async def request():
        async with database.begin() as tx:
            await tx.execute(text("select 1"))
            await asyncio.sleep(takes_s)

    asked = asyncio.create_task(request())
    await asyncio.sleep(0.1)
    await database.close()
    async with asyncio.timeout(5):  # a server takes a moment to notice who has gone
        while await value(other, OTHERS):  # noqa: ASYNC110 - nothing to wait for
            await asyncio.sleep(0.02)
    await other.close()
    if takes_s < patience_s:
        await asked
    else:
        with pytest.raises(DatabaseUnavailable):
            await asked


async def test_an_exception_rolls_back(database):
    async def change():
        async with database.begin() as tx:
            await tx.execute(text("insert into effects (video_id) values ('v')"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await change()
    assert await count(database) == 0


async def test_a_crash_of_the_database_is_unavailable_and_heals():
    with tempfile.TemporaryDirectory(prefix="kinora-pg-") as folder:
        postgres = Postgres(Path(folder) / "data")
        await postgres.start()
        await migrate(postgres.url, "demo", MIGRATIONS)
        database = Database(postgres.url, "demo")
        postgres.kill()
        with pytest.raises(DatabaseUnavailable):
            await count(database)
        await postgres.start()
        assert await count(database) == 0
        await database.close()
        await postgres.stop()
