"""Generated scenery: each part grows from a random generator and stands on the origin, facing the audience (-Y)."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import cos, sin
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import Lamp, Shape
from kinora_world.stage.shapes import RGB, euler, linear, shade

WARM: RGB = (5.0, 3.3, 1.6)


@dataclass(frozen=True, slots=True)
class Part:
    shapes: tuple[Shape, ...]
    lamps: tuple[Lamp, ...] = ()


def limb(start: RGB, end: RGB, radius: float, **look: Any) -> Shape:
    """A capsule from `start` to `end`."""
    a, b = np.asarray(start), np.asarray(end)
    length = float(np.linalg.norm(b - a))
    turn, _ = Rotation.align_vectors([(b - a) / length], [(0, 0, 1)])
    x, y, z = (float(v) for v in (a + b) / 2)
    return Shape("capsule", (radius, length / 2), (x, y, z), euler(turn), **look)


def tree(rng: np.random.Generator, height: float = 6.5, colour: str = "#4f7d2c", *, far: bool = False) -> Part:
    """A broad-leaved tree: trunk, boughs, and a crown of leaf clumps, the lower ones larger and darker."""
    bark: dict[str, Any] = {"colour": linear("#5b4634"), "finish": "bark", "roughness": 0.9}
    fork = (float(rng.normal(0, 0.1)), float(rng.normal(0, 0.1)), height * 0.38)
    parts = [limb((0, 0, -0.1), fork, height * 0.032, **bark)]
    leaf, crown = linear(colour), height * 0.36
    clumps = 5 if far else 11
    for number in range(clumps):
        up = number / (clumps - 1)
        angle, reach = number * 2.39996 + rng.normal(0, 0.25), crown * (0.62 - 0.5 * up) * rng.uniform(0.75, 1.15)
        at = (reach * cos(angle), reach * sin(angle), height * (0.5 + 0.36 * up) + rng.normal(0, 0.12))
        radius = height * (0.2 - 0.05 * up) * rng.uniform(0.85, 1.15) * (1.35 if far else 1.0)
        tint = shade(leaf, float(rng.uniform(0.8, 1.0) * (0.78 + 0.34 * up)))
        parts.append(
            Shape("sphere", (float(radius),), (float(at[0]), float(at[1]), float(at[2])), colour=tint, finish="leaf", collides=False)
        )
        if not far and number % 3 == 0:
            tip = (at[0] * 0.8, at[1] * 0.8, at[2] - radius * 0.2)
            parts.append(limb(fork, tip, height * 0.014, collides=False, **bark))
    return Part(tuple(parts))


def bush(rng: np.random.Generator, height: float = 0.8, colour: str = "#4b7a2e") -> Part:
    leaf = linear(colour)
    clumps = []
    for _ in range(4):
        x, y = rng.normal(0, height * 0.45, 2)
        radius = height * float(rng.uniform(0.42, 0.6))
        tint = shade(leaf, float(rng.uniform(0.75, 1.1)))
        clumps.append(Shape("sphere", (radius,), (float(x), float(y), radius * 0.72), colour=tint, finish="leaf", collides=False))
    return Part(tuple(clumps))


def tuft(rng: np.random.Generator, height: float = 0.22, colour: str = "#5d8a34") -> Part:
    tint = shade(linear(colour), float(rng.uniform(0.75, 1.2)))
    half = height / 2
    return Part((Shape("cylinder", (height * 0.8, half), (0, 0, half), colour=tint, finish="tuft", collides=False),))


def flowers(rng: np.random.Generator) -> Part:
    petal = linear(str(rng.choice(["#f4d13a", "#f2f2f0", "#e0679a", "#d9473b", "#8a6fd1"])))
    heads = []
    for _ in range(7):
        x, y = (float(v) for v in rng.normal(0, 0.22, 2))
        z = float(rng.uniform(0.14, 0.24))
        heads.append(Shape("sphere", (0.028,), (x, y, z), colour=petal, finish="plain", collides=False))
    return Part((*tuft(rng, 0.2).shapes, *heads))


def palm(rng: np.random.Generator, height: float = 6.0) -> Part:
    """A leaning trunk and arching fronds."""
    bark: dict[str, Any] = {"colour": linear("#8a7355"), "finish": "palm_bark", "roughness": 0.9}
    lean = float(rng.uniform(0.7, 1.1))
    joints = [(lean * (k / 5) ** 1.7, 0.0, height * k / 5) for k in range(6)]
    trunk = [limb(a, b, 0.16 - 0.012 * k, **bark) for k, (a, b) in enumerate(pairwise(joints))]
    top = joints[-1]
    green = linear("#5a8a35")
    fronds = []
    for number in range(15):
        turn, rise = number * 137.5 + rng.normal(0, 8), float(rng.uniform(-5, 55)) if number % 3 else float(rng.uniform(-35, -5))
        spin = Rotation.from_euler("z", turn, degrees=True) * Rotation.from_euler("y", -rise, degrees=True)
        middle = spin.apply((1.35, 0, 0)) + top
        at = (float(middle[0]), float(middle[1]), float(middle[2]))
        tint = shade(green, float(rng.uniform(0.75, 1.15)))
        fronds.append(Shape("plane", (1.35, 0.42), at, euler(spin), tint, "frond", collides=False))
    nuts = [
        Shape("sphere", (0.13,), (top[0] + 0.2 * cos(a), 0.2 * sin(a), top[2] - 0.15), colour=linear("#5b3d22")) for a in (0.3, 2.2, 4.4)
    ]
    return Part((*trunk, *fronds, *nuts))


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


def treeline(rng: np.random.Generator, width: float = 120.0, distance: float = 42.0, height: float = 8.0) -> Part:
    """A wood's edge: overlapping far crowns down to the ground."""
    crowns = []
    for x in np.arange(-width / 2, width / 2, height * 0.42):
        radius = height * float(rng.uniform(0.36, 0.56))
        y, z = distance + float(rng.normal(0, 2.0)), radius * float(rng.uniform(0.5, 1.0))
        tint = shade(linear("#47703a"), float(rng.uniform(0.7, 1.15)))
        crowns.append(Shape("sphere", (radius,), (float(x), y, z), colour=tint, finish="leaf", collides=False))
    return Part(tuple(crowns))


