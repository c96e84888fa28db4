"""Ears, horns, fins, eyes: meshes that ride on one bone, or along several."""

from itertools import pairwise

import numpy as np

from kinora_world.cast.creatures.implicit import Mesh
from kinora_world.cast.skeleton import unit
from kinora_world.cast.surface import normals
from kinora_world.scene import F8


def loft(path: F8, radii: F8, side: F8, rounds: int = 10) -> Mesh:
    """A closed tube along `path` (k, 3) with elliptic rings: `radii` (k, 2) across `side` (3,) and across what is normal to it."""
    path, radii = np.asarray(path, float), np.asarray(radii, float)
    along = unit(np.gradient(path, axis=0))
    across = unit(side - along * (along @ side)[:, None])
    other = np.cross(along, across)
    turn = np.linspace(0, 2 * np.pi, rounds, endpoint=False)
    ring = radii[:, None, :1] * np.cos(turn)[:, None] * across[:, None] + radii[:, None, 1:] * np.sin(turn)[:, None] * other[:, None]
    points = np.concatenate([(path[:, None] + ring).reshape(-1, 3), path[:1], path[-1:]])
    at = np.arange(len(path) * rounds).reshape(len(path), rounds)
    after = np.roll(at, -1, axis=1)
    walls = [np.stack([at[:-1], after[:-1], after[1:]], -1), np.stack([at[:-1], after[1:], at[1:]], -1)]
    first, last = np.full(rounds, len(points) - 2), np.full(rounds, len(points) - 1)
    ends = [np.stack([first, after[0], at[0]], -1), np.stack([last, at[-1], after[-1]], -1)]
    triangles = np.concatenate([t.reshape(-1, 3) for t in (*walls, *ends)]).astype(np.int32)
    return Mesh(points, normals(points, triangles), triangles)


def dome(centre: F8, radius: float, axis: F8, angle: float, *, up: F8 | None = None, shape: tuple[float, float] = (1.0, 1.0)) -> Mesh:
    """The part of a sphere within `angle` radians of `axis`; `shape` squeezes its rim sideways and upwards. A whole ball at pi."""
    rings, rounds = max(3, int(angle * 3.5)), 16
    forward = unit(np.asarray(axis, float))
    beside = unit(np.cross(np.array([0.0, 0.0, 1.0]) if up is None else up, forward))
    above = np.cross(forward, beside)
    polar, turn = np.meshgrid(np.linspace(0, angle, rings + 1)[1:], np.linspace(0, 2 * np.pi, rounds, endpoint=False), indexing="ij")
    flat = np.stack([np.sin(polar) * np.cos(turn) * shape[0], np.sin(polar) * np.sin(turn) * shape[1]], -1)
    depth = np.sqrt(np.maximum(1 - (flat**2).sum(-1), 0)) * np.sign(np.cos(polar) + 1e-9)
    way = np.concatenate([forward[None], (flat[..., :1] * beside + flat[..., 1:] * above + depth[..., None] * forward).reshape(-1, 3)])
    at = 1 + np.arange(rings * rounds).reshape(rings, rounds)
    after = np.roll(at, -1, axis=1)
    fan = np.stack([np.zeros(rounds, int), at[0], after[0]], -1)
    walls = [np.stack([at[:-1], at[1:], after[1:]], -1), np.stack([at[:-1], after[1:], after[:-1]], -1)]
    triangles = np.concatenate([t.reshape(-1, 3) for t in (fan, *walls)]).astype(np.int32)
    return Mesh(centre + radius * way, way, triangles)


def ball(centre: F8, radii: F8 | float, *, axis: F8 | None = None) -> Mesh:
    """An ellipsoid; `radii` (3,) along X, Y, Z."""
    whole = dome(np.zeros(3), 1.0, np.array([0.0, -1.0, 0.0]) if axis is None else axis, np.pi)
    size = np.broadcast_to(np.asarray(radii, float), 3)
    return Mesh(whole.positions * size + centre, unit(whole.normals / size), whole.triangles)


def mirrored(mesh: Mesh) -> Mesh:
    """On the other side of the middle plane."""
    flip = np.array([-1.0, 1.0, 1.0])
    return Mesh(mesh.positions * flip, mesh.normals * flip, mesh.triangles[:, ::-1].copy())


def merged(*meshes: Mesh) -> Mesh:
    starts = np.cumsum([0] + [len(m.positions) for m in meshes])
    return Mesh(
        np.concatenate([m.positions for m in meshes]),
        np.concatenate([m.normals for m in meshes]),
        np.concatenate([m.triangles + start for m, start in zip(meshes, starts[:-1], strict=True)]).astype(np.int32),
    )


def curve(start: F8, *ways: F8, count: int = 9) -> F8:
    """A smooth path (count, 3) through `start` and further points given from one to the next (quadratic or cubic Bernstein)."""
    points = np.cumsum([start, *ways], axis=0)
    share = np.linspace(0, 1, count)[:, None]
    while len(points) > 1 and points.ndim == 2:
        layers = [np.broadcast_to(p, (count, 3)) for p in points]
        while len(layers) > 1:
            layers = [a * (1 - share) + b * share for a, b in pairwise(layers)]
        return np.asarray(layers[0])
    return points


def tapered(count: int, root: float, middle: float, tip: float) -> F8:
    """Radii (count,) from root over middle to tip, quadratic."""
    u = np.linspace(0, 1, count)
    return np.asarray((1 - u) ** 2 * root + 2 * u * (1 - u) * middle + u**2 * tip)
