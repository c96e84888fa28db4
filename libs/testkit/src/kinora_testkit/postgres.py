"""Fresh databases, cheaply: each is cloned by Postgres from a template."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from kinora_kit import db
from sqlalchemy import make_url


@asynccontextmanager
async def fresh_database(url: str, *, template: str = "template1") -> AsyncIterator[str]:
    """A new database on the server of `url`, gone afterwards, whoever may still be connected."""
    name = f"test_{secrets.token_hex(6)}"
    await _execute(url, f'create database "{name}" template "{template}"')
    try:
        yield make_url(url).set(database=name).render_as_string(hide_password=False)
    finally:
        await _execute(url, f'drop database "{name}" with (force)')


async def _execute(url: str, statement: str) -> None:
    connection = await db.connect(url, "public")
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def do_not_sync(url: str) -> None:
    """Test data need not survive a power cut."""
    for setting in ("fsync", "full_page_writes"):
        await _execute(url, f"alter system set {setting} = off")
    await _execute(url, "select pg_reload_conf()")
