"""A given picture as the world of a clip: how near the guessed depth is to the truth, what stays of the picture, and what it costs.

    .venv/bin/python bench/bench_picture.py [PLACE ...]

The pictures are places of the engine by day, without people: their true depth is known. `order` is Spearman's rank correlation of guessed
and true nearness over all pixels (sky farthest); `horizon` by how much of the height it is missed. `kept` is the PSNR of the first moving
frame's view of the picture, before the dissolve, against the picture. Costs are CPU seconds of all threads for each second of a 720p film
in which two people talk, in the picture and in the place itself; resting camera.
"""

import argparse
import time
from math import radians, tan

import numpy as np
from kinora_world.director import direct
from kinora_world.look import Moment, Renderer
from kinora_world.picture import PictureWorld
from kinora_world.picture.backdrop import relief
from kinora_world.render import prepare
from kinora_world.scene import F4, U1, StageSet, View
from kinora_world.stage import build_stage
from kinora_world.storyboard import Shot
from PIL import Image
from rich.console import Console
from rich.table import Table
from scipy.stats import spearmanr

SIZE = 1280, 720
SEEN = View((0.4, -7.0, 1.6), (0.0, 2.0, 1.3), 42)
PLACES = "park", "street", "room", "beach", "castle", "village", "farm", "kitchen", "forest", "plaza"
SECONDS = 3


def order(picture: U1, depth: F4) -> float:
    near = relief(picture).near
    true = np.asarray(Image.fromarray(1 / depth).resize(near.shape[::-1], Image.Resampling.BOX))
    return float(spearmanr(near.ravel(), true.ravel()).statistic)


def horizon(view: View) -> float:
    """Where it is, as a share of the height from the top."""
    rise = (view.target[2] - view.eye[2]) / float(np.hypot(view.target[0] - view.eye[0], view.target[1] - view.eye[1]))
    return 0.5 + 0.5 * rise / tan(radians(view.fov) / 2)


def kept(renderer: Renderer, picture: U1) -> float:
    world, shot = PictureWorld(picture), Shot(duration=2, place="picture")
    stage, view = world.filmed(shot, world.stage(build_stage("picture"), shot), lambda _: {}, {}, {})
    shown = renderer.frame(view(0.0), stage, [], [], "realistic", 0.0).astype(np.float64)
    return float(10 * np.log10(255**2 / np.mean((shown - picture) ** 2)))


def cost(place: str, picture: U1 | None) -> float:
    prompt = f"two women talk in the {place.replace('_', ' ')}, static camera"
    board = direct(prompt, seconds=SECONDS, width=SIZE[0], height=SIZE[1], seed=1, picture=picture is not None).storyboard
    start = time.process_time()
    for _ in prepare(board, width=SIZE[0], height=SIZE[1], first_frame=picture).frames():
        pass
    return (time.process_time() - start) / SECONDS


def seen(renderer: Renderer, stage: StageSet) -> tuple[U1, F4]:
    return renderer.frame(SEEN, stage, [], [], "realistic", 1.0), renderer.passes(stage, Moment(SEEN)).depth


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="*", default=PLACES)
    table = Table("place", "order", "horizon", "kept dB", "read s", "in it", "in the place", title="Pictures")
    with Renderer(*SIZE) as renderer:
        for place in parser.parse_args().places:
            picture, depth = seen(renderer, build_stage(place, seed=1))
            start = time.process_time()
            PictureWorld(picture)
            read = time.process_time() - start
            missed = relief(picture).found.horizon - horizon(SEEN)
            figures = order(picture, depth), missed, kept(renderer, picture), read, cost(place, picture), cost(place, None)
            table.add_row(place, *(f"{figure:.2f}" for figure in figures))
    Console().print(table)


if __name__ == "__main__":
    main()
