"""Random weights of the real classes, small enough for tests on CPUs. What they make is noise."""

import fcntl
import shutil
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from importlib.metadata import version
from pathlib import Path

FAMILIES = ("ltx2", "cosmos3")
STAMP = "built.txt"


def ensure(out: Path, families: Iterable[str] = FAMILIES) -> None:
    """Builds OUT/family where it is missing, or was built by another builder or diffusers. Several processes may ask at once."""
    out.mkdir(parents=True, exist_ok=True)
    with (out / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for family in families:
            if _built(out / family) != _builder(family):
                _build(out / family)


def _built(folder: Path) -> str | None:
    stamp = folder / STAMP
    return stamp.read_text() if stamp.exists() else None


def _builder(family: str) -> str:
    """The builder's version; told without importing torch."""
    source = sha256((Path(__file__).parent / f"{family}.py").read_bytes()).hexdigest()[:16]
    return f"{source} diffusers {version('diffusers')}\n"


def _build(folder: Path) -> None:
    """All of it or nothing."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as work:
        made = Path(work) / folder.name
        import_module(f"{__name__}.{folder.name}").build(made)
        (made / STAMP).write_text(_builder(folder.name))
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
