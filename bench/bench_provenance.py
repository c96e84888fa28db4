"""Which ids come back after what: ours beside `blind-watermark` and `invisible-watermark`, attack by clip, and what a mark costs.

    .venv/bin/python bench/bench_provenance.py [--clips realistic,motorcycle | all] [--attacks 8] [--unmarked 500] [--baseline-frames 2]

Clips are four seconds; each is marked, encoded as the engine does (CRF 18) and then attacked. ● the whole 64-bit id came back, ○ it did
not, ✗ another id was read. Baselines mark and read each of a few frames, the mean of their bits is taken, and pictures are brought back to
their first size for them; excerpts are skipped for them. Clips are made at the first run, which takes minutes.
"""

import argparse
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from statistics import mean

import cv2
import numpy as np
from kinora_marks.keys import Key, KeyRing
from kinora_marks.payload import false_match_bound
from kinora_marks.picture import Frame, Marker, Search, find_mark, frames_of
from kinora_marks.picture.pattern import Pattern
from kinora_marks.picture.residue import Residue
from kinora_marks.picture.search import Place, carried, reliability
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


def cost(name: str, pictures: list[Planes], folder: Path) -> tuple[list[str], list[Planes]]:
    """A row of what the mark costs, and the marked pictures."""
    height, width = pictures[0].shape[0] * 2 // 3, pictures[0].shape[1]
    marker, began = Marker(IDENTITY, RING, width, height), time.process_time()
    marked = [marker.mark(picture) for picture in pictures]
    spent = time.process_time() - began
    lumas = [(one[:height], other[:height]) for one, other in zip(pictures[::12], marked[::12], strict=True)]
    psnr = 10 * np.log10(255**2 / np.mean([np.mean((one.astype(np.float32) - other) ** 2) for one, other in lumas]))
    ssim = mean(similarity(one, other) for one, other in lumas)
    more = [film(folder / "b.mp4", marked, crf) / film(folder / "a.mp4", pictures, crf) - 1 for crf in (18, 23)]
    return [name, f"{psnr:.1f}", f"{ssim:.4f}", *(f"{100 * part:+.0f}%" for part in more), f"{len(marked) / spent:.0f}"], marked


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


def attacked(names: list[str], attacks: dict[str, Attack], frames: int, folder: Path) -> tuple[Table, Table]:
    others = list(baselines()) if frames else []
    prices = Table("clip", "Y-PSNR dB", "SSIM", "size at CRF 18", "size at CRF 23", "frames a second and core", title="What the mark costs")
    results: dict[str, list[str]] = {name: [] for name in attacks}
    spent = []
    for name in names:
        row, marked = cost(name, clip(name), folder)
        prices.add_row(*row)
        film(folder / f"{name}.mp4", marked)
        height, width = marked[0].shape[0] * 2 // 3, marked[0].shape[1]
        for other in others:
            film(folder / f"{name} {other.name}.mp4", [other.mark(picture, IDENTITY) for picture in clip(name)[:frames]])
        for told, attack in attacks.items():
            read, seconds = ours(attack, folder / f"{name}.mp4", folder)
            spent.append(seconds)
            beside = [theirs(other, attack, folder / f"{name} {other.name}.mp4", folder, (width, height)) for other in others]
            results[told].append(" ".join([SAID[read], *beside]))
    order = ", ".join(["ours", *(other.name for other in others)])
    title = f"Ids that came back: {order}. Reading took {mean(spent):.1f} CPU s, {max(spent):.1f} at most"
    table = Table("attack", *names, "needed", title=title)
    for told, cells in results.items():
        table.add_row(told, *cells, f"{attacks[told].needed}%" if attacks[told].needed else "")
    return prices, table


def false_ids(name: str, count: int) -> str:
    """Readings of a clip without a mark, at places and with keys of no one."""
    pictures = clip(name)
    height, random = pictures[0].shape[0] * 2 // 3, np.random.default_rng(1)
    rest = Residue(Frame(picture[:height], number / FPS, number == 0) for number, picture in enumerate(pictures[::4])).mean()
    found, began = 0, time.process_time()
    for number in range(count):
        if number % 100 == 0:
            pattern = Pattern(Key(number // 100, f"a key of no one: {number}".encode()))
        across, down = random.uniform(0.5, 2, 2)
        values = carried(pattern, rest, Place(0, across, down, flipped=bool(number % 2)))
        found += pattern.carriers.read(values, reliability(pattern, values)) is not None
    each = (time.process_time() - began) / max(count, 1)
    bound = f"the bound for 4,096 and 2^40 known ids is {false_match_bound(4096, 2**40):.1e}"
    return f"{count} readings of {name} without a mark: {found} false ids, {1000 * each:.0f} CPU ms each; {bound}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--clips", default="realistic,motorcycle", help=f"all, or of {','.join(CLIPS)}")
    parser.add_argument("--attacks", type=int, default=8, help="the first so many")
    parser.add_argument("--unmarked", type=int, default=500, help="readings of a clip that carries no mark")
    parser.add_argument("--baseline-frames", type=int, default=2, help="0 leaves the baselines out")
    said = parser.parse_args()
    names = list(CLIPS) if said.clips == "all" else said.clips.split(",")
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory(prefix="kinora-") as folder:
        for table in attacked(names, dict(list(ATTACKS.items())[: said.attacks]), said.baseline_frames, Path(folder)):
            Console(width=160).print(table)
    print(false_ids(names[0], said.unmarked))


if __name__ == "__main__":
    main()
