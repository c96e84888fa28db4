from pathlib import Path

import pytest
from kinora_kit.db import Database, migrate

MIGRATIONS = Path(__file__).parent / "migrations"


@pytest.fixture
async def database(database_url):
    """A migrated schema with the kit's tables and one of its own, `effects`."""
    await migrate(database_url, "demo", MIGRATIONS)
    database = Database(database_url, "demo")
    yield database
    await database.close()
