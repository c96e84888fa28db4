"""Small solids made from scratch, and how they hold on to the body."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from kinora_world.cast.lattice import lattice, numbered, riding
from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface
from kinora_world.scene import F8, I4


@dataclass(frozen=True, slots=True)
class Solid:
    """`positions` (n, 3) and `triangles` (m, 3), that ride on nothing yet."""

    positions: F8
    triangles: I4


def joined(solids: list[Solid]) -> Solid:
    starts = np.cumsum([0] + [len(s.positions) for s in solids])
    triangles = [s.triangles + start for s, start in zip(solids, starts[:-1], strict=True)]
    return Solid(np.concatenate([s.positions for s in solids]), np.concatenate(triangles).astype(np.int32))


def attached(solid: Solid, host: Surface, *, whole: bool = True) -> Surface:
    """Carried by the nearest vertices of `host`: as one stiff piece, or each vertex by those next to it."""
    tree = cKDTree(host.positions)
    at = solid.positions.mean(0, keepdims=True) if whole else solid.positions
    _, index = tree.query(at, k=4)
    mix = sum((host.mix[index[:, k]] for k in range(1, 4)), host.mix[index[:, 0]]) * 0.25
    rows = np.zeros(len(solid.positions), int) if whole else np.arange(len(solid.positions))
    return Surface(sp.csr_matrix(mix)[rows], solid.positions, solid.triangles)


def on_bone(solid: Solid, m: Measures, bone: str) -> Surface:
    """Stiffly carried by one bone."""
    return Surface(riding(m, {bone: np.ones(len(solid.positions))}), solid.positions, solid.triangles)


def disc(centre: F8, facing: F8, radius: float, thick: float, sides: int = 10) -> Solid:
    """A round plate with a flat face and a bevelled rim."""
    aside = np.cross(facing, [0.0, 0.0, 1.0] if abs(facing[2]) < 0.9 else [1.0, 0.0, 0.0])
    aside /= np.linalg.norm(aside)
    other = np.cross(facing, aside)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    ring = np.cos(turn)[:, None] * aside + np.sin(turn)[:, None] * other
    points = np.concatenate([centre + radius * ring, centre + 0.8 * radius * ring + thick * facing, [centre + thick * facing]])
    index = numbered(2, sides)
    fan = np.stack([np.full(sides, 2 * sides), index[1], np.roll(index[1], -1)], 1)
    return outward(Solid(points, np.concatenate([lattice(index, closed=True), fan]).astype(np.int32)), centre - facing * radius)


def outward(solid: Solid, centre: F8) -> Solid:
    """Each triangle turned to face away from `centre`."""
    a, b, c = (solid.positions[solid.triangles[:, k]] for k in range(3))
    inward = (np.cross(b - a, c - a) * ((a + b + c) / 3 - centre)).sum(1) < 0
    triangles = solid.triangles.copy()
    triangles[inward] = triangles[inward][:, ::-1]
    return Solid(solid.positions, triangles)


def tube(path: F8, radii: F8, sides: int = 6, *, closed: bool = False, flat: float = 1.0) -> Solid:
    """Around a path (n, 3) of distinct points with a radius (n,) each; `flat` squeezes its section. Ends of radius 0 make tips."""
    along = np.gradient(path, axis=0) if not closed else np.roll(path, -1, 0) - np.roll(path, 1, 0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    mean = np.abs(along).mean(0)
    helper = np.eye(3)[int(mean.argmin())]
    first = np.cross(along, helper)
    first /= np.maximum(np.linalg.norm(first, axis=1, keepdims=True), 1e-9)
    second = np.cross(along, first)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    section = np.cos(turn)[None, :, None] * first[:, None] * flat + np.sin(turn)[None, :, None] * second[:, None]
    points = path[:, None] + radii[:, None, None] * section
    index = numbered(len(path), sides)
    if closed:
        index = np.concatenate([index, index[:1]])
    beside = np.roll(index, -1, 1)
    a, b, c, d = (x.ravel() for x in (index[:-1], beside[:-1], index[1:], beside[1:]))
    return Solid(points.reshape(-1, 3), np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)]).astype(np.int32))


def ball(centre: F8, radius: float | F8, rings: int = 7, sides: int = 10) -> Solid:
    """A sphere, or an ellipsoid with a radius per axis."""
    polar = np.linspace(0, np.pi, rings)
    turn = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    unit = np.stack(
        [np.outer(np.sin(polar), np.sin(turn)), -np.outer(np.sin(polar), np.cos(turn)), np.outer(np.cos(polar), np.ones(sides))], -1
    )
    index = numbered(rings, sides)
    return Solid((centre + unit * radius).reshape(-1, 3), lattice(index, closed=True))
