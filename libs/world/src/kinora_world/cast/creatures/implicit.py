"""Smooth bodies out of round limbs: a distance field, and its surface as triangles.

A blob is a capsule whose radius changes along its length. Blobs melt into each other (polynomial smooth minimum, Quilez 2013); the
surface is found with surface nets (Gibson, "Constrained elastic surface nets", 1998) on a grid that may be finer where detail is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kinora_world.scene import F8, I4

Index = NDArray[np.integer]
_BLOCK = 4  # grid steps: blocks of the grid that lie far from the surface are not looked into
_CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)])
_EDGES = [(a, b) for a in range(8) for b in range(a + 1, 8) if np.abs(_CORNERS[a] - _CORNERS[b]).sum() == 1]


@dataclass(frozen=True, slots=True)
class Blob:
    """From `start` to `end` (metres), with a radius at each; `wide` stretches it sideways (X), `melt` is the width of its seam."""

    bone: str
    start: F8
    end: F8
    radii: tuple[float, float]
    wide: float = 1.0
    melt: float = 0.02
    paint: str = ""  # a colour of its own; the coat's when empty

    def distance(self, points: F8) -> F8:
        """Roughly metres from the surface, negative within, for points (n, 3)."""
        scale = np.array([1 / self.wide, 1.0, 1.0])
        along = (self.end - self.start) * scale
        away = (points - self.start) * scale
        share = np.clip(away @ along / max(float(along @ along), 1e-12), 0, 1)
        away -= share[:, None] * along
        radius = self.radii[0] + (self.radii[1] - self.radii[0]) * share
        return np.asarray((np.sqrt((away * away).sum(1)) - radius) * min(1.0, self.wide))


@dataclass(frozen=True, slots=True)
class Solid:
    """Blobs melted together."""

    blobs: Sequence[Blob]

    def field(self, points: F8) -> F8:
        total = self.blobs[0].distance(points)
        for blob in self.blobs[1:]:
            other = blob.distance(points)
            h = np.maximum(blob.melt - np.abs(total - other), 0.0) / blob.melt
            total = np.minimum(total, other) - h * h * blob.melt * 0.25
        return total

    def gradient(self, points: F8, step: float = 1e-4) -> F8:
        columns = [self.field(points + step * e) - self.field(points - step * e) for e in np.eye(3)]
        return np.stack(columns, 1) / (2 * step)

    def surface_along(self, origin: F8, direction: F8, reach: float) -> F8:
        """Where a ray that starts inside leaves the body for the last time."""
        steps = np.linspace(0, reach, 400)
        inside = np.flatnonzero(self.field(origin + steps[:, None] * direction) < 0)
        return np.asarray(origin + steps[inside[-1] if len(inside) else 0] * direction)


@dataclass(frozen=True, slots=True)
class Mesh:
    """`positions` and `normals` (n, 3), `triangles` (m, 3)."""

    positions: F8
    normals: F8
    triangles: I4


@dataclass(frozen=True, slots=True)
class Detail:
    """A ball within which the grid is finer, by `factor`."""

    centre: F8
    radius: float
    factor: float = 0.5


@dataclass(slots=True)
class _Grid:
    axes: tuple[F8, F8, F8]
    values: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))

    @property
    def shape(self) -> tuple[int, int, int]:
        x, y, z = self.axes
        return len(x), len(y), len(z)

    def points(self, i: Index, j: Index, k: Index) -> F8:
        return np.stack([self.axes[0][i], self.axes[1][j], self.axes[2][k]], 1)


def polygonise(solid: Solid, step: float, details: Sequence[Detail] = ()) -> Mesh:
    """The surface, with triangles about `step` metres wide. Normals are the field's."""
    grid = _sampled(solid, _axes(solid, step, details))
    cells, positions = _vertices(grid)
    triangles = _triangles(grid, cells)
    for _ in range(2):
        slope = solid.gradient(positions)
        positions = positions - slope * (solid.field(positions) / np.maximum((slope**2).sum(1), 1e-6))[:, None]
    slope = solid.gradient(positions)
    normals = slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-9)
    return Mesh(positions, normals, triangles)


def polygonised(solid: Solid, triangles: int, details: Sequence[Detail] = ()) -> Mesh:
    """The surface in about so many triangles; a coarse try tells how wide they may be."""
    ends = np.concatenate([[b.start, b.end] for b in solid.blobs])
    guess = float(np.ptp(ends, axis=0).max() + 2 * max(max(b.radii) for b in solid.blobs)) / np.sqrt(triangles) * 1.6
    grid = _sampled(solid, _axes(solid, guess, details))
    return polygonise(solid, guess * float(np.sqrt(len(_triangles(grid, _vertices(grid)[0])) / triangles)), details)


