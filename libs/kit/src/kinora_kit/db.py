"""Postgres: one schema per service, transactions, migrations."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from weakref import WeakSet

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool, QueuePool

from kinora_kit import log, metrics
from kinora_kit.errors import Unavailable

# Classes of SQLSTATE that say "not now" rather than "wrong": rollback (serialization, deadlock), resources, operator.
_TRANSIENT = ("40", "53", "57P", "08")
_CONNECTIONS, _MORE = 5, 10  # kept open, and opened beyond while needed
_WAIT_S = 0.5
_COMING_UP_S = 120.0
_GOODBYE_S = 2.0
_log = log.get("kinora.db")


class DatabaseUnavailable(Unavailable):
    """Postgres does not answer; whether a commit in flight counted is unknown, so repeat with the same request_id."""


class Database:
    """A pool of connections to one schema."""

    def __init__(self, url: str, schema: str) -> None:
        self.url, self.schema = url, schema
        self._opened: WeakSet[asyncpg.Connection] = WeakSet()
        self._engine = _engine(self.dedicated, pool_pre_ping=True, pool_size=_CONNECTIONS, max_overflow=_MORE)
        metrics.DATABASE_UNAVAILABLE.labels(schema)
        metrics.DATABASE_LIMIT.labels(schema).set(_CONNECTIONS + _MORE)
        metrics.DATABASE_IN_USE.labels(schema).set_function(self._engine.pool.checkedout)  # type: ignore[attr-defined]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """One transaction: commits at the end, rolls back on an exception. Never hold it across a remote call."""
        try:
            with metrics.DATABASE_WAIT.labels(self.schema).time():
                connection = await self._engine.connect().start()
        except (OSError, asyncpg.PostgresError, SQLAlchemyError) as error:
            raise self._away("the database does not answer; try again") from error
        try:
            async with aclosing(connection), connection.begin():
                yield connection
        except (DBAPIError, ConnectionError) as error:
            if is_transient(error):
                raise self._away("the database broke off; try again") from error
            raise

    def _away(self, message: str) -> DatabaseUnavailable:
        metrics.DATABASE_UNAVAILABLE.labels(self.schema).inc()
        return DatabaseUnavailable(message)

    async def dedicated(self) -> asyncpg.Connection:
        """A bare connection, as the pool opens them, too; for LISTEN and session locks. The caller closes it."""
        opened = await connect(self.url, self.schema)
        self._opened.add(opened)
        return opened

    async def close(self) -> None:
        """Waits a little for what is just ending; then no connection is left, whoever still holds one."""
        pool: QueuePool = self._engine.pool  # type: ignore[assignment]
        with suppress(TimeoutError):
            async with asyncio.timeout(_GOODBYE_S):
                while pool.checkedout():  # noqa: ASYNC110 - the pool offers nothing to wait for
                    await asyncio.sleep(_GOODBYE_S / 100)
        await self._engine.dispose()
        for connection in self._opened:
            connection.terminate()


async def connect(url: str, schema: str) -> asyncpg.Connection:
    """A bare asyncpg connection with the schema as its search path; the URL's query is libpq's (sslmode, sslrootcert, …)."""
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
    engine = _engine(partial(connect, url, schema), poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("select pg_advisory_xact_lock(hashtextextended('kinora.migrate', 0))"))
            await connection.execute(text(f'create schema if not exists "{schema}"'))
            await connection.run_sync(_upgrade, schema, migrations)
    finally:
        await engine.dispose()


async def migrate_patiently(url: str, schema: str, migrations: Path) -> None:
    """The same, where the database may still be on its way up; raises what stands in the way after two minutes."""
    until = asyncio.get_running_loop().time() + _COMING_UP_S
    while True:
        try:
            return await migrate(url, schema, migrations)
        except (OSError, asyncpg.CannotConnectNowError) as error:
            if asyncio.get_running_loop().time() > until:
                raise
            _log.info("database.waiting", schema=schema, reason=repr(error))
        await asyncio.sleep(_WAIT_S)


async def wait_migrated(url: str, schema: str, migrations: Path) -> None:
    """Return once `schema` is at the newest revision in `migrations`, or past it; somebody else migrates.

    A database that is not there yet is waited for, too; the log tells for what.
    """
    engine, told = _engine(partial(connect, url, schema), poolclass=NullPool), ""
    try:
        while lacking := await _lacking(engine, schema, migrations):
            if lacking != told:
                _log.info("database.waiting", schema=schema, reason=lacking)
            told = lacking
            await asyncio.sleep(_WAIT_S)
    finally:
        await engine.dispose()


async def _lacking(engine: AsyncEngine, schema: str, migrations: Path) -> str:
    """What is missing, in words; nothing once the schema is there."""
    try:
        async with engine.connect() as connection:
            return "" if await connection.run_sync(_is_current, schema, migrations) else "the schema is not migrated yet"
    except (OSError, asyncpg.PostgresError, SQLAlchemyError) as error:
        return repr(error)


def _is_current(connection: Connection, schema: str, migrations: Path) -> bool:
    scripts = ScriptDirectory.from_config(_config(schema, migrations))
    known = {script.revision for script in scripts.walk_revisions()}
    found = MigrationContext.configure(connection, opts={"version_table_schema": schema}).get_current_heads()
    # One that is not among ours is a later release's: migrations expand before they contract, so that this one may go on.
    return bool(found) and (set(found) == set(scripts.get_heads()) or not known.issuperset(found))


def _upgrade(connection: Connection, schema: str, migrations: Path) -> None:
    config = _config(schema, migrations)
    config.attributes.update(connection=connection)
    command.upgrade(config, "head")


def _config(schema: str, migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("version_locations", str(migrations / "versions"))
    config.set_main_option("path_separator", "newline")
    config.attributes.update(schema=schema)
    return config


def _engine(opens: Callable[[], Awaitable[asyncpg.Connection]], **options: object) -> AsyncEngine:
    return create_async_engine("postgresql+asyncpg://", async_creator=opens, **options)
