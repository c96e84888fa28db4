"""NVIDIA's Triton, native and on the CPU: the binary that the carriers bring, its Python backend, and a watch over it."""

import asyncio
import contextlib
import json
import os
import signal
import site
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from zlib import crc32

import tritonclient.grpc.aio as triton_grpc
from kinora_kit import log
from tritonclient.utils import InferenceServerException

from kinora_cli.state import free_port

if TYPE_CHECKING:
    from asyncio.subprocess import Process

_log = log.get(__name__)

_POLL_S = 0.1
_IMPATIENT = [("grpc.initial_reconnect_backoff_ms", 100), ("grpc.max_reconnect_backoff_ms", 500)]  # else it grows to two minutes
_WATCH_S = 0.5
_LONGEST_PAUSE_S = 15.0
_STEADY_S = 60.0  # a server that ran this long starts its next life without a pause
_SHARED_MEMORY = 1 << 20  # bytes per instance; it grows by as much: requests and events are small

# Dies with its parent, even a killed one: PR_SET_PDEATHSIG stays set across exec. A parent that died before is seen by its id.
# It leads a session of its own, so that its model processes, which outlive a killed server, can be ended with it.
_LEASH = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
os.setsid()
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""
_SHARED = Path("/dev/shm")  # noqa: S108 - where the backend keeps its shared memory


class TritonFailed(Exception):
    """The server did not start; the message carries the end of its log."""


