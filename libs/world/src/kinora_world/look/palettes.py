"""Limited palettes, as look-up tables."""

from typing import cast

import numpy as np

from kinora_world.scene import F8, U1
from kinora_world.storyboard import Colour

TABLE_SIDE = 32


def nearest_table(colours: tuple[Colour, ...]) -> U1:
    """(TABLE_SIDE, TABLE_SIDE, TABLE_SIDE, 3) by blue, green, red: for every sRGB colour the one of the palette that looks nearest."""
    palette = np.array([bytes.fromhex(colour[1:]) for colour in colours]).view(np.uint8).reshape(-1, 3)
    steps = (np.arange(TABLE_SIDE) + 0.5) / TABLE_SIDE
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    wanted, there = oklab(np.stack([red, green, blue], -1)), oklab(palette / 255)
    distance = ((wanted[..., None, :] - there) ** 2).sum(-1)
    return cast("U1", palette[distance.argmin(-1)])


def oklab(srgb: F8) -> F8:
    """Perceptual coordinates (…, 3) of sRGB in 0..1 (Ottosson, 2020)."""
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    to_cones = np.array([[0.4122215, 0.5363325, 0.0514460], [0.2119035, 0.6806996, 0.1073970], [0.0883025, 0.2817188, 0.6299787]])
    to_lab = np.array([[0.2104543, 0.7936178, -0.0040720], [1.9779985, -2.4285922, 0.4505937], [0.0259040, 0.7827718, -0.8086758]])
    return cast("F8", np.cbrt(linear @ to_cones.T) @ to_lab.T)
