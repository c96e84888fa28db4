"""The picture as a relief: a grid that is as far, at every point, as the estimate says; around it a margin, mirrored."""

from dataclasses import dataclass, replace
from math import atan, cos, degrees, radians, tan

import numpy as np
from PIL import Image
from scipy import ndimage

from kinora_world.picture.depth import FAR, nearness
from kinora_world.picture.regions import Mask, Regions, regions
from kinora_world.scene import F4, F8, I4, U1

SMALL = 256  # pixels of the longer side of what is looked at
MARGIN = 0.08  # of the picture, mirrored beyond each edge
_EYE, _LOWEST, _HIGHEST = 3.1, 0.6, 2.4  # metres above the ground: times the share below the horizon, and within which limits
_USUAL_FOV = 39.0
_CELLS = 160  # along the longer side, and a margin
_STRETCH = 0.28  # by how much a part of the picture may be drawn out
_MOST = 0.035  # of the picture's width, by which the nearest passes the farthest


@dataclass(frozen=True, slots=True)
class Relief:
    """What is known of a picture in space. Its camera stands at (0, 0, `eye`) and looks along +Y, tilted by `pitch` degrees."""

    small: U1  # (height, width, 3)
    found: Regions
    near: F8  # (height, width), see `nearness`
    eye: float  # metres above the ground: low where little ground is seen, so that people are as large in any picture
    fov: float  # vertical, degrees
    pitch: float
    aspect: float
    step: float  # metres the camera may move aside until the picture would be seen to stretch

    @property
    def nearest(self) -> float:
        """Metres along the camera's axis to the ground at the picture's lower edge."""
        tilt = radians(self.pitch)
        return self.eye / cos(tilt) / (tan(radians(self.fov) / 2) - tan(tilt))


def relief(picture: U1) -> Relief:
    """Of a picture (height, width, 3)."""
    height, width = picture.shape[:2]
    small = np.asarray(Image.fromarray(picture).resize(_small(width, height), Image.Resampling.BOX))
    found = regions(small)
    near = nearness(small.mean(-1) / 255, found)
    aspect = width / height
    half = tan(radians(_USUAL_FOV) / 2) * min(max(1 / aspect, 1.0), 1.45)
    pitch = -degrees(atan((1 - 2 * found.horizon) * half))
    eye = min(max(_EYE * (1 - found.horizon), _LOWEST), _HIGHEST)
    flat = Relief(small, found, near, eye, degrees(2 * atan(half)), pitch, aspect, 0.0)
    return replace(flat, step=_step(near, found.upright, 2 * half * aspect) * flat.nearest)


def _small(width: int, height: int) -> tuple[int, int]:
    longer = max(width, height)
    return max(16, round(SMALL * width / longer)), max(16, round(SMALL * height / longer))


def _step(near: F8, stands: Mask, view: float) -> float:
    """As a share of the nearest depth; `view` is the picture's width at a distance of 1. A ground may slope as it will."""
    slopes = np.hypot(*np.gradient(near))[stands]
    steepest = float(np.percentile(slopes, 96)) * near.shape[1] if len(slopes) else 0.0
    return min(_MOST, _STRETCH / max(steepest, 1e-6)) * view


def mesh(seen: Relief) -> tuple[F4, I4]:
    """Vertices (n, 5) and triangles (m, 3) of a `Backdrop`."""
    height, width = seen.near.shape
    step = max(height, width) / _CELLS
    columns, rows = (round(side * (1 + 2 * MARGIN) / step) for side in (width, height))
    across, down = np.meshgrid(np.linspace(-MARGIN, 1 + MARGIN, columns + 1), np.linspace(-MARGIN, 1 + MARGIN, rows + 1))
    near = ndimage.map_coordinates(seen.near, [down * height - 0.5, across * width - 0.5], order=1, mode="nearest")
    depth = seen.nearest / np.maximum(near, FAR)
    at = _rays(seen, across, down) * depth[..., None] + (0, 0, seen.eye)
    place = (np.stack([across, 1 - down], -1) + MARGIN) / (1 + 2 * MARGIN)
    vertices = np.concatenate([at, place], -1).reshape(-1, 5).astype(np.float32)
    corner = (np.arange(rows)[:, None] * (columns + 1) + np.arange(columns)).ravel()
    right, under = corner + 1, corner + columns + 1
    triangles = np.concatenate([np.stack([corner, under, right], -1), np.stack([right, under, under + 1], -1)])
    return vertices, triangles.astype(np.int32)


def _rays(seen: Relief, across: F8, down: F8) -> F8:
    """(…, 3): from the eye through each place of the picture, one metre along the camera's axis."""
    half = tan(radians(seen.fov) / 2)
    x, up = (2 * across - 1) * half * seen.aspect, (1 - 2 * down) * half
    tilt = radians(seen.pitch)
    return np.stack([x, np.cos(tilt) - up * np.sin(tilt), np.sin(tilt) + up * np.cos(tilt)], -1)


def with_margin(picture: U1) -> U1:
    """Mirrored beyond its edges."""
    height, width = picture.shape[:2]
    high, wide = round(MARGIN * height), round(MARGIN * width)
    return np.pad(picture, ((high, high), (wide, wide), (0, 0)), mode="reflect")
