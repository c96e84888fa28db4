"""The small private files of a platform that keeps its state in a folder."""

import os
import secrets
import socket
from contextlib import suppress
from pathlib import Path


class AlreadyRunning(RuntimeError):
    """Another process serves from this state directory."""


class PortInUse(RuntimeError):
    """Someone else listens where the gateway should."""


def check_port(listen: str) -> None:
    """Raise PortInUse where host:port is taken."""
    host, _, port = listen.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise PortInUse(f"{listen} is taken by another program; choose another port, e.g. `make up PORT={int(port) + 1}`") from error


_given: set[int] = set()


def free_port() -> int:
    """A loopback port that nobody listens on now, and that this process was not given before.

    Those that outgoing connections are given are left out: one could take it meanwhile.
    """
    while True:
        port = 10_240 + secrets.randbelow(22_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            if port not in _given:
                _given.add(port)
                return port


def private(path: Path, content: str) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    draft.replace(path)


def internal_secret(state_dir: Path) -> bytes:
    """The secret with which this platform's services sign identities; made on first use."""
    path = state_dir / "internal.secret"
    if not path.exists():
        private(path, secrets.token_hex(32))
    return path.read_text().encode()


def database_file(state_dir: Path) -> Path:
    """Where the running platform leaves the address of its embedded database, for commands beside it."""
    return state_dir / "database.url"


def running_pid(state_dir: Path) -> int | None:
    """The process that serves from `state_dir`, if it lives."""
    try:
        pid = int((state_dir / "kinora.pid").read_text())
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError):
        return None
    return pid if b"kinora" in command else None


def check_free(state_dir: Path) -> None:
    """Raise AlreadyRunning where a process serves from `state_dir`."""
    if pid := running_pid(state_dir):
        raise AlreadyRunning(f"process {pid} already serves from {state_dir}; `make down` ends it")


def claim(state_dir: Path) -> Path:
    """Mark `state_dir` as served by this process. Raises AlreadyRunning."""
    check_free(state_dir)
    private(state_dir / "kinora.pid", str(os.getpid()))
    return state_dir / "kinora.pid"


def write_credentials(state_dir: Path, gateway_url: str) -> Path:
    """Write what an unmodified OpenAI SDK program needs: `source` it."""
    file = state_dir / "first_admin.key"  # not written where a key was given
    key = file.read_text().strip() if file.exists() else os.environ["IDENTITY_FIRST_OPERATOR_KEY"]
    path = state_dir / "credentials.env"
    private(path, f"export OPENAI_BASE_URL={gateway_url}/v1\nexport OPENAI_API_KEY={key}\n")
    return path


def read_credentials(state_dir: Path) -> dict[str, str]:
    """Read them back, by variable name."""
    lines = (state_dir / "credentials.env").read_text().splitlines()
    return dict(line.removeprefix("export ").split("=", 1) for line in lines if "=" in line)
