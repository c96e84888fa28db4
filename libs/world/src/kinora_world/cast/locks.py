"""Locks of hair: flat tapering strands that grow from the scalp, many at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from kinora_world.cast.lattice import numbered
from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import Solid
from kinora_world.scene import F8, I4

RINGS = 6


@dataclass(frozen=True, slots=True)
class Skull:
    """The head without its ears as distances from a centre, by direction."""

    centre: F8
    face: float  # size against an adult's head
    radius: Callable[[F8], F8]  # directions (..., 3) to metres (...)

    def at(self, azimuth: F8, polar: F8, lift: F8) -> F8:
        """Points over the scalp: degrees around from the face, degrees down from the crown, metres of an adult's head above the skin."""
        way = direction(azimuth, polar)
        return self.centre + way * (self.radius(way) + lift * self.face)[..., None]


def direction(azimuth: F8, polar: F8) -> F8:
    """Unit vectors (..., 3)."""
    a, p = np.radians(azimuth), np.radians(polar)
    return np.stack([np.sin(p) * np.sin(a), -np.sin(p) * np.cos(a), np.cos(p) * np.ones_like(a)], -1)


def skull_of(m: Measures, scalp: F8) -> Skull:
    """`scalp` (n, 3) are points of the head above the cheeks."""
    eye = m.landmarks["eye_left"]
    centre = np.array([0.0, eye[1] + 0.085 * m.face, eye[2] + 0.035 * m.face])
    length = np.linalg.norm(scalp - centre, axis=1)
    tree = cKDTree((scalp - centre) / length[:, None])

    def radius(directions: F8) -> F8:
        distance, index = tree.query(directions, k=6)
        weight = 1 / (distance + 0.004) ** 2
        return np.asarray((length[index] * weight).sum(-1) / weight.sum(-1))

    return Skull(centre, m.face, radius)


def strands(paths: F8, outward: F8, width: F8, thick: F8) -> Solid:
    """Strands along `paths` (k, r, 3), a ridge and a back flat against `outward` (k, r, 3), `width` and `thick` (k, r) metres."""
    along = np.gradient(paths, axis=1)
    beside = np.cross(along, outward)
    beside /= np.maximum(np.linalg.norm(beside, axis=2, keepdims=True), 1e-9)
    over = np.cross(beside, along)
    over /= np.maximum(np.linalg.norm(over, axis=2, keepdims=True), 1e-9)
    half, high = width[..., None] / 2, thick[..., None]
    ring = np.stack([paths + beside * half, paths + over * high, paths - beside * half], 2)
    return Solid(ring.reshape(-1, 3), _sides(*paths.shape[:2]))


def _sides(count: int, rings: int) -> I4:
    """Triangles of `count` three-sided strands of `rings` rings."""
    index = numbered(count * rings, 3).reshape(count, rings, 3)
    beside = np.roll(index, -1, 2)
    a, b, c, d = (x.ravel() for x in (index[:, :-1], beside[:, :-1], index[:, 1:], beside[:, 1:]))
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)]).astype(np.int32)


def tapered(count: int, width: float | F8, tip: float = 0.04) -> F8:
    """(count, RINGS): wide soon after the root, pointed at the end."""
    share = np.linspace(0, 1, RINGS)
    shape = np.interp(share, (0, 0.25, 0.6, 1), (0.7, 1.0, 0.8, tip))
    return np.broadcast_to(width, (count,))[:, None] * shape


def spread(count: int, *, polar: tuple[float, float]) -> tuple[F8, F8]:
    """Azimuths and polar angles in degrees, evenly scattered over the crown (a Fibonacci lattice)."""
    k = np.arange(count) + 0.5
    low, high = np.cos(np.radians(polar[1])), np.cos(np.radians(polar[0]))
    return np.asarray((k * 137.50776) % 360), np.asarray(np.degrees(np.arccos(low + (high - low) * k / count)))
