"""Are people, clothes and places the same in every shot of a story, and after it was extended? Measured in the pictures.

    .venv/bin/python bench/bench_coherence.py

Each story is directed, extended by one shot (its old shots and its cast must stay, and its place go on), and drawn. In the middle of
every shot the segmentation says which pixels are whose; the ten colours that fill most of a person (binned CIELAB) make their palette. The
distance of two palettes is the share of pixels that would have to change, 0 to 1: of the same person in two shots, and beside it of
different people in the same shot, which is what a mix-up would look like.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import numpy as np
from kinora_world.director import direct, extend
from kinora_world.look import Renderer
from kinora_world.render import draw, moment, prepare
from kinora_world.scene import F8, U1
from kinora_world.storyboard import Storyboard
from PIL import Image
from rich.console import Console
from rich.table import Table

WIDTH, HEIGHT = 640, 360
FEWEST = 600  # pixels of a person for a palette
STORIES = (  # what is told, and how it goes on
    ("Maya in a red dress talks to Leo in a green shirt in the park. Then they walk along. Close-up of Maya: she smiles.", "Leo waves"),
    ("A man in a blue suit and a woman in a yellow coat meet in a cafe. Cut to the woman, who laughs. Cut to the man.", "They shake hands"),
    ("Cartoon: a girl in a purple hoodie and a boy in an orange shirt run on the beach. Then she jumps. Then he claps.", "The girl dances"),
    ("Anime: an old man in a brown coat sits on a bench in the street. Then a woman in a white dress walks by.", "The woman waves"),
)
Palette = dict[tuple[int, ...], float]


def palette(picture: U1, whose: F8) -> Palette:
    """Shares of binned CIELAB colours of the pixels that are theirs; lightness counts half, as light may change with the place."""
    lab = np.asarray(Image.fromarray(picture).convert("LAB"), np.int16)[whose]
    bins, counts = np.unique(lab // (48, 12, 12), axis=0, return_counts=True)
    most = counts.argsort()[::-1][:10]
    return {tuple(int(v) for v in bins[i]): float(counts[i] / counts[most].sum()) for i in most}


def distance(one: Palette, other: Palette) -> float:
    """Half the sum of absolute differences (total variation)."""
    return sum(abs(one.get(key, 0) - other.get(key, 0)) for key in one.keys() | other.keys()) / 2


def seen(board: Storyboard) -> Iterator[tuple[int, str, Palette]]:
    """(shot, person, palette) from the middle of every shot."""
    clip = prepare(board, width=WIDTH, height=HEIGHT)
    with Renderer(WIDTH, HEIGHT) as renderer:
        for scene in clip.scenes:
            index = scene.n_frames // 2
            picture = draw(renderer, scene, index, clip.fps)
            passes = renderer.passes(scene.stage, moment(scene, index, clip.fps))
            for number, name in passes.legend.items():
                whose = passes.segmentation == number
                if name in scene.bodies and whose.sum() >= FEWEST:
                    yield scene.number, name, palette(picture, whose)


def main() -> None:
    table = Table("story", "shots", "storyboard", "same person: mean", "max", "others: min", "mean")
    for prompt, more in STORIES:
        told = direct(prompt, seconds=8, width=WIDTH, height=HEIGHT, seed=5).storyboard
        longer = extend(told, more, seconds=4, seed=5).storyboard
        kept = longer.characters[: len(told.characters)] == told.characters and longer.shots[: len(told.shots)] == told.shots
        kept &= longer.shots[-1].place == told.shots[-1].place
        found: dict[str, list[Palette]] = defaultdict(list)
        together: dict[int, list[Palette]] = defaultdict(list)
        for shot, name, colours in seen(longer):
            found[name].append(colours)
            together[shot].append(colours)
        same = [distance(a, b) for palettes in found.values() for a, b in combinations(palettes, 2)]
        mixed = [distance(a, b) for palettes in together.values() for a, b in combinations(palettes, 2)]
        figures = [f"{value:.2f}" if values else "" for values, value in ((same, np.mean(same or [0])), (same, max(same, default=0)))]
        figures += [f"{value:.2f}" if mixed else "" for value in (min(mixed, default=0), np.mean(mixed or [0]))]
        table.add_row(prompt[:44] + "…", str(len(longer.shots)), "kept" if kept else "CHANGED", *figures)
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
