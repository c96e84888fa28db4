"""CPU seconds of the engine for a second of 720p24 video, by stage and style, beside an x264 `medium` encode of the same frames.

    .venv/bin/python bench/bench_engine.py [--seconds 2]

Two people talk in a park. Times are of all threads and child processes. What is loaded once per process is loaded before, by a short clip
of others; what is built per clip, such as bodies and shaders, counts: in short clips it weighs more than in long ones.
"""

import argparse
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kinora_media.encode import Mp4Writer
from kinora_world import render, sound
from kinora_world.look import Renderer
from kinora_world.scene import FPS, U1
from kinora_world.storyboard import Storyboard
from rich.console import Console
from rich.table import Table

Spending = defaultdict[str, float]  # CPU seconds by stage

WIDTH, HEIGHT = 1280, 720
STYLES = ("realistic", "cartoon", "anime")
# In the order of the pipeline: where the engine calls it, and as what.
STAGES: tuple[tuple[str, Any, str], ...] = (
    ("speech", sound, "speak"),
    ("bodies", render, "build_body"),
    ("motion", render, "plan"),
    ("physics", render, "simulate"),
    ("sound", sound, "mix"),
    ("draw", Renderer, "frame"),
)


def two_people_talking(style: str, seconds: float, age_years: float = 28) -> Storyboard:
    people = [{"id": "maya", "name": "Maya", "feminine": 1}, {"id": "leo", "name": "Leo", "feminine": 0}]
    return Storyboard.model_validate(
        {
            "seed": 7,
            "characters": [person | {"age_years": age_years} for person in people],
            "shots": [
                {
                    "duration": seconds,
                    "place": "park",
                    "style": style,
                    "camera": {"framing": "medium"},
                    "marks": [
                        {"character": "maya", "position": [-0.6, 0], "facing": 60},
                        {"character": "leo", "position": [0.6, 0], "facing": -60},
                    ],
                    "dialogue": [{"speaker": "maya", "text": "Hello, Leo!", "start": 0}, {"speaker": "leo", "text": "Hi!"}],
                }
            ],
        }
    )


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


def made(storyboard: Storyboard) -> tuple[Spending, float]:
    """CPU seconds by stage, and wall seconds of the engine."""
    spending: Spending = defaultdict(float)
    began = time.perf_counter()
    with watched(spending), spent(spending, "all"):
        clip = render.prepare(storyboard, width=WIDTH, height=HEIGHT)
        frames = list(clip.frames())
    with spent(spending, "encode"):
        encode(frames)
    wall = time.perf_counter() - began
    spending["engine"] = spending["all"] + spending["encode"]
    spending["other"] = spending["all"] - sum(spending[stage] for stage, _, _ in STAGES)
    with spent(spending, "x264 medium"):
        encode(frames, crf=23, preset="medium")
    return spending, wall


def encode(frames: list[U1], **options: Any) -> None:
    with tempfile.TemporaryDirectory() as folder, Mp4Writer(Path(folder) / "film.mp4", WIDTH, HEIGHT, FPS, **options) as film:
        for frame in frames:
            film.frame(frame)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=2)
    seconds = parser.parse_args().seconds
    made(two_people_talking(STYLES[0], 0.5, age_years=40))
    results = {style: made(two_people_talking(style, seconds)) for style in STYLES}
    table = Table("CPU s per second of video", *STYLES, title=f"{seconds:g} s of {WIDTH}x{HEIGHT} at {FPS}/s, two people talking")
    for stage in (*(stage for stage, _, _ in STAGES), "other", "encode", "engine", "x264 medium"):
        table.add_row(stage, *(f"{spending[stage] / seconds:.2f}" for spending, _ in results.values()))
    table.add_row("engine, wall s", *(f"{wall / seconds:.2f}" for _, wall in results.values()))
    table.add_row("engine / x264 medium", *(f"{s['engine'] / s['x264 medium']:.1f}" for s, _ in results.values()))
    Console().print(table)


if __name__ == "__main__":
    main()
