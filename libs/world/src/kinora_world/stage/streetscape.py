"""What towns are made of. Each part stands on the origin, facing the audience (-Y)."""

from typing import Any

import numpy as np

from kinora_world.scene import Lamp, Shape
from kinora_world.stage.part import WARM, Part, limb
from kinora_world.stage.shapes import linear, shade


def lamp_post(_: np.random.Generator, height: float = 4.2) -> Part:
    iron: dict[str, Any] = {"colour": linear("#23282b"), "finish": "metal", "roughness": 0.45, "material": "metal"}
    glow = Shape("sphere", (0.17,), (0, 0, height), colour=linear("#fff0cf"), finish="glow", material="glass")
    return Part(
        (
            Shape("cylinder", (0.12, 0.2), (0, 0, 0.2), **iron),
            Shape("cylinder", (0.05, height / 2 - 0.1), (0, 0, height / 2 - 0.05), **iron),
            Shape("cylinder", (0.1, 0.03), (0, 0, height - 0.17), **iron),
            Shape("cone", (0.22, 0.07), (0, 0, height + 0.2), **iron),
            glow,
        ),
        (Lamp((0, 0, height), WARM, 9.0),),
    )


def street_lamp(_: np.random.Generator, height: float = 5.2) -> Part:
    """A mast with an arm over the road; its head hangs 1.1 m in front of the mast."""
    iron: dict[str, Any] = {"colour": linear("#3a4043"), "finish": "metal", "roughness": 0.5, "material": "metal"}
    return Part(
        (
            Shape("cylinder", (0.1, 0.3), (0, 0, 0.3), **iron),
            Shape("cylinder", (0.055, height / 2), (0, 0, height / 2), **iron),
            limb((0, 0, height), (0, -1.1, height + 0.25), 0.035, **iron),
            Shape("box", (0.11, 0.26, 0.05), (0, -1.2, height + 0.24), **iron),
            Shape("box", (0.085, 0.2, 0.02), (0, -1.2, height + 0.185), colour=linear("#fff0cf"), finish="glow", material="glass"),
        ),
        (Lamp((0, -1.2, height + 0.1), WARM, 10.0),),
    )


def fence(_: np.random.Generator, length: float = 24.0, height: float = 3.2) -> Part:
    """Chain link between posts, along X."""
    steel: dict[str, Any] = {"colour": linear("#5a6a60"), "finish": "metal", "roughness": 0.5, "material": "metal"}
    posts = [
        Shape("cylinder", (0.04, height / 2), (float(x), 0, height / 2), **steel) for x in np.arange(-length / 2, length / 2 + 0.1, 3.0)
    ]
    rails = [Shape("cylinder", (0.028, length / 2), (0, 0, z), (0, 90, 0), **steel) for z in (0.08, height)]
    wire = Shape("box", (length / 2, 0.01, height / 2), (0, 0, height / 2), colour=linear("#8d9a94"), finish="fence", material="metal")
    return Part((*posts, *rails, wire))


WALLS = ["#b5533c", "#c9a26b", "#a9b0a8", "#d8c3a0", "#8a6a5a", "#c77f5a", "#9aa7b5", "#e0d6c4"]


AWNINGS = ["#a5332b", "#2f6b4f", "#2c4f7c", "#c98a2b", "#6b3a5b"]


def facade(rng: np.random.Generator, width: float = 7.0, height: float = 11.0, *, shop: bool = True) -> Part:
    """A house front: wall with windows, cornice, ground-floor shop with awning, door and step. Its front is the plane y = 0."""
    storeys = max(2, round(height / 3.1)) - 1 + int(rng.integers(0, 2))
    wall, ground = linear(str(rng.choice(WALLS))), 3.4
    upper, half = storeys * 2.9, width / 2
    trim: dict[str, Any] = {"colour": linear("#d9d2c3"), "roughness": 0.8, "material": "stone", "finish": "concrete"}
    cloth = linear(str(rng.choice(AWNINGS)))
    dark = shade(cloth, 0.55)
    depth = 4.0
    parts = [
        Shape(
            "box", (half, depth, upper / 2), (0, depth, ground + upper / 2), colour=wall, finish="facade", roughness=0.9, material="stone"
        ),
        Shape(
            "box",
            (half, depth, ground / 2),
            (0, depth, ground / 2),
            colour=dark if shop else wall,
            finish="shopfront",
            roughness=0.6,
            material="stone",
        ),
        Shape("box", (half, 0.14, 0.14), (0, 0, ground), **trim),
        Shape("box", (half + 0.04, 0.28, 0.18), (0, 0, ground + upper), **trim),
        Shape("box", (half, 0.06, 0.12), (0, -0.02, 0.12), **trim),
    ]
    if shop:
        parts.append(Shape("box", (half * 0.86, 0.65, 0.03), (0, -0.55, ground - 0.42), (22, 0, 0), cloth, "awning", 0.9, "cloth"))
    columns = max(int(width / 2.1), 1)
    for storey in range(storeys):
        for column in range(columns):
            x = ((column + 0.5) / columns - 0.5) * width
            parts += _window_box(rng, x, ground + 2.9 * storey) if rng.random() < 0.28 else []
    top = ground + upper + 0.18
    slate: dict[str, Any] = {
        "colour": linear(str(rng.choice(["#5a5c62", "#7a4a38", "#6a5f58"]))),
        "finish": "roof_tiles",
        "roughness": 0.85,
    }
    parts.append(
        Shape("extrusion", (half, 0.02, -4.0, 0, 4.0, 0, 2.6, 1.5, -2.6, 1.5), (0, depth, top), (0, 0, 90), material="stone", **slate)
    )
    parts += [
        Shape("box", (0.35, 0.5, 1.1), (float(x) * half, depth, top + 1.3), colour=wall, finish="brick") for x in rng.uniform(-0.8, 0.8, 2)
    ]
    return Part(tuple(parts))


