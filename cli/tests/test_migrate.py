import asyncpg
import pytest
from kinora_cli import serve
from kinora_cli.settings import PlatformSettings
from pydantic import SecretStr


@pytest.mark.parametrize("service", ["cameo", "generation", "identity", "provenance"])
async def test_a_schema_is_made_by_who_is_told_of_the_database_alone_and_again_is_fine(database_url, tmp_path, service):
    told = PlatformSettings(database_url=database_url, state_dir=tmp_path)
    assert await serve.migrate(service, told)
    assert await serve.migrate(service, told)
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("select count(*) from pg_tables where schemaname = $1", service) > 3
    await connection.close()


async def test_a_service_without_a_database_has_nothing_to_migrate(tmp_path):
    assert not await serve.migrate("likeness", PlatformSettings(state_dir=tmp_path))


async def test_in_a_cluster_facts_are_not_told_where_nobody_hears_them(database_url, tmp_path, monkeypatch):
    monkeypatch.setenv("KINORA_MIGRATIONS", "wait")
    told = PlatformSettings(database_url=database_url, state_dir=tmp_path, media_url=tmp_path.as_uri(), internal_secret=SecretStr("x" * 32))
    with pytest.raises(serve.KafkaMissing, match="KINORA_KAFKA_BOOTSTRAP is not set"):
        await serve.serve_one("identity", told)
