"""Triangles of the primitives. Edges are bevelled: they catch light, and an outline's hull stays closed around them."""

from collections.abc import Callable
from dataclasses import dataclass
from math import pi

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import F8, I4, Shape


@dataclass(frozen=True, slots=True)
class Mesh:
    position: F8  # (n, 3)
    normal: F8  # (n, 3)
    triangles: I4  # (m, 3), counter-clockwise seen from outside
    card: F8 | None = None  # (n, 3) place on a leaf's card, -1..1, in the stead of a local normal


def _grid(rows: int, columns: int) -> I4:
    """Triangles of a rows x columns lattice of vertices."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.stack([a, b, c, a, c, d], -1).reshape(-1, 3).astype(np.int32)


def revolve(profile: F8, normals: F8, segments: int) -> Mesh:
    """A profile of (radius, z) from bottom to top, turned about Z; `normals` are (radial, z)."""
    angle = np.linspace(0, 2 * pi, segments + 1)
    circle = np.stack([np.cos(angle), np.sin(angle)], -1)

    def around(p: F8) -> F8:
        return np.concatenate([p[:, None, :1] * circle[None], np.broadcast_to(p[:, None, 1:], (len(p), segments + 1, 1))], -1).reshape(
            -1, 3
        )

    return Mesh(around(profile), around(normals), _grid(len(profile), segments + 1))


def box(half: F8, bevel: float) -> Mesh:
    """Six 4x4 lattices: flat faces, quarter-round edges."""
    bevel = min(bevel, float(half.min()) * 0.45)
    steps = np.array([-1.0, 0.0, 1.0, 2.0])
    u, v = (g.ravel() for g in np.meshgrid(steps, steps, indexing="ij"))
    points: list[F8] = []
    triangles: list[I4] = []
    for axis in range(3):
        for sign in (-1, 1):
            one, two = (axis + 1) % 3, (axis + 2) % 3
            corner = np.zeros((16, 3))
            corner[:, axis] = sign * half[axis]
            for at, steps_along in ((one, u), (two, v)):
                edge = half[at] - bevel
                corner[:, at] = np.select([steps_along < 0, steps_along == 0, steps_along == 1], [-half[at], -edge, edge], half[at])
            order = _grid(4, 4)
            triangles.append((order[:, ::-1] if sign > 0 else order) + 16 * len(points))
            points.append(corner)
    cube = np.concatenate(points)
    core = np.clip(cube, -(half - bevel), half - bevel)
    out = cube - core
    # A face's inner lattice lies straight above the core; its rim leans half-way to the neighbouring face.
    normal = out / np.linalg.norm(out, axis=1, keepdims=True)
    return Mesh(core + normal * bevel, normal, np.concatenate(triangles))


def _segments(radius: float) -> int:
    return int(np.clip(10 + radius * 60, 12, 40))


def sphere(radius: float) -> Mesh:
    rows = max(_segments(radius) // 2 + 2, 10)
    angle = np.linspace(-pi / 2, pi / 2, rows)
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    return revolve(ring * radius, ring, _segments(radius) + 4)


def cylinder(radius: float, half: float, top: float = 1.0) -> Mesh:
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
    return revolve(np.array(profile, np.float64), np.array(normals, np.float64), _segments(radius))


def capsule(radius: float, half: float) -> Mesh:
    angle = np.linspace(-pi / 2, pi / 2, 8)
    ring = np.stack([np.cos(angle), np.sin(angle)], -1)
    shift = np.where(angle[:, None] < 0, -half, half) * (0, 1)
    return revolve(ring * radius + shift, ring, _segments(radius) - 2)


def torus(ring: float, tube: float) -> Mesh:
    angle = np.linspace(-pi, pi, 10)
    circle = np.stack([np.cos(angle), np.sin(angle)], -1)
    return revolve(circle * tube + (ring, 0), circle, 40)


def plane(half: F8, cells: int = 1) -> Mesh:
    u = np.linspace(-1, 1, cells + 1)
    x, y = (g.ravel() for g in np.meshgrid(u * half[0], u * half[1], indexing="ij"))
    return Mesh(np.stack([x, y, np.zeros_like(x)], -1), np.tile((0.0, 0.0, 1.0), (len(x), 1)), _grid(cells + 1, cells + 1)[:, ::-1])


def leaves(radius: float, seed: int) -> Mesh:
    """A clump of leaf cards about a sphere, shaded as the sphere: soft masses with a ragged edge, not a ball."""
    rng = np.random.default_rng(seed)
    count = int(np.clip(44 + radius * 22, 44, 96))
    turn = np.arange(count) * 2.39996
    z = 1 - 2 * (np.arange(count) + 0.5) / count
    out = _unit(np.stack([np.sqrt(1 - z * z) * np.cos(turn), np.sqrt(1 - z * z) * np.sin(turn), z], -1) + rng.normal(0, 0.12, (count, 3)))
    lean = _unit(out + rng.normal(0, 0.42, out.shape))
    side = _unit(np.cross(lean, rng.normal(0, 1, out.shape)))
    size = radius * rng.uniform(0.34, 0.5, (count, 1))
    centre = out * radius * rng.uniform(0.74, 0.96, (count, 1)) * (1, 1, 0.84)
    # Nearest the audience first: what lies behind is then not shaded.
    order = np.argsort(centre[:, 1])
    out, lean, side, size, centre = out[order], lean[order], side[order], size[order], centre[order]
    across = np.cross(lean, side)
    square = ((-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0))
    position = np.stack([centre + (a * side + b * across) * size for a, b in square], 1).reshape(-1, 3)
    normal = _unit(position * 0.7 + np.repeat(out, 4, 0) * radius * 0.5)
    quad = np.array([[0, 1, 2], [0, 2, 3]])
    triangles = (quad[None] + 4 * np.arange(count)[:, None, None]).reshape(-1, 3).astype(np.int32)
    card = np.column_stack([np.tile(square, (count, 1)), np.repeat(rng.uniform(0, 1, count), 4)])
    return _join(_core(radius * 0.8), Mesh(position, normal, triangles, card))


def _core(radius: float) -> Mesh:
    """The clump's dark inside: hides the cards behind it, which is most of the cost of leaves."""
    arc = _arc(7)
    ball = revolve(arc * radius, arc, 10)
    return Mesh(ball.position * (1, 1, 0.84), ball.normal, ball.triangles, np.tile((0.0, 0.0, -1.0), (len(ball.position), 1)))


