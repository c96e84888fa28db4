"""Bring the embedded platform up in the background, wait for it, and take it down."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from kinora_cli import state
from kinora_cli.settings import PlatformSettings


class StartFailed(RuntimeError):
    """The platform did not become healthy."""


def healthy(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def start(settings: PlatformSettings, wait_s: float = 60) -> int:
    """Start `kinora serve all` detached; return its process id once it is healthy.

    Raises state.AlreadyRunning, state.PortInUse, and StartFailed with the end of the log.
    """
    state.check_free(settings.state_dir)
    state.check_port(settings.http_listen)
    (settings.state_dir / "credentials.env").unlink(missing_ok=True)
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    log_path = settings.state_dir / "kinora.log"
    with log_path.open("w") as log:
        child = subprocess.Popen([sys.executable, "-m", "kinora_cli", "serve", "all"], stdout=log, stderr=log, start_new_session=True)
    deadline = time.monotonic() + wait_s
    while time.monotonic() < deadline and child.poll() is None:
        if (settings.state_dir / "credentials.env").exists() and healthy(settings.gateway_url):
            return child.pid
        time.sleep(0.2)
    stop(settings)
    raise StartFailed(f"the platform did not become healthy; the end of {log_path}:\n" + _tail(log_path))


def stop(settings: PlatformSettings, wait_s: float = 60) -> bool:
    """End the platform that serves from the state directory. False when none does."""
    pid = state.running_pid(settings.state_dir)
    if pid is None:
        return False
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + wait_s
    while state.running_pid(settings.state_dir) == pid and time.monotonic() < deadline:
        time.sleep(0.1)
    return True


@contextmanager
def running(settings: PlatformSettings) -> Iterator[None]:
    """The platform, up for the length of the block; one that already runs is used and left running."""
    ours = state.running_pid(settings.state_dir) is None
    if ours:
        start(settings)
    try:
        yield
    finally:
        if ours:
            stop(settings)


def _tail(path: Path, lines: int = 20) -> str:
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
