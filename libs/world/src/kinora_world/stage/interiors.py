"""The shells of rooms. Each part stands on the origin, facing the audience (-Y)."""

from typing import Any

import numpy as np

from kinora_world.scene import Lamp, Shape
from kinora_world.stage.part import Part
from kinora_world.stage.shapes import RGB, linear

COOL: RGB = (1.1, 1.1, 1.05)


def walls(
    _: np.random.Generator,
    width: float = 9.6,
    back: float = 3.8,
    front: float = -7.3,
    height: float = 3.0,
    colour: str = "#d3cdbd",
    rear: str = "",
    ceiling: str = "#eceae4",
    finish: str = "wall",
    skirting: str = "#f2efe8",
) -> Part:
    """Four walls and a ceiling around the stage; `rear` colours the wall behind it, an empty `skirting` leaves the floor's edge bare."""
    half, middle, long = width / 2, (back + front) / 2, (back - front) / 2
    wall: dict[str, Any] = {"finish": finish, "roughness": 0.95, "material": "stone"}
    parts = [
        Shape("box", (half + 0.1, 0.1, height / 2), (0, back + 0.1, height / 2), colour=linear(rear or colour), **wall),
        Shape("box", (half + 0.1, 0.1, height / 2), (0, front - 0.1, height / 2), colour=linear(colour), **wall),
        Shape(
            "box", (half + 0.1, long + 0.2, 0.05), (0, middle, height + 0.05), colour=linear(ceiling), finish="ceiling", material="stone"
        ),
    ]
    parts += [Shape("box", (0.1, long, height / 2), (s * (half + 0.1), middle, height / 2), colour=linear(colour), **wall) for s in (-1, 1)]
    if skirting:
        edge: dict[str, Any] = {"colour": linear(skirting), "roughness": 0.5}
        parts.append(Shape("box", (half, 0.015, 0.06), (0, back - 0.012, 0.06), **edge))
        parts += [Shape("box", (0.015, long, 0.06), (s * (half - 0.012), middle, 0.06), **edge) for s in (-1, 1)]
    return Part(tuple(parts))


def window(
    _: np.random.Generator, width: float = 1.9, height: float = 1.6, curtain: str = "", frame: str = "#f4f2ec", view: str = "daylight"
) -> Part:
    """A window whose sill is on the origin, in front of a wall at y = 0; `curtain` is a colour."""
    half, tall = width / 2, height / 2
    wood: dict[str, Any] = {"colour": linear(frame), "roughness": 0.5}
    parts = [
        Shape("box", (half, 0.02, tall), (0, 0, tall), colour=linear("#bcd6ea"), finish=view, material="glass"),
        *(Shape("box", (0.035, 0.05, tall + 0.035), (s * half, -0.02, tall), **wood) for s in (-1, 1)),
        *(Shape("box", (half, 0.05, 0.035), (0, -0.02, z), **wood) for z in (0, height)),
        Shape("box", (0.02, 0.035, tall), (0, -0.02, tall), **wood),
        Shape("box", (half, 0.035, 0.018), (0, -0.02, height * 0.65), **wood),
        Shape("box", (half + 0.1, 0.11, 0.025), (0, -0.08, -0.04), **wood),
    ]
    if curtain:
        rod: dict[str, Any] = {"colour": linear("#7d6a45"), "finish": "metal", "roughness": 0.35, "material": "metal"}
        parts.append(Shape("cylinder", (0.018, half + 0.4), (0, -0.14, height + 0.2), (0, 90, 0), **rod))
        cloth: dict[str, Any] = {"colour": linear(curtain), "finish": "curtain", "roughness": 0.95, "material": "cloth", "collides": False}
        drop = height / 2 + 0.3
        parts += [Shape("box", (0.26, 0.05, drop), (s * (half + 0.16), -0.14, height + 0.2 - drop), **cloth) for s in (-1, 1)]
    return Part(tuple(parts))


def ceiling_light(_: np.random.Generator, length: float = 1.2, width: float = 0.3, colour: str = "#f6f8ff") -> Part:
    """A flat panel of light just under a ceiling at z = 0."""
    panel = Shape(
        "box", (length / 2, width / 2, 0.02), (0, 0, -0.03), colour=linear(colour), finish="glow", material="glass", collides=False
    )
    return Part((panel,), (Lamp((0, 0, -0.3), COOL, 5.0),))


def pendant(_: np.random.Generator, drop: float = 0.9, colour: str = "#e8b84a") -> Part:
    """A shaded lamp on a cord from a ceiling at z = 0."""
    shade = Shape(
        "lathe", (0.26, -0.24, 0.22, -0.12, 0.06, 0.0, 0.04, 0.05), (0, 0, -drop), colour=linear(colour), finish="gloss", roughness=0.3
    )
    bulb = Shape("sphere", (0.1,), (0, 0, -drop - 0.2), colour=linear("#fff0cf"), finish="glow", material="glass", collides=False)
    cord = Shape("cylinder", (0.006, drop / 2), (0, 0, -drop / 2), colour=linear("#202020"), collides=False)
    return Part((shade, bulb, cord), (Lamp((0, 0, -drop - 0.4), (2.6, 1.8, 1.0), 5.0),))