def _join(first: Mesh, second: Mesh) -> Mesh:
    triangles = np.concatenate([first.triangles, second.triangles + len(first.position)]).astype(np.int32)
    pairs = [(first.position, second.position), (first.normal, second.normal), (first.card, second.card)]
    position, normal, card = (np.concatenate([a, b]) for a, b in pairs if a is not None and b is not None)
    return Mesh(position, normal, triangles, card)


def _unit(vectors: F8) -> F8:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _arc(steps: int) -> F8:
    """A half circle from pole to pole."""
    angle = np.linspace(-pi / 2, pi / 2, steps)
    return np.stack([np.cos(angle), np.sin(angle)], -1)


def tuft(radius: float, half: float, seed: int) -> Mesh:
    """Blades of grass bending outwards from the base."""
    rng = np.random.default_rng(seed)
    count = 22
    angle = rng.uniform(0, 2 * pi, count)
    out = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], -1)
    side = np.stack([-np.sin(angle), np.cos(angle), np.zeros(count)], -1)
    base = out * rng.uniform(0, 0.45, (count, 1)) * radius - (0, 0, half)
    tall = rng.uniform(0.55, 1.0, (count, 1)) * 2 * half
    rise, bend = np.array([0.0, 0.0, 1.0]), rng.uniform(0.1, 0.7, (count, 1)) * radius
    wide = 0.035 * 2 * half + 0.004
    middle = base + rise * tall * 0.6 + out * bend * 0.4
    position = np.stack(
        [base - side * wide, base + side * wide, middle + side * wide * 0.8, middle - side * wide * 0.8, base + rise * tall + out * bend], 1
    )
    normal = np.repeat(out * 0.35 + rise, 5, 0)
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    blade = np.array([[0, 1, 2], [0, 2, 3], [3, 2, 4]])
    return Mesh(position.reshape(-1, 3), normal, (blade[None] + 5 * np.arange(count)[:, None, None]).reshape(-1, 3).astype(np.int32))


def frond(length: float, width: float) -> Mesh:
    """A palm leaf along X, arching down towards its tip, folded along its rib."""
    flat = plane(np.array([length, width]), 8)
    along = flat.position[:, 0] / length * 0.5 + 0.5
    position = flat.position.copy()
    position[:, 1] *= np.sin(np.clip(along * 1.05 + 0.06, 0, 1) * pi) ** 0.55
    position[:, 2] = -0.75 * length * along**2.2 - 0.55 * np.abs(position[:, 1])
    return Mesh(position, flat.normal, flat.triangles)


_BY_FINISH: dict[str, Callable[[Shape], Mesh]] = {
    "leaf": lambda shape: leaves(shape.size[0], _seed(shape)),
    "tuft": lambda shape: tuft(shape.size[0], shape.size[1], _seed(shape)),
    "frond": lambda shape: frond(shape.size[0], shape.size[1]),
}
_BY_KIND: dict[str, Callable[..., Mesh]] = {
    "box": lambda *half: box(np.array(half), 0.012 if max(half) < 2 else 0.03),
    "sphere": sphere,
    "cylinder": cylinder,
    "cone": lambda radius, half: cylinder(radius, half, top=0.0),
    "capsule": capsule,
    "torus": torus,
    "plane": lambda *half: plane(np.array(half)),
}


def primitive(shape: Shape) -> Mesh:
    """The shape's triangles in its own frame."""
    if shape.finish in _BY_FINISH:
        return _BY_FINISH[shape.finish](shape)
    return _BY_KIND[shape.kind](*shape.size)


def _seed(shape: Shape) -> int:
    return hash(shape.position) & 0xFFFF


def stood(mesh: Mesh, shape: Shape) -> Mesh:
    """The mesh moved into the frame its shape is given in."""
    turn = Rotation.from_euler("XYZ", shape.rotation, degrees=True).as_matrix()
    return Mesh(mesh.position @ turn.T + shape.position, mesh.normal @ turn.T, mesh.triangles, mesh.card)
