"""Postgres: one schema per service, transactions, migrations."""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from kinora_kit.errors import Unavailable

# Classes of SQLSTATE that say "not now" rather than "wrong": rollback (serialization, deadlock), resources, operator.
_TRANSIENT = ("40", "53", "57P", "08")


class DatabaseUnavailable(Unavailable):
    """Postgres does not answer; whether a commit in flight counted is unknown, so repeat with the same request_id."""


class Database:
    """A pool of connections to one schema."""

    def __init__(self, url: str, schema: str) -> None:
        self.url, self.schema = url, schema
        self._engine = _engine(url, schema, pool_pre_ping=True)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: commits at the end, rolls back on an exception. Never hold it across a remote call."""
        try:
            connection = await self._engine.connect().start()
        except (OSError, asyncpg.PostgresError, SQLAlchemyError) as error:
            raise DatabaseUnavailable("the database does not answer; try again") from error
        try:
            async with aclosing(connection), connection.begin():
                yield connection
        except (DBAPIError, ConnectionError) as error:
            if is_transient(error):
                raise DatabaseUnavailable("the database broke off; try again") from error
            raise

    async def dedicated(self) -> asyncpg.Connection:
        """A connection outside of the pool, for LISTEN and session locks; the caller closes it."""
        return await connect(self.url, self.schema)

    async def close(self) -> None:
        await self._engine.dispose()


async def connect(url: str, schema: str) -> asyncpg.Connection:
    """A bare asyncpg connection with the schema as its search path."""
    dsn = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return await asyncpg.connect(dsn, server_settings={"search_path": schema})


def is_transient(error: BaseException) -> bool:
    """True when trying again later, unchanged, may succeed."""
    if isinstance(error, Unavailable | ConnectionError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = getattr(error.orig, "sqlstate", None) or ""
    return error.connection_invalidated or state.startswith(_TRANSIENT)


async def migrate(url: str, schema: str, migrations: Path) -> None:
    """Bring `schema` to the newest revision in `migrations`/versions, in one transaction.

    Creates the schema. Services that start at the same time wait for each other.
    """
    engine = _engine(url, schema, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(hashtextextended('kinora.migrate', 0))"))
            await connection.execute(text(f'create schema if not exists "{schema}"'))
            await connection.run_sync(_upgrade, schema, migrations)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection, schema: str, migrations: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(migrations / "versions"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(connection=connection, schema=schema)
    command.upgrade(config, "head")


def _engine(url: str, schema: str, **options: object) -> AsyncEngine:
    address = make_url(url).set(drivername="postgresql+asyncpg")
    return create_async_engine(address, connect_args={"server_settings": {"search_path": schema}}, **options)
