"""Triangles of the primitives. Edges are bevelled: they catch light, and an outline's hull stays closed around them."""

from math import pi

import numpy as np

from kinora_world.look.triangles import Mesh, grid, revolve
from kinora_world.scene import F8, I4

CHAMFER, QUARTER_ROUND = (0.0,), (0.0, 0.586)  # where an edge's vertices lie between rim and face; 1 - tan 22.5 degrees halves the turn


def box(half: F8, bevel: float, rounding: tuple[float, ...] = CHAMFER) -> Mesh:
    """Six lattices: flat faces, rounded edges."""
    bevel = min(bevel, float(half.min()) * 0.999)
    points: list[F8] = []
    triangles: list[I4] = []
    side = 2 * len(rounding) + 2
    order = grid(side, side)
    for axis in range(3):
        one, two = (axis + 1) % 3, (axis + 2) % 3
        along = [_lattice(float(half[k]), bevel, rounding) for k in (one, two)]
        u, v = (g.ravel() for g in np.meshgrid(*along, indexing="ij"))
        for sign in (-1, 1):
            corner = np.zeros((side * side, 3))
            corner[:, axis], corner[:, one], corner[:, two] = sign * half[axis], u, v
            triangles.append((order[:, ::-1] if sign > 0 else order) + side * side * len(points))
            points.append(corner)
    cube = np.concatenate(points)
    core = np.clip(cube, -(half - bevel), half - bevel)
    out = cube - core
    # A face's inner lattice lies straight above the core; its rim leans half-way to the neighbouring face.
    normal = out / np.linalg.norm(out, axis=1, keepdims=True)
    return Mesh(core + normal * bevel, normal, np.concatenate(triangles))


def _lattice(half: float, bevel: float, rounding: tuple[float, ...]) -> F8:
    rim = [-half + bevel * share for share in (*rounding, 1.0)]
    return np.array([*rim, *(-x for x in reversed(rim))])


def segments(radius: float, detail: float = 1.0) -> int:
    """How many sides a round thing has; `detail` is 1 near by and less far away."""
    return max(int(min(14 + radius * 60, 40) * detail), 9)


def sphere(radius: float, detail: float = 1.0) -> Mesh:
    sides = segments(radius, detail)
    rows = max(sides // 2 + 2, 7)
    angle = np.linspace(-pi / 2, pi / 2, rows)
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    return revolve(ring * radius, ring, sides + 4)


def ellipsoid(half: F8, detail: float = 1.0) -> Mesh:
    ball = sphere(float(half.max()), detail)
    normal = ball.normal / half
    return Mesh(ball.normal * half, normal / np.linalg.norm(normal, axis=1, keepdims=True), ball.triangles)


def cylinder(radius: float, half: float, detail: float = 1.0, *, top: float = 1.0) -> Mesh:
    """`top` scales the upper radius: 0 makes a cone."""
    bevel = min(0.012, radius * 0.3, half * 0.5)
    up = radius * top
    slope = np.array([2 * half, radius - up])
    slope /= np.linalg.norm(slope)
    profile = [(0, -half), (radius - bevel, -half), (radius, -half + bevel)]
    normals = [(0, -1), (0, -1), tuple(slope)]
    if top > 0:
        profile += [(up, half - bevel), (up - bevel, half), (0, half)]
        normals += [tuple(slope), (0, 1), (0, 1)]
    else:
        profile += [(radius * 0.5, 0), (radius * 0.03, half)]
        normals += [tuple(slope), tuple(slope)]
    return revolve(np.array(profile, np.float64), np.array(normals, np.float64), segments(radius, detail))


def capsule(radius: float, half: float, detail: float = 1.0) -> Mesh:
    angle = np.linspace(-pi / 2, pi / 2, 8 if detail == 1 else 5)
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    shift = np.where(angle[:, None] < 0, -half, half) * (0, 1)
    return revolve(ring * radius + shift, ring, segments(radius, detail) - 1)


def torus(ring: float, tube: float, detail: float = 1.0) -> Mesh:
    angle = np.linspace(-pi, pi, 10)
    circle = np.stack([np.cos(angle), np.sin(angle)], -1)
    return revolve(circle * tube + (ring, 0), circle, int(40 * detail))


def plane(half: F8, cells: int = 1) -> Mesh:
    u = np.linspace(-1, 1, cells + 1)
    x, y = (g.ravel() for g in np.meshgrid(u * half[0], u * half[1], indexing="ij"))
    return Mesh(np.stack([x, y, np.zeros_like(x)], -1), np.tile((0.0, 0.0, 1.0), (len(x), 1)), grid(cells + 1, cells + 1)[:, ::-1])
