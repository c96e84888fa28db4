"""How far what a picture shows is: the ground as a plane, what stands on it as far as its foot, the sky behind all (Hoiem, 2005)."""

import numpy as np
from scipy import ndimage

from kinora_world.picture.regions import Regions
from kinora_world.scene import F8

FAR = 0.02  # of the nearest ground's nearness, the sky's
_NEAREST, _BEHIND = 1.0, 0.3  # a subject without ground, and what is behind it
_GROWN = 4  # pixels
_RADIUS, _EVEN = 5, 0.002  # of the guided filter: pixels, and the variance of grey that is no edge


def nearness(grey: F8, found: Regions) -> F8:
    """(height, width): the inverse of depth, as a share of that of the ground at the picture's lower edge. `grey` is 0..1."""
    height, _ = grey.shape
    rows = (np.arange(height) + 0.5) / height
    plane = np.clip((rows - found.horizon) / (1 - found.horizon), FAR, _NEAREST)[:, None]
    stands = np.interp(_foot(found), rows, plane[:, 0]) if found.grounded else _BEHIND + (_NEAREST - _BEHIND) * found.subject
    near = np.where(found.ground, plane, stands)
    if found.sky.any():
        near = np.where(found.sky, np.minimum(near, max(FAR, 0.5 * float(np.percentile(near[~found.sky], 5)))), near)
    upright = ~found.ground
    smooth = guided(np.where(upright, _whole(near), near), grey)
    return np.asarray(np.where(found.ground, np.minimum(smooth, plane * 1.15 + 0.01), smooth))


def _foot(found: Regions) -> F8:
    """(height, width): the row, as a share, where the ground begins beneath each pixel; the picture's lower edge where it never does."""
    height, width = found.ground.shape
    below = np.full(width, 1.0)
    foot = np.empty((height, width))
    for row in range(height - 1, -1, -1):
        below = np.where(found.ground[row], row / height, below)
        foot[row] = below
    return foot


def _whole(near: F8) -> F8:
    """Without specks, and grown a little: an edge stays whole, and what is drawn out is the plainer ground behind it."""
    return np.asarray(ndimage.maximum_filter(ndimage.median_filter(near, 9), 2 * _GROWN + 1))


def guided(values: F8, guide: F8) -> F8:
    """Smooths values but for where the guide has edges (He, Sun and Tang, 2010)."""

    def mean(field: F8) -> F8:
        return np.asarray(ndimage.uniform_filter(field, 2 * _RADIUS + 1, mode="nearest"))

    m_guide, m_values = mean(guide), mean(values)
    slope = (mean(guide * values) - m_guide * m_values) / (mean(guide * guide) - m_guide**2 + _EVEN)
    offset = m_values - slope * m_guide
    return np.asarray(np.clip(mean(slope) * guide + mean(offset), values.min(), values.max()))