class Triton:
    """One server on loopback. `url` is valid from construction on; the server answers there once started.

    `repository` holds the models, of which `models` are loaded, each with its own `parameters`, as in {"ltx2": {"weights": "/ltx2"}}.
    `exit_timeout_s` is for the requests in hand when it is asked to stop. State and log lie in `state_dir`/triton. The carriers are found
    under the cache folder: `cache_dir`, else $KINORA_CACHE, else .cache.
    """

    def __init__(
        self,
        repository: Path,
        state_dir: Path,
        media_url: str,
        *,
        models: Sequence[str] = ("world",),
        parameters: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
        load_timeout_s: float = 90.0,
        exit_timeout_s: int = 8,
        grpc_port: int = 0,
        metrics_port: int = 0,
        cache_dir: Path | None = None,
    ) -> None:
        self._repository, self._models, self._media_url = repository.absolute(), tuple(models), media_url
        self._parameters, self._load_timeout_s, self._exit_timeout_s = parameters, load_timeout_s, exit_timeout_s
        self._state = state_dir.absolute() / "triton"
        self._cache = (cache_dir or Path(os.environ.get("KINORA_CACHE", ".cache"))).absolute()
        self._grpc_port, self._metrics_port = grpc_port or free_port(), metrics_port or free_port()
        self._process: Process | None = None
        self._stopping = False

    @property
    def url(self) -> str:
        """host:port of its gRPC."""
        return f"127.0.0.1:{self._grpc_port}"

    @property
    def pid(self) -> int | None:
        """Of the running server, for tests that measure or kill it."""
        return self._process.pid if self._running() and self._process else None

    @property
    def metrics_url(self) -> str:
        """Its metrics, Prometheus' text."""
        return f"http://127.0.0.1:{self._metrics_port}/metrics"

    async def start(self) -> None:
        """Return when every model answers; raises TritonFailed when the server ends or loads for longer than `load_timeout_s`."""
        self._stopping = False
        await asyncio.to_thread(self._prepare)
        log_file = (self._state / "triton.log").open("ab")
        try:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-c", _LEASH, str(os.getpid()), *self._command(), stdout=log_file, stderr=log_file, env=self._environment()
            )
        finally:
            log_file.close()
        _log.info("triton.starting", url=self.url, pid=self._process.pid)
        try:
            async with asyncio.timeout(self._load_timeout_s):
                await self._wait_ready()
        except TimeoutError:
            await self.stop()
            raise TritonFailed(f"Triton was not ready within {self._load_timeout_s:.0f} s. Its log ends:\n{self._log_end()}") from None
        _log.info("triton.ready", url=self.url, models=self._models)

    async def supervise(self) -> None:
        """Keep it running until cancelled or stopped: start it when it is not, start it again when it dies, at growing intervals.

        A server whose model process crashed calls itself ready and fails every request, so that counts as dead, too.
        """
        pause = 0.0
        while not self._stopping:
            born = asyncio.get_running_loop().time()
            try:
                if not self._running():
                    await self.start()
                if self._process:
                    await self._watch(self._process)
            except TritonFailed as failure:
                _log.warning("triton.start_failed", reason=str(failure))
            steady = asyncio.get_running_loop().time() - born > _STEADY_S
            pause = 0.0 if steady else min(_LONGEST_PAUSE_S, 2 * pause + 0.25)
            await asyncio.sleep(0 if self._stopping else pause)

    async def _watch(self, process: "Process") -> None:
        """Return when it has died."""
        while process.returncode is None:
            if _lost_child(process.pid) and not self._stopping:
                _log.warning("triton.model_died", pid=process.pid)
                self.kill()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_WATCH_S):
                    await process.wait()
        if not self._stopping:
            _log.warning("triton.died", returncode=process.returncode)
            self.kill()  # what it left behind

    async def stop(self) -> None:
        """Ask it to finish what it has in hand, and end it when it does not. Fine when it is not running."""
        self._stopping = True
        if self._running() and self._process:
            self._process.send_signal(signal.SIGTERM)
            try:
                async with asyncio.timeout(self._exit_timeout_s + 2):
                    await self._process.wait()
            except TimeoutError:
                self.kill()
                await self._process.wait()
        self.kill()  # its models' processes may need longer to end than it had
        self._sweep()

    def kill(self) -> None:
        """End it at once, as a crash would. For fault tests; `supervise` brings it back."""
        if self._process:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    async def _wait_ready(self) -> None:
        async with triton_grpc.InferenceServerClient(self.url, channel_args=_IMPATIENT) as client:
            while not await self._ready(client):
                if not self._running():
                    raise TritonFailed(f"Triton ended while starting. Its log ends:\n{self._log_end()}")
                await asyncio.sleep(_POLL_S)

    async def _ready(self, client: triton_grpc.InferenceServerClient) -> bool:
        try:
            return all([await client.is_model_ready(model, client_timeout=2) for model in self._models])
        except InferenceServerException:
            return False

    def _prepare(self) -> None:
        """The backends folder that the binary expects: the backend beside the stub of this Python version."""
        carriers = self._cache / "carriers" / "pytriton" / "tritonserver"
        if not carriers.is_dir():
            raise TritonFailed(f"{carriers} is missing; `make setup` fetches it.")
        backend = self._state / "backends" / "python"
        backend.mkdir(parents=True, exist_ok=True)
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        stub = carriers / "python_backend_stubs" / version / "triton_python_backend_stub"
        for source in (*(carriers / "backends" / "python").iterdir(), stub):
            target = backend / source.name
            target.unlink(missing_ok=True)
            target.symlink_to(source)
        for model in self._models:
            self._lay_out(model)
        self._sweep()

    def _lay_out(self, model: str) -> None:
        """A folder of our own for the model: its code where it is, its configuration with the parameters added."""
        source, folder = self._repository / model, self._state / "models" / model
        if not source.is_dir():
            raise TritonFailed(f"there is no model {model!r} in {self._repository}")
        folder.mkdir(parents=True, exist_ok=True)
        config = (source / "config.pbtxt").read_text()
        for name, value in self._parameters.get(model, {}).items():
            config += f"parameters {{ key: {_quoted(name)} value {{ string_value: {_quoted(value)} }} }}\n"
        (folder / "config.pbtxt").write_text(config)
        (folder / "1").unlink(missing_ok=True)
        (folder / "1").symlink_to(source / "1")

    def _sweep(self) -> None:
        """Remove the shared memory that a killed server of this state directory left behind."""
        for leftover in _SHARED.glob(f"{self._shm_prefix}*"):
            leftover.unlink(missing_ok=True)

    @property
    def _shm_prefix(self) -> str:
        return f"kinora_{crc32(str(self._state).encode()):08x}_"

    def _command(self) -> list[str]:
        python = "--backend-config=python"
        return [
            str(self._cache / "carriers/pytriton/tritonserver/bin/tritonserver"),
            f"--model-repository={self._state / 'models'}",
            f"--backend-directory={self._state / 'backends'}",
            "--model-control-mode=explicit",
            *(f"--load-model={model}" for model in self._models),
            "--allow-http=false",
            "--grpc-address=127.0.0.1",
            f"--grpc-port={self._grpc_port}",
            "--metrics-address=127.0.0.1",
            f"--metrics-port={self._metrics_port}",
            "--allow-gpu-metrics=false",
            f"--exit-timeout-secs={self._exit_timeout_s}",
            f"{python},shm-region-prefix-name={self._shm_prefix}",
            f"{python},shm-default-byte-size={_SHARED_MEMORY}",
            f"{python},shm-growth-byte-size={_SHARED_MEMORY}",
        ]

    def _environment(self) -> dict[str, str]:
        libraries = [self._cache / "carriers/nvidia_pytriton.libs", _python_library()]
        return os.environ | {
            "LD_LIBRARY_PATH": os.pathsep.join(map(str, libraries)),
            "KINORA_PYTHON": sys.executable,
            "KINORA_SITE_PACKAGES": os.pathsep.join(site.getsitepackages()),
            "KINORA_MEDIA_URL": self._media_url,
            "KINORA_CACHE": str(self._cache),
            "PYTHONHOME": sys.base_prefix,  # the stub embeds Python and would look for another one in PATH
        }

    def _log_end(self) -> str:
        with contextlib.suppress(OSError):
            return (self._state / "triton.log").read_text(errors="replace")[-2000:]
        return ""


def _quoted(text: str) -> str:
    """As protobuf's text has it, which quotes like JSON."""
    return json.dumps(text, ensure_ascii=False)


def _lost_child(pid: int) -> bool:
    """Whether a process started by `pid` has ended without being waited for: the Python backend leaves a crashed stub so."""
    with contextlib.suppress(OSError):  # it may end while being looked at
        tasks = Path(f"/proc/{pid}/task").glob("*/children")
        children = [child for task in tasks for child in task.read_text().split()]
        return any(Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0] == "Z" for child in children)
    return False


def _python_library() -> Path:
    """The folder of libpython, which the stub links; raises TritonFailed where Python was built without it."""
    folder, name = sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME")
    for candidate in (Path(folder), Path(sys.base_prefix) / "lib"):
        if (candidate / name).exists() and ".so" in name:
            return candidate
    raise TritonFailed(f"This Python has no shared library ({name} in {folder}); Triton's Python backend needs one.")
