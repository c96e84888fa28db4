"""Fresh databases, cheaply: each is cloned by Postgres from a template. And a server to be crashed."""

import asyncio
import secrets
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, cast

from kinora_cli.embedded.postgres import Postgres
from kinora_kit import db
from sqlalchemy import make_url

from kinora_testkit.network import NotReady, eventually

_RECOVERY_TRIES = 20


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


class CrashablePostgres(Postgres):
    """An embedded server for fault tests: `kill()`, then `start()` recovers from the log."""

    async def start(self) -> None:
        await super().start()
        server = cast("Any", self._server)
        for _ in range(_RECOVERY_TRIES):
            # The library hands out a server that this process knows as it is, dead or alive.
            with suppress(subprocess.SubprocessError):  # until backends of the dead one let go of its shared memory
                await asyncio.to_thread(server.start)
                return
            await asyncio.sleep(0.5)
        raise NotReady(f"Postgres did not recover: {self._data_dir}")

    def kill(self) -> None:
        pid = cast("Any", self._server).get_pid()
        super().kill()
        eventually(lambda: not Path(f"/proc/{pid}").exists(), within=20, every=0.01, what="the end of Postgres")
