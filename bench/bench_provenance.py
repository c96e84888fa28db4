"""Which ids come back after what: ours beside `blind-watermark` and `invisible-watermark`, attack by clip, and what a mark costs.

    .venv/bin/python bench/bench_provenance.py [--clips realistic,motorcycle | all] [--attacks 8] [--unmarked 500] [--baseline-frames 2]
        [--compared realistic,motorcycle] [--rows FILE]

Clips are four seconds; each is marked, encoded as the engine does (CRF 18) and then attacked. ● the whole 64-bit id came back, ○ it did
not, ✗ another id was read. Baselines mark and read each of a few frames, the mean of their bits is taken, and pictures are brought back to
their first size for them; excerpts are skipped for them. Clips are made at the first run, which takes minutes. What is measured is added to
FILE at once; what is there is not measured again: a run that was cut off goes on, and several at a time share the clips.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from statistics import mean
from typing import Any

import cv2
import numpy as np
from kinora_marks.keys import Key, KeyRing
from kinora_marks.payload import false_match_bound
from kinora_marks.picture import Frame, Marker, Search, find_mark, frames_of
from kinora_marks.picture.pattern import Pattern
from kinora_marks.picture.search import Place, carried, reliability
from kinora_marks.picture.summing import MIXES, Sums
from kinora_media.encode import Mp4Writer
from kinora_media.planes import Planes
from numpy.typing import NDArray
from provenance_attacks import ATTACKS, Attack, apply
from provenance_baselines import Baseline, baselines
from provenance_clips import CLIPS, FPS, clip
from rich.console import Console
from rich.table import Table

RING = KeyRing((Key(1, b"a key for the bench"),))
IDENTITY = 0x9E37_79B9_7F4A_7C15
SAID = {True: "●", False: "○", None: "✗"}


def film(path: Path, pictures: Iterable[Planes], crf: int = 18) -> int:
    """Writes it as the engine does; bytes."""
    pictures = iter(pictures)
    first = next(pictures)
    with Mp4Writer(path, first.shape[1], first.shape[0] * 2 // 3, FPS, crf=crf) as out:
        out.frame(first)
        for picture in pictures:
            out.frame(picture)
    return path.stat().st_size


def similarity(one: NDArray, other: NDArray) -> float:
    """SSIM of two lumas after Z. Wang et al., IEEE Trans. Image Processing 13 (2004): windows of deviation 1.5."""
    one, other = one.astype(np.float32), other.astype(np.float32)
    smooth = lambda picture: cv2.GaussianBlur(picture, (11, 11), 1.5)  # noqa: E731
    a, b = smooth(one), smooth(other)
    va, vb, ab = smooth(one * one) - a * a, smooth(other * other) - b * b, smooth(one * other) - a * b
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    return float(np.mean((2 * a * b + c1) * (2 * ab + c2) / ((a * a + b * b + c1) * (va + vb + c2))))


class Rows:
    """What was measured: each by kind, clip and attack, a line of JSON."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.said = dict(map(self._parsed, path.read_text().splitlines())) if path.exists() else {}

    def once(self, name: tuple[str, ...], measure: Callable[[], Any]) -> Any:
        if name not in self.said:
            self.said[name] = measure()
            with self._path.open("a") as rows:
                rows.write(json.dumps([name, self.said[name]]) + "\n")
        return self.said[name]

    @staticmethod
    def _parsed(line: str) -> tuple[tuple[str, ...], Any]:
        name, value = json.loads(line)
        return tuple(name), value


def cost(pictures: list[Planes], marked: list[Planes], spent: float, folder: Path) -> list[str]:
    """What the mark costs; `spent` seconds of CPU went into marking."""
    height = pictures[0].shape[0] * 2 // 3
    lumas = [(one[:height], other[:height]) for one, other in zip(pictures[::12], marked[::12], strict=True)]
    psnr = 10 * np.log10(255**2 / np.mean([np.mean((one.astype(np.float32) - other) ** 2) for one, other in lumas]))
    ssim = mean(similarity(one, other) for one, other in lumas)
    more = [film(folder / "b.mp4", marked, crf) / film(folder / "a.mp4", pictures, crf) - 1 for crf in (18, 23)]
    return [f"{psnr:.1f}", f"{ssim:.4f}", *(f"{100 * part:+.0f}%" for part in more), f"{len(marked) / spent:.0f}"]


