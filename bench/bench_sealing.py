"""What sealing costs: marks beside the plain encode of the same frames, signatures, films' sizes; long remix chains; changed bytes.

    .venv/bin/python bench/bench_sealing.py [--seconds 10] [--generations 20] [--every 1]

CPU seconds of all threads. "plain" decodes the master and encodes it for delivery as sealing does, but marks nothing. `--every 7` flips
a bit of every seventh byte of a small sealed file instead of each.
"""

import argparse
import resource
import tempfile
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from bench_engine import Case, two_people_talking
from c2pa import C2paError
from kinora_marks.keys import Key, KeyRing
from kinora_media.encode import Mp4Writer
from kinora_media.film import Picture, film
from kinora_media.probe import probe
from kinora_provenance import ca, delivering, manifest, signing, soft_binding
from kinora_provenance.credentials import Credentials
from kinora_provenance.delivering import deliver
from kinora_provenance.domain import Film
from kinora_provenance.signing import Parent
from kinora_world import render
from kinora_world.output import MASTER
from rich.console import Console
from rich.table import Table

RING = KeyRing((Key(1, b"a key for the bench"),))
CASES = {"realistic": Case("realistic"), "realistic, camera in orbit": Case("realistic", "orbit"), "cartoon": Case("cartoon")}


def cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def cost(work: Callable[[], object]) -> float:
    """CPU seconds, the least of three."""
    tries = []
    for _ in range(3):
        began = cpu_s()
        work()
        tries.append(cpu_s() - began)
    return min(tries)


def mastered(case: Case, seconds: float, path: Path) -> Path:
    clip = render.prepare(two_people_talking(case, seconds), width=1280, height=720)
    with Mp4Writer(path, clip.width, clip.height, clip.fps, **MASTER) as out:
        out.audio(clip.audio)
        for frame in clip.frames(planes=True):
            out.frame(frame)
    return path


def plain(master: Path, target: Path) -> Path:
    """The delivery, but for the marks."""
    about = probe(master)
    with Mp4Writer(target, about.width, about.height, about.fps, crf=delivering.CRF, preset=delivering.PRESET) as out:
        for part in film(master):
            if isinstance(part, Picture):
                out.frame(part.planes)
            else:
                out.audio(part.samples)
    return target


def delivery(seconds: float, folder: Path) -> Table:
    table = Table(
        "film", "plain s", "marked s", "marks add", "master MB", "plain MB", "delivered MB", title=f"Delivery of {seconds:g} s, 720p"
    )
    for name, case in CASES.items():
        master = mastered(case, seconds, folder / f"{name}.mp4")
        unmarked, marked = folder / "plain.mp4", folder / "marked.mp4"
        before, after = cost(partial(plain, master, unmarked)), cost(partial(deliver, master, marked, 7, RING))
        sizes = [f"{path.stat().st_size / 1e6:.2f}" for path in (master, unmarked, marked)]
        table.add_row(name, f"{before:.2f}", f"{after:.2f}", f"{after / before - 1:+.0%}", *sizes)
    return table


def a_film(number: int = 0) -> Film:
    parent = f"video_{number - 1}" if number else ""
    return Film(
        f"video_{number}",
        "att",
        "acct",
        "a/raw.mp4",
        "a/film.mp4",
        "world",
        "1",
        trained=False,
        title="A film",
        remixed_from_video_id=parent,
    )


def signed(source: Path, target: Path, by: Credentials, number: int = 0, parent: Path | None = None) -> signing.Signed:
    made = a_film(number)
    definition = manifest.definition(made, with_parent=parent is not None, marks=soft_binding.ALGORITHMS)
    return signing.sign(definition, source, target, by, parent=Parent(f"video_{number - 1}", parent) if parent else None)


def signatures(source: Path, by: Credentials, generations: int, folder: Path) -> Table:
    table = Table("film", "sign and check, CPU s", "read, CPU s", "manifest kB", "manifests", "state", title="Signatures")
    parent: Path | None = None
    for number in range(generations + 1):
        target = folder / f"remix{number}.mp4"
        took = cost(partial(signed, source, target, by, number, parent))
        if number in {0, 1, generations // 2, generations}:
            verdict = signing.verify(target, by.anchors)
            read = cost(partial(signing.verify, target, by.anchors))
            size = len(signed(source, folder / "again.mp4", by, number, parent).manifest) / 1e3
            name = "not remixed" if number == 0 else f"remix of {number} films"
            table.add_row(name, f"{took:.3f}", f"{read:.3f}", f"{size:.1f}", str(len(verdict.store["manifests"])), verdict.state)
        parent = target
    return table


def small(path: Path) -> Path:
    with Mp4Writer(path, 160, 90, 24) as out:
        for _ in range(6):
            out.frame(np.zeros((90, 160, 3), np.uint8))
    return path


def boxes(data: bytes) -> list[tuple[int, int, str]]:
    """(start, end, kind) of the top-level boxes."""
    found, at = [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.append((at, at + size, data[at + 4 : at + 8].decode()))
        at += size
    return found


def flips(by: Credentials, every: int, folder: Path) -> Table:
    """One flipped bit at a time: is it caught?"""
    path, changed = folder / "small-sealed.mp4", folder / "changed.mp4"
    signed(small(folder / "small.mp4"), path, by)
    data = path.read_bytes()
    caught: Counter[str] = Counter()
    tried: Counter[str] = Counter()
    for start, end, kind in boxes(data):
        for at in range(start, end, every):
            changed.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
            tried[kind] += 1
            caught[kind] += noticed(changed, by)
    table = Table("part of the file", "bytes flipped", "caught", title=f"One flipped bit, a file of {len(data):,} bytes")
    for kind, count in tried.items():
        table.add_row(kind, f"{count:,}", f"{caught[kind]:,}")
    return table


def noticed(path: Path, by: Credentials) -> bool:
    try:
        verdict = signing.verify(path, by.anchors)
    except C2paError:
        return True
    return verdict is None or verdict.state != "Trusted"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--generations", type=int, default=20)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        by = ca.development(folder / "ca")
        Console(width=140).print(delivery(options.seconds, folder))
        Console(width=140).print(signatures(folder / "marked.mp4", by, options.generations, folder))
        Console(width=140).print(flips(by, options.every, folder))


if __name__ == "__main__":
    main()
