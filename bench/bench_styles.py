"""CPU seconds of pictures in each style, and in each weather, for a second of 720p24 video; the realistic style in clear weather is the
baseline.

    .venv/bin/python bench/bench_styles.py [--frames 24]

Two people in a park, seen by a resting camera. Times are of all threads, from posing to the finished pixels, without the encoder; the first
frames, which compile programs, are left out. Styles whose drawings are held for two frames cost half of what a drawing does.
"""

import argparse
import time
from typing import get_args

from kinora_world import render
from kinora_world.scene import FPS
from kinora_world.storyboard import Storyboard, Style, Weather
from rich.console import Console
from rich.table import Table

WIDTH, HEIGHT = 1280, 720
WARM_UP = 6  # frames


def two_people(style: str, weather: str = "clear") -> Storyboard:
    people = [{"id": "maya", "name": "Maya", "feminine": 1}, {"id": "leo", "name": "Leo", "feminine": 0}]
    marks = [{"character": "maya", "position": [-0.6, 0], "facing": 30}, {"character": "leo", "position": [0.6, 0], "facing": -30}]
    shot = {"duration": 2, "place": "park", "style": style, "weather": weather, "camera": {"framing": "medium"}, "marks": marks}
    return Storyboard.model_validate({"seed": 7, "characters": people, "shots": [shot]})


def cpu_s(storyboard: Storyboard, frames: int) -> float:
    """For each second of video."""
    pictures = render.prepare(storyboard, width=WIDTH, height=HEIGHT).frames(planes=True)
    for _ in range(WARM_UP):
        next(pictures)
    began = time.process_time()
    for _ in range(frames):
        next(pictures)
    spent = time.process_time() - began
    pictures.close()
    return spent * FPS / frames


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=24)
    frames = parser.parse_args().frames
    cases = [(style, "clear") for style in get_args(Style)] + [
        ("realistic", weather) for weather in get_args(Weather) if weather != "clear"
    ]
    table = Table("style", "weather", "CPU s per second of video", "beside the baseline", title=f"{WIDTH}x{HEIGHT} at {FPS}/s")
    baseline = cpu_s(two_people("realistic"), frames)
    for style, weather in cases:
        spent = cpu_s(two_people(style, weather), frames)
        table.add_row(style, weather, f"{spent:.2f}", f"{spent - baseline:+.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
