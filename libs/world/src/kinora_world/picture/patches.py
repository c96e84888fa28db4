"""A picture in patches of even colour, and how far each is from the picture's borders in colour."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from kinora_world.scene import F8, I4, U1

ACROSS = 30  # patches along the longer side
_ROUNDS, _COMPACT = 6, 14.0
_TEXTURE = 2.5  # Lab units between neighbours that are still one thing
_TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) / [[0.9505], [1.0], [1.089]]


@dataclass(frozen=True, slots=True)
class Patches:
    """`label` numbers each pixel's patch, (height, width); `colour` is Lab, `row` and `column` the middles as shares 0..1."""

    label: I4
    colour: F8  # (n, 3)
    row: F8
    column: F8
    apart: csr_matrix  # (n, n): what the step to a neighbour costs

    def from_border(self, side: str) -> F8:
        """(n,): the geodesic distance in colour from one side's patches: "top", "bottom", "left" or "right" (Wei et al., 2012)."""
        edge = {"top": self.label[0], "bottom": self.label[-1], "left": self.label[:, 0], "right": self.label[:, -1]}[side]
        return np.asarray(dijkstra(self.apart, directed=False, indices=np.unique(edge), min_only=True))


def lab(picture: U1) -> F8:
    """CIE Lab of sRGB (..., 3)."""
    xyz = linear(picture) @ _TO_XYZ.T
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.stack([116 * f[..., 1] - 16, 500 * (f[..., 0] - f[..., 1]), 200 * (f[..., 1] - f[..., 2])], -1)


def linear(picture: U1) -> F8:
    """Linear RGB 0..1 (IEC 61966-2-1)."""
    value = picture / 255
    return np.asarray(np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4))


def patches(picture: U1) -> Patches:
    """Of a small picture (height, width, 3): superpixels (SLIC, Achanta et al., 2012) and their neighbourhoods."""
    height, width = picture.shape[:2]
    colours = lab(picture)
    step = max(height, width) / ACROSS
    rows, columns = max(2, round(height / step)), max(2, round(width / step))
    y, x = np.mgrid[0:height, 0:width]
    pixels = np.concatenate([colours, np.stack([y, x], -1) * (_COMPACT / step)], -1).reshape(-1, 5)
    own = (y * rows // height).ravel(), (x * columns // width).ravel()
    label = own[0] * columns + own[1]
    for _ in range(_ROUNDS):
        means = _means(pixels, label, rows * columns)
        best = np.full(len(pixels), np.inf)
        nearest = label.copy()
        for dy in (-1, 0, 1):
            for dx in (-1, 0, 1):
                seed = np.clip(own[0] + dy, 0, rows - 1) * columns + np.clip(own[1] + dx, 0, columns - 1)
                away = ((pixels - means[seed]) ** 2).sum(1)
                closer = away < best
                best[closer], nearest[closer] = away[closer], seed[closer]
        label = nearest
    _, label = np.unique(label, return_inverse=True)
    means = _means(pixels, label, int(label.max()) + 1)
    at = means[:, 3:] / (_COMPACT / step) / (height, width)
    label = label.reshape(height, width).astype(np.int32)
    return Patches(label, means[:, :3], at[:, 0], at[:, 1], _graph(label, means[:, :3]))


def _means(pixels: F8, label: NDArray[np.integer[Any]], count: int) -> F8:
    held = np.maximum(np.bincount(label, minlength=count), 1)
    return np.stack([np.bincount(label, channel, count) / held for channel in pixels.T], -1)


def _graph(label: I4, colour: F8) -> csr_matrix:
    pairs = [np.stack([a.ravel(), b.ravel()]) for a, b in ((label[1:], label[:-1]), (label[:, 1:], label[:, :-1]))]
    one, other = np.unique(np.sort(np.concatenate(pairs, 1), 0), axis=1)
    kept = one != other
    one, other = one[kept], other[kept]
    cost = np.maximum(np.linalg.norm(colour[one] - colour[other], axis=1) - _TEXTURE, 0) + 1e-3
    return csr_matrix((cost, (one, other)), (len(colour), len(colour)))