def _window_box(rng: np.random.Generator, x: float, floor: float) -> list[Shape]:
    """A balcony with a railing, or a box of flowers under a window whose storey begins at `floor`."""
    iron: dict[str, Any] = {"colour": linear("#24282a"), "finish": "metal", "roughness": 0.5, "material": "metal", "collides": False}
    if rng.random() < 0.4:
        rails = [Shape("box", (0.8, 0.015, 0.02), (x, -0.55, floor + z), **iron) for z in (0.4, 0.75, 1.1)]
        return [
            *rails,
            Shape("box", (0.82, 0.3, 0.06), (x, -0.28, floor + 0.28), colour=linear("#d9d2c3"), finish="concrete", collides=False),
        ]
    bloom = linear(str(rng.choice(["#d9473b", "#e0679a", "#4f8a34", "#8a5fb0"])))
    plants = [
        Shape("sphere", (0.2,), (x + dx, -0.18, floor + 0.66), colour=bloom, finish="leaf", collides=False) for dx in (-0.32, 0.0, 0.32)
    ]
    return [Shape("box", (0.55, 0.13, 0.1), (x, -0.15, floor + 0.5), colour=linear("#6b4a2f"), finish="wood", collides=False), *plants]


def cottage(
    rng: np.random.Generator, width: float = 5.0, depth: float = 4.5, wall: str = "#e8dcc2", roof: str = "", finish: str = "timber"
) -> Part:
    """A gabled house with a chimney and a door; its front wall is the plane y = 0."""
    tall, half, deep = float(rng.uniform(2.7, 3.3)), width / 2, depth / 2
    rise, upper = width * 0.42, "planks" if finish == "facade" else finish
    tiles = linear(roof or str(rng.choice(["#8a4a34", "#7a5240", "#6a5a50", "#96573a"])))
    gable = (-half, 0.0, half, 0.0, 0.0, rise)
    slope = float(np.degrees(np.arctan2(rise, half)))
    long = float(np.hypot(rise, half)) / 2 + 0.25
    stone: dict[str, Any] = {"colour": linear("#8d8578"), "finish": "stone_wall", "material": "stone"}
    parts = [
        Shape("box", (half, deep, tall / 2), (0, deep, tall / 2), colour=linear(wall), finish=finish, roughness=0.95, material="stone"),
        Shape("box", (half + 0.04, deep + 0.04, 0.25), (0, deep, 0.25), **stone),
        Shape(
            "extrusion", (deep - 0.02, 0.01, *gable), (0, deep, tall), colour=linear(wall), finish=upper, roughness=0.95, material="stone"
        ),
        Shape("box", (0.28, 0.28, 0.7), (half * 0.5, depth * 0.7, tall + rise * 0.85), **stone),
        Shape("box", (0.42, 0.05, 0.95), (-half * 0.35, -0.02, 0.95), colour=linear("#5a3520"), finish="planks"),
        Shape("box", (0.5, 0.2, 0.06), (-half * 0.35, -0.2, 0.06), **stone),
    ]
    parts += [
        Shape(
            "box",
            (long, deep + 0.35, 0.06),
            (s * half * 0.53, deep, tall + rise * 0.47),
            (0, s * slope, 0),
            tiles,
            "roof_tiles",
            0.85,
            "stone",
        )
        for s in (-1, 1)
    ]
    return Part(tuple(parts))


def skyline(rng: np.random.Generator, width: float = 260.0, distance: float = 90.0, tallest: float = 48.0) -> Part:
    """Towers far behind, lower towards the sides."""
    towers = []
    x = -width / 2
    while x < width / 2:
        half = float(rng.uniform(5, 10))
        tall = tallest * float(rng.uniform(0.3, 1.0)) * (1.0 - 0.55 * (abs(x) / width * 2) ** 1.5)
        y = distance + float(rng.uniform(-14, 24))
        grey = shade(linear(str(rng.choice(["#8b95a1", "#a39a8c", "#6f7f8f", "#b0a79a", "#7d8a84"]))), float(rng.uniform(0.7, 1.1)))
        towers.append(
            Shape(
                "box",
                (half, half, tall / 2),
                (x, y, tall / 2),
                colour=grey,
                finish="tower",
                roughness=0.6,
                material="stone",
                collides=False,
            )
        )
        if rng.random() < 0.4:
            towers.append(
                Shape("box", (half * 0.5, half * 0.5, tall * 0.08), (x, y, tall * 1.08), colour=grey, finish="tower", collides=False)
            )
        x += half * 2 + float(rng.uniform(1, 9))
    return Part(tuple(towers))
