import asyncio

import pytest
from kinora.identity.v1 import identity_service_pb2 as pb
from kinora_identity.first_start import ensure_first_operator
from kinora_identity.main import build
from kinora_identity.settings import Settings
from kinora_kit.db import Database, migrate
from kinora_kit.secret import digest, is_well_formed, new_secret
from pydantic import ValidationError
from sqlalchemy import text


async def test_a_fresh_kinora_has_an_operator_with_every_scope(ada, adapters):
    account = (await ada("GetAccount")).account
    assert (account.handle, account.role) == ("admin", pb.ROLE_OPERATOR)
    assert ada.identity.scopes == {"videos:read", "videos:write", "admin"}
    assert (adapters.state_dir / "first_admin.key").stat().st_mode & 0o777 == 0o600


async def test_a_second_start_changes_nothing(ada, adapters):
    key = (adapters.state_dir / "first_admin.key").read_bytes()
    service = build(adapters)
    await service.on_start()
    await service.database.close()
    assert (adapters.state_dir / "first_admin.key").read_bytes() == key


async def test_the_first_operator_has_the_key_that_was_given_and_no_file_is_written(adapters, tmp_path):
    given = new_secret()
    await migrate(adapters.database_url, "identity_given", build(adapters).migrations)
    database = Database(adapters.database_url, "identity_given")
    await ensure_first_operator(database, tmp_path, given)
    async with database.begin() as tx:
        kept = (await tx.execute(text("select secret_sha256 from api_keys"))).scalars().all()
    await database.close()
    assert ([bytes(one) for one in kept], list(tmp_path.iterdir())) == ([digest(given)], [])


async def test_replicas_that_start_together_make_one_operator(adapters, tmp_path):
    await migrate(adapters.database_url, "identity_race", build(adapters).migrations)
    replicas = [Database(adapters.database_url, "identity_race") for _ in range(4)]
    await asyncio.gather(*(ensure_first_operator(database, tmp_path / str(n)) for n, database in enumerate(replicas)))
    await asyncio.gather(*(database.close() for database in replicas))
    written = list(tmp_path.glob("*/first_admin.key"))
    assert len(written) == 1
    assert is_well_formed(written[0].read_text().strip())


@pytest.mark.parametrize("key", [new_secret()[:-1] + "-", "hunter2", "kn_" + "A" * 38, "km" + new_secret()[2:]], ids=range(4))
def test_a_first_key_that_was_mistyped_stops_the_start_and_is_not_told(monkeypatch, key):
    monkeypatch.setenv("IDENTITY_FIRST_OPERATOR_KEY", key)
    with pytest.raises(ValidationError, match="not an API key") as refused:
        Settings()
    assert key not in str(refused.value)
