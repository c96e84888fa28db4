"""Hills, mountains, rocks and clouds. Each part stands on the origin."""

import numpy as np

from kinora_world.scene import Shape
from kinora_world.stage.part import Part
from kinora_world.stage.shapes import linear, shade


def hill(_: np.random.Generator, radius: float = 220.0, rise: float = 16.0, colour: str = "#5f8a4a") -> Part:
    """The cap of a huge sphere."""
    return Part((Shape("sphere", (radius,), (0, 0, rise - radius), colour=linear(colour), finish="hill", collides=False),))


def peak(rng: np.random.Generator, radius: float = 60.0, rise: float = 40.0, colour: str = "#77706a", *, bare: bool = False) -> Part:
    """A mountain; a bare one bears no snow."""
    tint, finish = shade(linear(colour), float(rng.uniform(0.9, 1.1))), "crag" if bare else "mountain"
    return Part((Shape("cone", (radius, rise / 2), (0, 0, rise / 2 - 0.03 * rise), colour=tint, finish=finish, collides=False),))


def rock(rng: np.random.Generator, size: float = 0.5, colour: str = "#8d8578") -> Part:
    grey = shade(linear(colour), float(rng.uniform(0.7, 1.1)))
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


def cloud(rng: np.random.Generator, size: float = 4.0) -> Part:
    """A bank of cloud: puffs on a flat foot, the middle ones larger."""
    puffs = []
    for x in np.linspace(-1, 1, 7):
        radius = size * float((0.62 - 0.34 * x * x) * rng.uniform(0.75, 1.2))
        at = (float(x) * size * 1.25, float(rng.normal(0, 0.25)) * size, radius * 0.35)
        puffs.append(Shape("ellipsoid", (radius, radius * 0.9, radius * 0.8), at, colour=(0.8, 0.8, 0.8), finish="cloud", collides=False))
    return Part(tuple(puffs))