def marked_and_spent(pictures: list[Planes]) -> tuple[list[Planes], float]:
    marker, began = Marker(IDENTITY, RING, pictures[0].shape[1], pictures[0].shape[0] * 2 // 3), time.process_time()
    return [marker.mark(picture) for picture in pictures], time.process_time() - began


def ours(attack: Attack, source: Path, folder: Path) -> tuple[bool | None, float]:
    apply(attack, source, folder / "attacked.mkv")
    began = time.process_time()
    mark = find_mark(frames_of(folder / "attacked.mkv"), RING, Search(**attack.search)).mark
    spent = time.process_time() - began
    return (False if mark is None else True if mark.identity == IDENTITY else None), spent


def theirs(baseline: Baseline, attack: Attack, source: Path, folder: Path, size: tuple[int, int]) -> str:
    if attack.start_s:
        return "-"
    apply(attack, source, folder / "attacked.mkv")
    return SAID[baseline.read(folder / "attacked.mkv", size) == IDENTITY]


def measured(name: str, attacks: dict[str, Attack], frames: int, rows: Rows, folder: Path) -> None:
    """Of one clip: what its mark costs, and each attack."""
    pictures = clip(name)
    marked, spent = marked_and_spent(pictures)
    rows.once(("cost", name), lambda: cost(pictures, marked, spent, folder))
    film(folder / f"{name}.mp4", marked)
    height, width = marked[0].shape[0] * 2 // 3, marked[0].shape[1]
    others = list(baselines()) if frames else []
    for other in others:
        film(folder / f"{name} {other.name}.mp4", [other.mark(picture, IDENTITY) for picture in pictures[:frames]])
    for told, attack in attacks.items():
        rows.once(("ours", name, told), lambda attack=attack: ours(attack, folder / f"{name}.mp4", folder))
        for other in others:
            source = folder / f"{name} {other.name}.mp4"
            rows.once(
                (other.name, name, told),
                lambda other=other, attack=attack, source=source: theirs(other, attack, source, folder, (width, height)),
            )


def printed(names: list[str], attacks: dict[str, Attack], rows: Rows) -> Iterator[Table]:
    prices = Table("clip", "Y-PSNR dB", "SSIM", "size at CRF 18", "size at CRF 23", "frames a second and core", title="What the mark costs")
    for name in names:
        prices.add_row(name, *rows.said.get(("cost", name), []))
    yield prices
    spent = [value[1] for (kind, *_), value in rows.said.items() if kind == "ours"] or [0]
    title = (
        f"Ids that came back: ours, blind-watermark, invisible-watermark. Reading took {mean(spent):.1f} CPU s, {max(spent):.1f} at most"
    )
    table = Table("attack", *names, "needed", title=title)
    for told, attack in attacks.items():
        cells = []
        for name in names:
            read = rows.said.get(("ours", name, told))
            others = [rows.said.get((other, name, told)) for other in ("blind-watermark", "invisible-watermark")]
            cells.append(" ".join(filter(None, [read and SAID[read[0]], *others])))
        table.add_row(told, *cells, f"{attack.needed}%" if attack.needed else "")
    yield table


def false_ids(name: str, count: int) -> int:
    """Ids that were read in a clip without a mark, at places and with keys of no one."""
    pictures = clip(name)
    height, random = pictures[0].shape[0] * 2 // 3, np.random.default_rng(1)
    rest = Sums(Frame(picture[:height], number / 6, number == 0) for number, picture in enumerate(pictures[::4])).mean(MIXES[0])
    found = 0
    for number in range(count):
        if number % 100 == 0:
            pattern = Pattern(Key(number // 100, f"a key of no one: {number}".encode()))
        values = carried(rest, Place(pattern, 0, *random.uniform(0.5, 2, 2), flipped=bool(number % 2)))
        found += pattern.carriers.read(values, reliability(pattern, values)) is not None
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", default="realistic,motorcycle", help=f"all, or of {','.join(CLIPS)}")
    parser.add_argument("--attacks", type=int, default=8, help="the first so many")
    parser.add_argument("--unmarked", type=int, default=500, help="readings of a clip that carries no mark")
    parser.add_argument("--baseline-frames", type=int, default=2, help="0 leaves the baselines out")
    parser.add_argument("--compared", default="realistic,motorcycle", help="clips of which baselines are marked and read too")
    parser.add_argument("--rows", type=Path, help="where what is measured is kept")
    said = parser.parse_args()
    names = list(CLIPS) if said.clips == "all" else said.clips.split(",")
    cv2.setNumThreads(1)
    attacks = dict(list(ATTACKS.items())[: said.attacks])
    with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
        rows = Rows(said.rows or Path(folder) / "rows.jsonl")
        for name in names:
            frames = said.baseline_frames if name in said.compared.split(",") else 0
            measured(name, attacks, frames, rows, Path(folder))
        found = rows.once(("unmarked", names[0], str(said.unmarked)), lambda: false_ids(names[0], said.unmarked))
    for table in printed(names, attacks, rows):
        Console(width=200).print(table)
    bound = f"the bound for 4,096 and 2^40 known ids is {false_match_bound(4096, 2**40):.1e}"
    print(f"{said.unmarked} readings of {names[0]} without a mark: {found} false ids; {bound}")


if __name__ == "__main__":
    main()
