"""Strangers' files are opened in a process of their own, with little memory, little time and none of our secrets.

`run("kinora_media.open_clip", …)` starts this file, which sets the limits and becomes that module. The module reads standard input, writes
standard output, and refuses with `refuse("…")`; whatever else ends it, a crash or a limit, is Broke.
"""

import json
import resource
import runpy
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from typing import IO, NoReturn

_REFUSED = 2
_SPARE_S = 1  # between the signal that ends a process at its limit and the one that nothing survives
# One thread: several would each want stacks and arenas of their own. Nothing of our own environment goes in.
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLCONFIGDIR": tempfile.gettempdir()}


class Refused(Exception):
    """The program looked at the file and will not have it; the message is its own."""


class Broke(Exception):
    """The program crashed, or used up its memory, its time or its room for output; `timed_out` says when it was time."""

    def __init__(self, message: str, *, timed_out: bool = False) -> None:
        super().__init__(message)
        self.timed_out = timed_out


@dataclass(frozen=True, slots=True)
class Limits:
    """memory_bytes is private writable memory, so that big libraries and read files do not count; seconds of processor and of the clock."""

    memory_bytes: int
    cpu_s: int
    wall_s: float
    output_bytes: int


def run(module: str, *arguments: str, source: IO[bytes], output: IO[bytes], limits: Limits) -> None:
    """Feeds the file `source` to the module and its answer to the file `output`. Blocks: call it on a thread. Raises Refused, Broke."""
    command = [sys.executable, "-I", "-m", "kinora_media.sandbox", json.dumps(asdict(limits)), module, *arguments]
    source.seek(0)
    try:
        done = subprocess.run(
            command, stdin=source, stdout=output, stderr=subprocess.PIPE, timeout=limits.wall_s, check=False, env=_ENVIRONMENT, cwd="/"
        )
    except subprocess.TimeoutExpired as error:
        raise Broke(f"{module} took longer than {limits.wall_s} s", timed_out=True) from error
    if done.returncode == _REFUSED:
        raise Refused(done.stderr.decode(errors="replace").strip().splitlines()[-1])
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip()[-200:]
        raise Broke(f"{module} ended with status {done.returncode}: {last}", timed_out=done.returncode in _OUT_OF_TIME)


_OUT_OF_TIME = {-24, -9}  # SIGXCPU; SIGKILL a moment later


def refuse(message: str) -> NoReturn:
    """For the module: ends the process; `message`, of one line, reaches whoever called `run`."""
    sys.stderr.write(f"\n{message}\n")
    raise SystemExit(_REFUSED)


def _confine(limits: Limits) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_s, limits.cpu_s + _SPARE_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.output_bytes, limits.output_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _confine(Limits(**json.loads(sys.argv[1])))
    sys.argv = sys.argv[2:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
