"""What fills rooms and beaches. Each part stands on the origin, facing the audience (-Y)."""

from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import Lamp, Shape
from kinora_world.stage.part import Part, limb
from kinora_world.stage.shapes import linear, shade

BOOKS = ["#7a2e2a", "#2d4a66", "#b9873d", "#3d5a40", "#d9cdb4", "#5b3a5e", "#222831", "#c2552d", "#8c8f93"]


def bookshelf(rng: np.random.Generator, width: float = 1.6, height: float = 2.0) -> Part:
    wood: dict[str, Any] = {"colour": linear("#6b4a2f"), "finish": "wood", "roughness": 0.55}
    half, rows = width / 2, 5
    frame = [Shape("box", (0.02, 0.15, height / 2), (s * half, 0, height / 2), **wood) for s in (-1, 1)]
    frame += [Shape("box", (half, 0.15, 0.015), (0, 0, 0.05 + k * (height - 0.06) / rows), **wood) for k in range(rows + 1)]
    frame.append(Shape("box", (half, 0.01, height / 2), (0, 0.14, height / 2), **wood))
    books = []
    for row in range(rows):
        floor, x = 0.065 + row * (height - 0.06) / rows, -half + 0.05
        while x < half - 0.08:
            thick, tall = float(rng.uniform(0.018, 0.04)), float(rng.uniform(0.2, 0.3))
            if rng.random() < 0.09:
                x += 0.12
                continue
            cover = shade(linear(str(rng.choice(BOOKS))), float(rng.uniform(0.7, 1.1)))
            books.append(
                Shape("box", (thick, 0.1, tall / 2), (x + thick, 0.01, floor + tall / 2), colour=cover, roughness=0.7, collides=False)
            )
            x += 2 * thick + 0.003
    return Part((*frame, *books))


def standing_lamp(_: np.random.Generator) -> Part:
    brass: dict[str, Any] = {"colour": linear("#7d6a45"), "finish": "metal", "roughness": 0.35, "material": "metal"}
    return Part(
        (
            Shape("cylinder", (0.16, 0.015), (0, 0, 0.015), **brass),
            Shape("cylinder", (0.014, 0.75), (0, 0, 0.77), **brass),
            Shape("cylinder", (0.2, 0.16), (0, 0, 1.6), colour=linear("#f3dfb8"), finish="glow", material="cloth"),
        ),
        (Lamp((0, -0.1, 1.7), (3.4, 2.3, 1.2), 6.0),),
    )


def parasol(rng: np.random.Generator) -> Part:
    """A leaning beach umbrella over a towel."""
    stripe = linear(str(rng.choice(["#d6453d", "#2f7fb8", "#e0a52e"])))
    lean = Rotation.from_euler("y", 12, degrees=True)
    top = lean.apply((0, 0, 2.1))
    at = (float(top[0]), 0.0, float(top[2]))
    return Part(
        (
            limb((0, 0, -0.1), (at[0] * 1.12, 0, at[2] * 1.12), 0.022, colour=linear("#e8e2d4"), roughness=0.4),
            Shape("cone", (1.25, 0.24), at, (0, 12, 0), stripe, "awning_round", 0.9, "cloth"),
            Shape("box", (0.45, 0.95, 0.012), (0.9, -0.35, 0.02), (0, 0, 12), linear("#3f8fa8"), "awning", 0.95, "cloth", collides=False),
        )
    )
