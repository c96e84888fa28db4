"""Fewer triangles where a surface is nearly flat: half-edges collapse while planes around them stay near (Garland and Heckbert, 1997).

What is left uses vertices of the finer mesh, so that skins and shapes go on fitting. Collapses that do not touch one another are made in
the same round, all at once.
"""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kinora_world.scene import F4, F8, I4

_WORTH = 0.05  # share of the vertices that a round must take away to be followed by another
_BEND = 0.8  # cosine between the normals of two vertices that may become one
_TURN = 0.6  # cosine by which a triangle may turn
_THIN = 0.12  # twice a triangle's area over its longest side squared: thinner ones are made of thinner ones alone
_SHORT = 1e-4  # of a side's square is added to its cost: where all is flat the shortest goes first

_Flags = NDArray[np.bool_]
_Numbers = NDArray[np.int64]


def simplified(positions: F4, normals: F4, triangles: I4, tolerance: F8, longest: float) -> I4:
    """The triangles (m, 3) left. `tolerance` (n,) is how far, in metres, planes around a vertex may lie from where it goes; sides that are
    made measure `longest` metres at most. Borders stay as they are.
    """
    used, numbers = np.unique(triangles, return_inverse=True)
    mesh = _Mesh(positions[used].astype(np.float64), normals[used].astype(np.float64), numbers.reshape(-1, 3))
    while mesh.thin_out(tolerance[used] ** 2, longest**2) > _WORTH * len(mesh.triangles) / 2:
        pass
    return np.asarray(used[mesh.triangles], np.int32)


class _Mesh:
    def __init__(self, points: F8, normals: F8, triangles: _Numbers) -> None:
        self.triangles = triangles
        self._points, self._normals = points, normals
        a, b, c = (points[triangles[:, k]] for k in range(3))
        across = _cross(b - a, c - a)
        area = np.sqrt(_squared(across))
        plane = across / np.maximum(area, 1e-15)[:, None]
        plane = np.column_stack([plane, -_dot(plane, a)])
        quadric = (plane[:, :, None] * plane[:, None] * area[:, None, None]).reshape(-1, 16)
        ends = np.arange(0, triangles.size + 1, 3)
        around = sp.csr_matrix((np.ones(triangles.size), triangles.ravel(), ends), (len(triangles), len(points))).T
        self._quadrics, self._areas = around @ quadric, around @ area

    def thin_out(self, tolerance: F8, longest: float) -> int:
        """One round; how many vertices it took away. Both bounds are squared."""
        target = self._nearest(tolerance)
        target[self._spoilt(target, longest)] = -1
        gone = self._apart(target >= 0)
        to = np.where(gone, target, np.arange(len(target)))
        np.add.at(self._quadrics, target[gone], self._quadrics[gone])
        np.add.at(self._areas, target[gone], self._areas[gone])
        left = to[self.triangles]
        self.triangles = left[(left[:, 0] != left[:, 1]) & (left[:, 1] != left[:, 2]) & (left[:, 2] != left[:, 0])]
        return int(gone.sum())

    def _nearest(self, tolerance: F8) -> _Numbers:
        """(n,): the neighbour nearest to each vertex's planes, within the tolerance; -1 where there is none, on borders and at forks."""
        count = len(self._points)
        start, end = self.triangles.ravel(), np.roll(self.triangles, -1, 1).ravel()
        sides, faces = np.unique(np.minimum(start, end) * count + np.maximum(start, end), return_counts=True)
        low, high = sides // count, sides % count
        stays = np.zeros(count, bool)
        stays[low[faces != 2]] = stays[high[faces != 2]] = True
        start, end = np.concatenate([low, high]), np.concatenate([high, low])
        beside = sp.csr_matrix((np.ones(len(start), np.int8), (start, end)), (count, count))
        kept = ~stays[start] & (_dot(self._normals[start], self._normals[end]) > _BEND)
        start, end = start[kept], end[kept]
        off = self._off(start, end)
        order = np.lexsort((off + _SHORT * _squared(self._points[start] - self._points[end]), start))
        order = order[off[order] < tolerance[start[order]]]
        own, first = np.unique(start[order], return_index=True)
        best = end[order[first]]
        closed = np.asarray(beside[own].multiply(beside[best]).sum(1)).ravel() == 2  # else what is left would fold
        target = np.full(count, -1)
        target[own[closed]] = best[closed]
        return target

    def _off(self, start: _Numbers, end: _Numbers) -> F8:
        """(e,): the mean square of the distances from `end` to the planes around `start`."""
        at = np.column_stack([self._points[end], np.ones(len(end))])
        moved = (self._quadrics[start].reshape(-1, 4, 4) @ at[:, :, None])[:, :, 0]
        return np.asarray(_dot(at, moved) / np.maximum(self._areas[start], 1e-15))

    def _spoilt(self, target: _Numbers, longest: float) -> _Numbers:
        """Vertices that would turn a triangle over, or make it too thin or long."""
        found = []
        for corner in range(3):
            own, one, two = (self.triangles[:, (corner + k) % 3] for k in range(3))
            to = target[own]
            left = (to >= 0) & (to != one) & (to != two)
            own, one, two, to = own[left], one[left], two[left], to[left]
            before, size, side = self._triangle(own, one, two)
            after, new_size, new_side = self._triangle(to, one, two)
            turned = _dot(before, after) < _TURN * size * new_size
            thin = new_size * side < np.minimum(_THIN * side, 0.5 * size) * new_side
            found.append(own[turned | thin | (new_side > np.maximum(longest, side))])
        return np.concatenate(found)

    def _triangle(self, *corners: _Numbers) -> tuple[F8, F8, F8]:
        """Of each: its normal as long as twice its area, that length, and the square of its longest side."""
        a, b, c = (self._points[corner] for corner in corners)
        across = _cross(b - a, c - a)
        longest = np.maximum(np.maximum(_squared(b - a), _squared(c - a)), _squared(c - b))
        return across, np.sqrt(_squared(across)), longest

    def _apart(self, ready: _Flags) -> _Flags:
        """Of vertices that are ready to go, some of which no two share a triangle: the first of their neighbours by lot."""
        lot = np.where(ready, np.random.default_rng(len(self.triangles)).random(len(ready)), np.inf)
        later = lot[self.triangles] > lot[self.triangles].min(1, keepdims=True)
        ready[self.triangles[later]] = False
        return ready


def _cross(a: F8, b: F8) -> F8:
    """As np.cross, which takes three times as long."""
    (ax, ay, az), (bx, by, bz) = a.T, b.T
    return np.stack([ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx], -1)


def _dot(a: F8, b: F8) -> F8:
    return np.asarray(np.einsum("ij,ij->i", a, b))


def _squared(a: F8) -> F8:
    return _dot(a, a)