CARS = ["#9c2b2b", "#2b4d80", "#c9ccd0", "#2c2f33", "#4d6b57", "#d8b23a"]


def car(rng: np.random.Generator, colour: str = "") -> Part:
    """A parked saloon along X, 4.3 m long."""
    paint: dict[str, Any] = {"colour": linear(colour or str(rng.choice(CARS))), "finish": "paint", "roughness": 0.25, "material": "metal"}
    black: dict[str, Any] = {"colour": linear("#17181a"), "roughness": 0.85, "material": "rubber"}
    pane: dict[str, Any] = {"colour": linear("#1d262c"), "finish": "paint", "roughness": 0.1, "material": "glass"}
    chrome: dict[str, Any] = {"colour": linear("#c4c8cc"), "finish": "metal", "roughness": 0.2, "material": "metal"}
    wheels = [(x, y) for x in (-1.32, 1.32) for y in (-0.78, 0.78)]
    body = [
        Shape("box", (2.15, 0.86, 0.26), (0, 0, 0.56), **paint),
        Shape("box", (1.98, 0.84, 0.1), (-0.05, 0, 0.86), **paint),
        Shape("box", (1.12, 0.72, 0.25), (-0.2, 0, 1.16), **pane),
        Shape("box", (0.98, 0.73, 0.035), (-0.22, 0, 1.43), **paint),
        Shape("box", (0.04, 0.735, 0.26), (-0.15, 0, 1.17), **paint),
        Shape("box", (0.34, 0.72, 0.03), (0.98, 0, 1.12), (0, 38, 0), **pane),
        Shape("box", (0.3, 0.72, 0.03), (-1.4, 0, 1.13), (0, -42, 0), **pane),
        Shape("box", (2.19, 0.8, 0.09), (0, 0, 0.36), **black),
        Shape("box", (0.03, 0.2, 0.07), (2.14, 0.58, 0.68), colour=linear("#f3efe0"), finish="plain", roughness=0.15, material="glass"),
        Shape("box", (0.03, 0.2, 0.07), (2.14, -0.58, 0.68), colour=linear("#f3efe0"), finish="plain", roughness=0.15, material="glass"),
        Shape("box", (0.03, 0.18, 0.07), (-2.14, 0.6, 0.72), colour=linear("#a01818"), roughness=0.2, material="glass"),
        Shape("box", (0.03, 0.18, 0.07), (-2.14, -0.6, 0.72), colour=linear("#a01818"), roughness=0.2, material="glass"),
    ]
    body += [Shape("cylinder", (0.32, 0.11), (x, y, 0.32), (90, 0, 0), **black) for x, y in wheels]
    body += [Shape("cylinder", (0.19, 0.12), (x, y, 0.32), (90, 0, 0), **chrome) for x, y in wheels]
    return Part(tuple(body))


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


def hill(_: np.random.Generator, radius: float = 220.0, rise: float = 16.0, colour: str = "#5f8a4a") -> Part:
    """The cap of a huge sphere."""
    return Part((Shape("sphere", (radius,), (0, 0, rise - radius), colour=linear(colour), finish="hill", collides=False),))


def rock(rng: np.random.Generator, size: float = 0.5) -> Part:
    grey = shade(linear("#8d8578"), float(rng.uniform(0.7, 1.1)))
    return Part(
        tuple(
            Shape(
                "sphere",
                (size * float(r),),
                (float(x) * size, float(y) * size, size * float(r) * 0.3),
                colour=grey,
                finish="rock",
                material="stone",
            )
            for x, y, r in zip(rng.normal(0, 0.5, 3), rng.normal(0, 0.5, 3), rng.uniform(0.5, 1.0, 3), strict=True)
        )
    )


PARTS: dict[str, Callable[..., Part]] = {
    "tree": tree,
    "bush": bush,
    "tuft": tuft,
    "flowers": flowers,
    "palm": palm,
    "lamp_post": lamp_post,
    "street_lamp": street_lamp,
    "fence": fence,
    "facade": facade,
    "skyline": skyline,
    "treeline": treeline,
    "car": car,
    "bookshelf": bookshelf,
    "standing_lamp": standing_lamp,
    "parasol": parasol,
    "hill": hill,
    "rock": rock,
}
