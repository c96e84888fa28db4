"""The triangles of any shape."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from kinora_world.look.foliage import frond, leaves, needles, tuft
from kinora_world.look.geometry import QUARTER_ROUND, box, capsule, cylinder, ellipsoid, plane, segments, sphere, torus
from kinora_world.look.outlines import extrusion, lathe, tube
from kinora_world.look.terrain import massif
from kinora_world.look.triangles import Mesh
from kinora_world.scene import Shape, ShapeKind
from kinora_world.solids import course, profile, rotation

_GROWN: dict[tuple[str, str], Callable[[Shape], Mesh]] = {  # by finish and kind
    ("leaf", "sphere"): lambda shape: leaves(shape.size[0], rotation(shape).T @ shape.position, _seed(shape)),
    ("needle", "cone"): lambda shape: needles(shape.size[0], shape.size[1], _seed(shape)),
    ("tuft", "cylinder"): lambda shape: tuft(shape.size[0], shape.size[1], _seed(shape)),
    ("mountain", "cone"): lambda shape: massif(shape.size[0], shape.size[1], _seed(shape)),
    ("crag", "cone"): lambda shape: massif(shape.size[0], shape.size[1], _seed(shape), flat=0.62),
    ("frond", "plane"): lambda shape: frond(shape.size[0], shape.size[1]),
}
_BY_KIND: dict[str, Callable[[Shape], Mesh]] = {
    "box": lambda shape: box(np.array(shape.size), min(0.012 if max(shape.size) < 2 else 0.03, min(shape.size) * 0.45)),
    "rounded": lambda shape: box(np.array(shape.size[:3]), shape.size[3], QUARTER_ROUND),
    "sphere": lambda shape: sphere(shape.size[0]),
    "ellipsoid": lambda shape: ellipsoid(np.array(shape.size)),
    "cylinder": lambda shape: cylinder(*shape.size),
    "cone": lambda shape: cylinder(shape.size[0], shape.size[1], top=0.0),
    "capsule": lambda shape: capsule(*shape.size),
    "torus": lambda shape: torus(*shape.size),
    "plane": lambda shape: plane(np.array(shape.size)),
    "lathe": lambda shape: lathe(profile(shape), segments(float(profile(shape)[:, 0].max()))),
    "extrusion": lambda shape: extrusion(shape.size[0], shape.size[1], profile(shape)),
    "tube": lambda shape: tube(shape.size[0], course(shape)),
}


def primitive(shape: Shape) -> Mesh:
    """The shape's triangles in its own frame."""
    grown = _GROWN.get((shape.finish, shape.kind))
    return _plain(shape.kind, shape.size) if grown is None else grown(shape)


@lru_cache(2048)
def _plain(kind: ShapeKind, size: tuple[float, ...]) -> Mesh:
    return _BY_KIND[kind](Shape(kind, size))


def _seed(shape: Shape) -> int:
    return hash(shape.position) & 0xFFFF


def stood(mesh: Mesh, shape: Shape) -> Mesh:
    """The mesh moved into the frame its shape is given in."""
    turn = rotation(shape)
    return Mesh(mesh.position @ turn.T + shape.position, mesh.normal @ turn.T, mesh.triangles, mesh.card)
