"""Kinora as separate processes on loopback, as in a cluster: every service its own, real Postgres, Kafka and Triton between them."""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from kinora_cli.state import free_port

SERVICES = ("identity", "likeness", "cameo", "provenance", "generation", "gateway")


class NotReady(RuntimeError):
    """A process did not come up in time."""


def eventually(check: Callable[[], bool], *, within: float, every: float = 0.1, what: str = "the condition") -> None:
    """Wait until `check` holds. Raises NotReady after `within` seconds."""
    deadline = time.monotonic() + within
    while not check():
        if time.monotonic() > deadline:
            raise NotReady(f"{what} did not hold within {within} s")
        time.sleep(every)


@dataclass
class Network:
    """Start with `start()`, end with `stop()`; `kill` and `restart` are for fault tests. Logs lie in `folder`."""

    folder: Path
    database_url: str
    kafka_bootstrap: str
    triton_url: str
    media_url: str
    environment: dict[str, str] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in SERVICES})
    http_port: int = field(default_factory=free_port)
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    @property
    def admin_key(self) -> str:
        """The key of the first operator, made by identity on its first start."""
        return (self.folder / "first_admin.key").read_text().strip()

    def start(self, *names: str) -> None:
        for name in names or SERVICES:
            self._spawn(name)
        for name in names or SERVICES:
            self._wait(name)

    def kill(self, name: str) -> None:
        """SIGKILL: no goodbye."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def end(self, name: str, *, within: float) -> None:
        """SIGTERM, and as much time as it wants, up to `within` seconds."""
        process = self.processes.pop(name)
        process.terminate()
        process.wait(within)

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.processes.clear()

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def _spawn(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", "kinora_cli", "serve", name],
                env=os.environ | self._environment(name) | self.environment,
                stdout=log,
                stderr=log,
            )

    def _environment(self, name: str) -> dict[str, str]:
        return {
            "KINORA_DATABASE_URL": self.database_url,
            "KINORA_KAFKA_BOOTSTRAP": self.kafka_bootstrap,
            "KINORA_TRITON_URL": self.triton_url,
            "KINORA_MEDIA_URL": self.media_url,
            "KINORA_INTERNAL_SECRET": self.secret,
            "KINORA_STATE_DIR": str(self.folder),
            "KINORA_GRPC_LISTEN": f"127.0.0.1:{self.ports[name]}",
            "KINORA_HTTP_LISTEN": f"127.0.0.1:{self.http_port}",
            "KINORA_PEERS": json.dumps({peer: f"127.0.0.1:{port}" for peer, port in self.ports.items()}),
        }

    def _wait(self, name: str) -> None:
        def up() -> bool:
            if self.processes[name].poll() is not None:
                raise NotReady(f"{name} ended on start:\n" + self.log(name)[-4000:])
            return self._gateway_up() if name == "gateway" else listens(self.ports[name])

        eventually(up, within=180, what=name)  # ten alone; minutes beside much else

    def _gateway_up(self) -> bool:
        try:
            return httpx.get(f"{self.url}/healthz", timeout=2).is_success
        except httpx.HTTPError:
            return False


def listens(port: int) -> bool:
    """Whether somebody accepts connections on this loopback port."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
