"""CPU seconds of the engine for a second of video, by stage, style and size, beside an x264 `medium` encode of the same frames; then
whether frames of a long clip go on costing the same, and the memory it takes.

    .venv/bin/python bench/bench_engine.py [--seconds 8] [--long 60]

Two people talk in a park. Times are of all threads and child processes. What is loaded once per process is loaded before, by a short clip
of others elsewhere; what is built per clip counts, and weighs more in short clips than in long ones. Bodies and scenery are kept for the
process's next clips: the first case makes the scenery, the first of each style its bodies.
"""

import argparse
import math
import multiprocessing
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from kinora_media.encode import Mp4Writer
from kinora_world import render, sound
from kinora_world.look import Renderer
from kinora_world.output import MASTER
from kinora_world.scene import FPS, U1
from kinora_world.storyboard import Storyboard
from rich.console import Console
from rich.table import Table

Spending = defaultdict[str, float]  # CPU seconds by stage

WIDTH, HEIGHT = 1280, 720
LONG = 320, 180  # pixels of the long clip: it is about what grows with time, not with the picture
# In the order of the pipeline: where the engine calls it, and as what.
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("speech", sound, "speak"),
    ("bodies", render, "embody"),
    ("motion", render, "rehearse"),
    ("physics", render, "simulate"),
    ("sound", sound, "mix"),
    ("draw", Renderer, "frame"),
)


class Case(NamedTuple):
    """A clip to be made."""

    style: str
    move: str = "static"
    place: str = "park"
    size: tuple[int, int] = (WIDTH, HEIGHT)


CASES = {
    "realistic": Case("realistic"),
    "cartoon": Case("cartoon"),
    "anime": Case("anime"),
    "realistic, camera in orbit": Case("realistic", "orbit"),
    "realistic, 360p draft": Case("realistic", size=(640, 360)),
}


def two_people_talking(case: Case, seconds: float, age_years: float = 28) -> Storyboard:
    people = [{"id": "maya", "name": "Maya", "feminine": 1}, {"id": "leo", "name": "Leo", "feminine": 0}]
    return Storyboard.model_validate(
        {
            "seed": 7,
            "characters": [person | {"age_years": age_years} for person in people],
            "shots": [_shot(case, length) for length in _lengths(seconds)],
        }
    )


def _lengths(seconds: float) -> list[float]:
    """A shot lasts 20 s at most."""
    shots = max(1, math.ceil(seconds / 20))
    return [seconds / shots] * shots


def _shot(case: Case, seconds: float) -> dict[str, Any]:
    return {
        "duration": seconds,
        "place": case.place,
        "style": case.style,
        "camera": {"framing": "medium", "move": case.move},
        "marks": [
            {"character": "maya", "position": [-0.6, 0], "facing": 60},
            {"character": "leo", "position": [0.6, 0], "facing": -60},
        ],
        "dialogue": [{"speaker": "maya", "text": "Hello, Leo!", "start": 0}, {"speaker": "leo", "text": "Hi!"}],
    }


def cpu_s() -> float:
    usages = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


@contextmanager
def spent(spending: Spending, stage: str) -> Iterator[None]:
    began = cpu_s()
    yield
    spending[stage] += cpu_s() - began


@contextmanager
def watched(spending: Spending) -> Iterator[None]:
    """Each stage's CPU seconds are added to `spending` while the block lasts."""

    def timed(stage: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            with spent(spending, stage):
                return work(*arguments, **options)

        return call

    originals = [(owner, name, getattr(owner, name)) for _, owner, name in STAGES]
    for stage, owner, name in STAGES:
        setattr(owner, name, timed(stage, getattr(owner, name)))
    yield
    for owner, name, original in originals:
        setattr(owner, name, original)


def made(case: Case, seconds: float, age_years: float = 28) -> tuple[Spending, float]:
    """CPU seconds by stage, and wall seconds of the engine."""
    spending: Spending = defaultdict(float)
    began = time.perf_counter()
    with watched(spending), spent(spending, "all"):
        clip = render.prepare(two_people_talking(case, seconds, age_years), width=case.size[0], height=case.size[1])
        frames = list(clip.frames(planes=True))
    with spent(spending, "encode"):
        encode(frames, **MASTER)
    wall = time.perf_counter() - began
    spending["engine"] = spending["all"] + spending["encode"]
    spending["other"] = spending["all"] - sum(spending[stage] for stage, _, _ in STAGES)
    with spent(spending, "x264 medium"):
        encode(frames, crf=23, preset="medium")
    return spending, wall


def encode(frames: Iterable[U1], **options: Any) -> None:
    first, *rest = frames
    height, width = len(first) * 2 // 3, first.shape[1]
    with tempfile.TemporaryDirectory() as folder, Mp4Writer(Path(folder) / "film.mp4", width, height, FPS, **options) as film:
        for frame in (first, *rest):
            film.frame(frame)


def drawn_and_dropped(seconds: float, size: tuple[int, int]) -> tuple[list[float], float]:
    """CPU seconds of each second's frames, and the peak of memory in GB; run in a process of its own."""
    clip = render.prepare(two_people_talking(Case("realistic"), seconds), width=size[0], height=size[1])
    costs, last = [], cpu_s()
    with tempfile.TemporaryDirectory() as folder, Mp4Writer(Path(folder) / "film.mp4", *size, FPS, **MASTER) as film:
        for number, frame in enumerate(clip.frames(planes=True), start=1):
            film.frame(frame)
            if number % FPS == 0:
                costs.append(cpu_s() - last)
                last += costs[-1]
    return costs, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def alone(*arguments: Any) -> tuple[list[float], float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        found: tuple[list[float], float] = pool.apply(drawn_and_dropped, arguments)
        return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--long", type=float, default=60)
    options = parser.parse_args()
    by_case(options.seconds)
    over_time(options.long)


def by_case(seconds: float) -> None:
    made(Case("realistic", place="beach"), 0.5, age_years=40)
    results = {name: made(case, seconds) for name, case in CASES.items()}
    table = Table("CPU s per second of video", *CASES, title=f"{seconds:g} s of {WIDTH}x{HEIGHT} at {FPS}/s, two people talking")
    for stage in (*(stage for stage, _, _ in STAGES), "other", "encode", "engine", "x264 medium"):
        table.add_row(stage, *(f"{spending[stage] / seconds:.2f}" for spending, _ in results.values()))
    table.add_row("engine, wall s", *(f"{wall / seconds:.2f}" for _, wall in results.values()))
    table.add_row("engine / x264 medium", *(f"{s['engine'] / s['x264 medium']:.1f}" for s, _ in results.values()))
    Console().print(table)


def over_time(seconds: float) -> None:
    costs, long_peak = alone(seconds, LONG)
    _, peak = alone(2.0, (WIDTH, HEIGHT))
    shown = min(10, len(costs) // 2)
    first, last = sum(costs[1 : shown + 1]) / shown, sum(costs[-shown:]) / shown  # the very first second compiles shaders
    table = Table("drawn and encoded, no frame kept", "", title="a long clip, and memory")
    table.add_row(f"{seconds:g} s of {LONG[0]}x{LONG[1]}: CPU s per second, seconds 2 to {shown + 1}", f"{first:.2f}")
    table.add_row(f"the same, last {shown} s", f"{last:.2f}")
    table.add_row("the same, peak of memory, GB", f"{long_peak:.2f}")
    table.add_row(f"2 s of {WIDTH}x{HEIGHT}: peak of memory, GB", f"{peak:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