def _axes(solid: Solid, step: float, details: Sequence[Detail]) -> tuple[F8, F8, F8]:
    ends = np.concatenate([[b.start, b.end] for b in solid.blobs])
    reach = np.concatenate([[b.radii[0] * np.array([b.wide, 1, 1]), b.radii[1] * np.array([b.wide, 1, 1])] for b in solid.blobs])
    low, high = (ends - reach).min(0) - 2 * step, (ends + reach).max(0) + 2 * step
    x, y, z = (_axis(low[a], high[a], step, [(d.centre[a], d.radius, d.factor) for d in details]) for a in range(3))
    return x, y, z


def _axis(low: float, high: float, step: float, details: list[tuple[float, float, float]]) -> F8:
    """Grid lines whose spacing shrinks near details; a whole number of blocks of them."""
    fine = np.linspace(low, high, 2000)
    density = np.ones_like(fine)
    for centre, radius, factor in details:
        density = np.maximum(density, 1 + (1 / factor - 1) * np.clip(1.6 - np.abs(fine - centre) / radius, 0, 0.6) / 0.6)
    lines = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2 * np.diff(fine))]) / step
    count = int(np.ceil(lines[-1] / _BLOCK)) * _BLOCK
    return np.asarray(np.interp(np.linspace(0, lines[-1], count + 1), lines, fine))


def _sampled(solid: Solid, axes: tuple[F8, F8, F8]) -> _Grid:
    grid = _Grid(axes)
    coarse = np.stack(np.meshgrid(*(a[_BLOCK // 2 :: _BLOCK] for a in axes), indexing="ij"), -1)
    half = [np.diff(a[::_BLOCK]) / 2 for a in axes]
    size = np.sqrt(half[0][:, None, None] ** 2 + half[1][None, :, None] ** 2 + half[2][None, None, :] ** 2)
    near = np.abs(solid.field(coarse.reshape(-1, 3)).reshape(size.shape)) < 1.5 * size + 0.004
    wanted = np.zeros(grid.shape, bool)
    block = np.argwhere(near) * _BLOCK
    span = np.arange(_BLOCK + 1)
    wanted[
        block[:, 0, None, None, None] + span[:, None, None],
        block[:, 1, None, None, None] + span[None, :, None],
        block[:, 2, None, None, None] + span[None, None, :],
    ] = True
    index = np.nonzero(wanted)
    grid.values = np.full(grid.shape, np.nan)
    grid.values[index] = solid.field(grid.points(*index))
    return grid


def _vertices(grid: _Grid) -> tuple[I4, F8]:
    """Cells (c, 3) that the surface crosses, and a vertex in each: the mean of the crossings of its edges."""
    inside = grid.values < 0
    n = grid.shape
    known = ~np.isnan(grid.values)
    count, whole = np.zeros(tuple(s - 1 for s in n), np.int32), np.ones(tuple(s - 1 for s in n), bool)
    for i, j, k in _CORNERS:
        part = (slice(i, n[0] - 1 + i), slice(j, n[1] - 1 + j), slice(k, n[2] - 1 + k))
        count += inside[part]
        whole &= known[part]
    cells = np.argwhere((count > 0) & (count < 8) & whole)
    corners = cells[:, None, :] + _CORNERS
    values = grid.values[corners[..., 0], corners[..., 1], corners[..., 2]]
    places = np.stack([grid.axes[a][corners[..., a]] for a in range(3)], -1)
    total, hits = np.zeros((len(cells), 3)), np.zeros(len(cells))
    for a, b in _EDGES:
        crossed = (values[:, a] < 0) != (values[:, b] < 0)
        share = np.where(crossed, values[:, a] / np.where(crossed, values[:, a] - values[:, b], 1.0), 0.0)
        total += crossed[:, None] * (places[:, a] + share[:, None] * (places[:, b] - places[:, a]))
        hits += crossed
    return cells.astype(np.int32), total / hits[:, None]


def _triangles(grid: _Grid, cells: I4) -> I4:
    """Each grid edge that the surface crosses joins the four cells around it."""
    number = np.full(grid.shape, -1, np.int32)
    number[tuple(cells.T)] = np.arange(len(cells))
    inside, known = grid.values < 0, ~np.isnan(grid.values)
    found = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        head = [slice(None)] * 3
        tail = [slice(None)] * 3
        head[axis], tail[axis] = slice(None, -1), slice(1, None)
        a, b = inside[tuple(head)], inside[tuple(tail)]
        at = np.argwhere((a != b) & known[tuple(head)] & known[tuple(tail)])
        at = at[(at[:, u] > 0) & (at[:, v] > 0)]
        step_u, step_v = np.eye(3, dtype=int)[u], np.eye(3, dtype=int)[v]
        quad = np.stack([number[tuple((at - du * step_u - dv * step_v).T)] for du, dv in ((1, 1), (0, 1), (0, 0), (1, 0))], 1)
        outward = a[tuple(at.T)]
        quad = np.where(outward[:, None], quad, quad[:, ::-1])
        quad = quad[(quad >= 0).all(1)]
        found += [quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]
    return np.concatenate(found).astype(np.int32)
