"""Trees, bushes, grass and rocks. Each part grows from a random generator and stands on the origin."""

from itertools import pairwise
from math import cos, sin
from typing import Any

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import Shape
from kinora_world.stage.part import Part, limb
from kinora_world.stage.shapes import RGB, euler, linear, shade

BIRCH = "#e4e0d6"


def tree(rng: np.random.Generator, height: float = 6.5, colour: str = "#4f7d2c", *, far: bool = False) -> Part:
    """A broad-leaved tree: a trunk that forks into boughs, each bearing clumps of leaves, the lower ones larger and darker."""
    bark: dict[str, Any] = {"colour": linear("#5b4634"), "finish": "bark", "roughness": 0.9}
    fork = (float(rng.normal(0, 0.1)), float(rng.normal(0, 0.1)), height * 0.34)
    parts = [_trunk((0.0, 0.0, -0.1), fork, height * 0.034, bark)]
    leaf, crown = linear(colour), height * 0.38
    clumps = 5 if far else 10
    for number in range(clumps):
        up = number / (clumps - 1)
        angle, reach = number * 2.39996 + rng.normal(0, 0.3), crown * (0.7 - 0.62 * up**1.4) * rng.uniform(0.75, 1.2)
        at = (float(reach * cos(angle)), float(reach * sin(angle)), float(height * (0.46 + 0.4 * up) + rng.normal(0, 0.15)))
        radius = float(height * (0.19 - 0.05 * up) * rng.uniform(0.8, 1.2) * (1.4 if far else 1.0))
        parts.append(_clump(at, radius, shade(leaf, float(rng.uniform(0.85, 1.05) * (0.8 + 0.3 * up)))))
        if not far and number % 2 == 0 and up < 0.8:
            parts.append(limb(fork, (at[0] * 0.85, at[1] * 0.85, at[2] - radius * 0.1), height * 0.012, collides=False, **bark))
    return Part(tuple(parts))


def _trunk(foot: RGB, fork: RGB, radius: float, bark: dict[str, Any]) -> Shape:
    """Flared at the root, thinner at the fork."""
    tall = fork[2] - foot[2]
    profile = (radius * 1.7, 0.0, radius * 1.15, tall * 0.12, radius * 0.95, tall * 0.5, radius * 0.8, tall * 1.06)
    turn, _ = Rotation.align_vectors([np.subtract(fork, foot) / np.linalg.norm(np.subtract(fork, foot))], [(0, 0, 1)])
    return Shape("lathe", profile, foot, euler(turn), **bark)


def _clump(at: RGB, radius: float, colour: RGB) -> Shape:
    return Shape("sphere", (radius,), at, colour=colour, finish="leaf", collides=False)


def birch(rng: np.random.Generator, height: float = 8.0, colour: str = "#7fa23c") -> Part:
    """A slim white trunk under a loose, tall crown."""
    bark: dict[str, Any] = {"colour": linear(BIRCH), "finish": "birch_bark", "roughness": 0.7}
    lean = (float(rng.normal(0, 0.25)), float(rng.normal(0, 0.2)), height * 0.8)
    parts = [limb((0, 0, -0.1), lean, height * 0.014, **bark)]
    leaf = linear(colour)
    for number in range(12):
        up = number / 11
        angle, reach = number * 2.39996, height * (0.12 - 0.1 * up) * float(rng.uniform(0.6, 1.4))
        at = (reach * cos(angle) + lean[0] * up, reach * sin(angle) + lean[1] * up, height * (0.42 + 0.5 * up))
        radius = height * (0.135 - 0.055 * up) * float(rng.uniform(0.8, 1.2))
        parts.append(_clump((float(at[0]), float(at[1]), float(at[2])), radius, shade(leaf, float(rng.uniform(0.85, 1.15)))))
    return Part(tuple(parts))


def conifer(rng: np.random.Generator, height: float = 8.0, colour: str = "#2f5a37", width: float = 0.24) -> Part:
    """A spruce: tiers of drooping boughs."""
    tint, stem = shade(linear(colour), float(rng.uniform(0.8, 1.2))), height * 0.07
    half = (height - stem) / 2
    return Part(
        (
            Shape("cylinder", (height * 0.022, stem + 0.3), (0, 0, stem), colour=linear("#4d3a2a"), finish="bark", roughness=0.9),
            Shape("cone", (height * width, half), (0, 0, stem + half), colour=tint, finish="needle", collides=False),
        )
    )


def pines(rng: np.random.Generator, width: float = 120.0, distance: float = 40.0, height: float = 11.0, colour: str = "#33573a") -> Part:
    """A dark wood's edge."""
    trees = []
    for x in np.arange(-width / 2, width / 2, height * 0.3):
        tall = height * float(rng.uniform(0.65, 1.15))
        y = distance + float(rng.normal(0, 3.0))
        tint = shade(linear(colour), float(rng.uniform(0.75, 1.2)))
        trees.append(Shape("cone", (tall * 0.24, tall / 2), (float(x), y, tall / 2), colour=tint, finish="needle", collides=False))
    return Part(tuple(trees))


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
        heads.append(Shape("lathe", (0.004, -0.02, 0.03, 0.004, 0.012, 0.016), (x, y, z), colour=petal, collides=False))
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


def treeline(rng: np.random.Generator, width: float = 120.0, distance: float = 42.0, height: float = 8.0) -> Part:
    """A wood's edge: overlapping far crowns down to the ground."""
    crowns = []
    for x in np.arange(-width / 2, width / 2, height * 0.42):
        radius = height * float(rng.uniform(0.36, 0.56))
        y, z = distance + float(rng.normal(0, 2.0)), radius * float(rng.uniform(0.5, 1.0))
        tint = shade(linear("#47703a"), float(rng.uniform(0.7, 1.15)))
        crowns.append(Shape("sphere", (radius,), (float(x), y, z), colour=tint, finish="leaf", collides=False))
    return Part(tuple(crowns))
