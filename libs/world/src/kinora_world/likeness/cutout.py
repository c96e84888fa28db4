"""A thing's cut-out blown up to a cushion: its outline filled like a paper puppet's, its picture on both sides.

The thickness is the root of the solution of Poisson's equation within the outline, which makes a half sphere of a disc.
"""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt, gaussian_filter, label, map_coordinates
from scipy.sparse.linalg import spsolve

from kinora_world.scene import F8, I4, U1, Portrait

_MARGIN = 8  # pixels: cut-outs are cropped tight
_STEPS = 64  # of the grid, along the longer side
_OPAQUE = 250  # alpha from which a pixel shows nothing of what was behind the thing
_RIM = 0.004  # of the side: so near the outline colours are taken from further in
_SMALL = 0.02  # of the largest part: smaller ones are dropped
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Cushion:
    """One unit high: x across, y away from who looks at it, z up from its base; triangles (m, 3)."""

    positions: F8
    triangles: I4
    portrait: Portrait

    @property
    def width(self) -> float:
        return float(np.ptp(self.positions[:, 0]))


def blown_up(picture: U1) -> Cushion:
    """From a picture (h, w, 4) that shows something."""
    picture = np.pad(picture, ((_MARGIN, _MARGIN), (_MARGIN, _MARGIN), (0, 0)))
    inside = _outline(picture)
    depth = distance_transform_edt(inside) - distance_transform_edt(~inside)
    grid, within, squares = _grid(depth)
    thick = _thickness(within) * max(depth.shape) / _STEPS
    places = _snapped(grid, within, depth)
    used = np.unique(squares)
    number = np.full(within.size, -1)
    number[used] = np.arange(len(used))
    rows, columns = places[used].T
    puffed, rim = thick.ravel()[used], ~within.ravel()[used]
    front = _halved(number[squares])
    front = front[~rim[front].all(1)]  # of what has no thickness, front and back are one
    back = np.where(rim, np.arange(len(used)), len(used) + np.cumsum(~rim) - 1)
    height, width = depth.shape
    base, size = rows.max(), float(np.ptp(rows))
    flat = np.column_stack([columns - (columns.min() + columns.max()) / 2, -puffed, base - rows]) / size
    positions = np.concatenate([flat, flat[~rim] * (1, -1, 1)])
    triangles = np.concatenate([front, back[front][:, ::-1]]).astype(np.int32)
    at = np.column_stack([columns / width, rows / height, np.ones(len(used))])
    portrait = Portrait(np.concatenate([at, at[~rim]]).astype(np.float32), _bled(picture))
    return Cushion(positions, triangles, portrait)


def _outline(picture: U1) -> _Mask:
    """What is inside (h, w), smoothed; crumbs beside the thing are dropped."""
    alpha = picture[..., 3] / 255.0
    inside: _Mask = gaussian_filter(np.pad(alpha, 1), 0.004 * max(alpha.shape))[1:-1, 1:-1] > 0.5
    if not inside.any():
        inside = alpha >= alpha.max() / 2
    parts, count = label(inside)
    sizes = np.bincount(parts.ravel(), minlength=count + 1)
    sizes[0] = 0
    return np.asarray(sizes[parts] > _SMALL * sizes.max())


def _grid(depth: F8) -> tuple[F8, _Mask, I4]:
    """Nodes (r, c, 2) in pixels, whether each is within, and the squares (k, 4) of nodes that touch the thing."""
    height, width = depth.shape
    step = max(height, width) / _STEPS
    rows, columns = (np.arange(-1.5, side / step + 1.5) * step for side in (height, width))
    grid = np.stack(np.meshgrid(rows, columns, indexing="ij"), -1)
    within = _sampled(depth, grid) > 0.25 * step
    at = np.arange(within.size).reshape(within.shape)
    squares = np.stack([at[:-1, :-1], at[1:, :-1], at[1:, 1:], at[:-1, 1:]], -1).reshape(-1, 4)
    return grid, within, squares[within.ravel()[squares].any(1)].astype(np.int32)


def _sampled(field: F8, places: F8) -> F8:
    """The field between pixels; beyond its rim it goes on falling."""
    inner = np.clip(places - 0.5, 0, np.array(field.shape) - 1)
    beyond = np.linalg.norm(places - 0.5 - inner, axis=-1)
    return np.asarray(map_coordinates(field, np.moveaxis(inner, -1, 0), order=1) - beyond)


def _thickness(within: _Mask) -> F8:
    """In steps of the grid, 0 outside."""
    number = np.where(within, np.cumsum(within).reshape(within.shape) - 1, -1)
    count = int(within.sum())
    near = [np.roll(number, shift, axis)[within] for shift, axis in ((1, 0), (-1, 0), (1, 1), (-1, 1))]
    rows = np.tile(np.arange(count), 4)
    columns = np.concatenate(near)
    inner = columns >= 0
    laplace = 4 * sp.eye(count) - sp.csr_matrix((np.ones(inner.sum()), (rows[inner], columns[inner])), (count, count))
    thick = np.zeros(within.shape)
    thick[within] = np.sqrt(np.maximum(spsolve(laplace.tocsc(), np.full(count, 4.0)), 0))
    return thick


def _snapped(grid: F8, within: _Mask, depth: F8) -> F8:
    """Nodes (n, 2); those outside lie on the outline."""
    smooth = gaussian_filter(depth, 1.5)
    down, across = np.gradient(smooth)
    places = grid.copy()
    for _ in range(3):
        way = np.stack([_sampled(down, places), _sampled(across, places)], -1)
        way /= np.maximum(np.linalg.norm(way, axis=-1, keepdims=True), 0.2)
        places = np.where(within[..., None], places, places - _sampled(depth, places)[..., None] * way)
    return np.asarray(np.clip(places, 0, depth.shape).reshape(-1, 2))


def _halved(squares: I4) -> I4:
    return np.concatenate([squares[:, [0, 1, 2]], squares[:, [0, 2, 3]]])


def _bled(picture: U1) -> U1:
    """Opaque all over: the colours at the outline and beyond it are those of the nearest pixel well inside."""
    sure = distance_transform_edt(picture[..., 3] >= _OPAQUE) > _RIM * max(picture.shape)
    if not sure.any():
        sure = picture[..., 3] == picture[..., 3].max()
    nearest = distance_transform_edt(~sure, return_distances=False, return_indices=True)
    filled = picture[tuple(nearest)]
    return np.dstack([filled[..., :3], np.full_like(filled[..., 3], 255)])
