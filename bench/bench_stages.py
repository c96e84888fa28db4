"""What places cost: CPU seconds to build and to bring to the screen, and a frame at 720p beside one of the bare ground there.

    .venv/bin/python bench/bench_stages.py [--style realistic] [PLACE ...]

Nobody is on stage. Times are of all threads. A resting camera draws scenery once; a moving one sees all of it anew in every frame.
"""

import argparse
import time
from dataclasses import replace

from kinora_world.look import Renderer
from kinora_world.look.primitives import primitive
from kinora_world.scene import StageSet, View
from kinora_world.stage import build_stage, places
from rich.console import Console
from rich.table import Table

FRAMES = 6


def view(step: float = 0.0) -> View:
    return View((0.6 + step, -6.4, 1.7), (0.0, 2.5, 1.4), 46)


def cpu_ms(renderer: Renderer, stage: StageSet, style: str, moving: float) -> float:
    """A frame's milliseconds, after the first few."""
    for number in range(3):
        renderer.frame(view(number * moving), stage, [], [], style, 0.0)
    start = time.process_time()
    for number in range(FRAMES):
        renderer.frame(view((3 + number) * moving), stage, [], [], style, number / 24)
    return (time.process_time() - start) / FRAMES * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", default=places())
    parser.add_argument("--style", default="realistic")
    chosen = parser.parse_args()
    table = Table("place", "shapes", "triangles", "build s", "first frame s", "resting ms", "moving ms", "bare ms", title="Stages at 720p")
    with Renderer(1280, 720) as renderer:
        for place in chosen.places:
            build_stage.cache_clear()
            start = time.process_time()
            stage = build_stage(place, "day", chosen.style, 1)
            built = time.process_time()
            renderer.frame(view(), stage, [], [], chosen.style, 0.0)
            first = time.process_time() - built
            triangles = sum(len(primitive(shape).triangles) for shape in stage.shapes if shape.visible)
            times = [cpu_ms(renderer, stage, chosen.style, moving) for moving in (0.0, 0.02)]
            times.append(cpu_ms(renderer, replace(stage, shapes=()), chosen.style, 0.02))
            table.add_row(
                place, str(len(stage.shapes)), f"{triangles:,}", f"{built - start:.2f}", f"{first:.2f}", *(f"{ms:.0f}" for ms in times)
            )
    Console().print(table)


if __name__ == "__main__":
    main()
