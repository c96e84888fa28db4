"""Word of jobs that have just been queued, in whichever process: an idle worker looks at once instead of at its next turn."""

import asyncio

from kinora_kit.db import Database, DatabaseUnavailable
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

_CHANNEL = "kinora_generation_queue"
_NOTIFY = text(f"SELECT pg_notify('{_CHANNEL}', current_schema())")


async def announce(tx: AsyncConnection) -> None:
    """Is heard once `tx` commits."""
    await tx.execute(_NOTIFY)


class Arrivals:
    """`run` listens; a word that is lost meanwhile costs the wait for a worker's next turn, and no more."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._next = asyncio.Event()

    def next(self) -> asyncio.Event:
        """Is set when a job comes. Take it before you look into the queue: what comes while you look counts."""
        return self._next

    async def run(self) -> None:
        """Until cancelled. Raises when the database fails, and may be run again at once."""
        connection, lost = await self._db.dedicated(), asyncio.Event()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(_CHANNEL, lambda *told: self._heard(str(told[-1])))
            await lost.wait()
        finally:
            connection.terminate()
        raise DatabaseUnavailable("the connection that hears of new jobs was lost")

    def _heard(self, schema: str) -> None:
        if schema == self._db.schema:
            heard, self._next = self._next, asyncio.Event()
            heard.set()
