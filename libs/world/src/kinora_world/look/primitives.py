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

FULL_WITHIN = 9.0  # metres from the middle of the stage; farther things have fewer sides
COARSE = 0.35  # the least detail there is

_GROWN: dict[tuple[str, str], Callable[[Shape], Mesh]] = {  # by finish and kind
    ("leaf", "sphere"): lambda shape: leaves(shape.size[0], rotation(shape).T @ shape.position, _seed(shape)),
    ("needle", "cone"): lambda shape: needles(shape.size[0], shape.size[1], _seed(shape)),
    ("tuft", "cylinder"): lambda shape: tuft(shape.size[0], shape.size[1], _seed(shape)),
    ("frond", "plane"): lambda shape: frond(shape.size[0], shape.size[1]),
    ("mountain", "cone"): lambda shape: massif(shape.size[0], shape.size[1], _seed(shape)),
    ("crag", "cone"): lambda shape: massif(shape.size[0], shape.size[1], _seed(shape), flat=0.62),
    ("cloud", "ellipsoid"): lambda shape: ellipsoid(np.array(shape.size), COARSE),
}
_PLAIN: dict[str, Callable[[Shape, float], Mesh]] = {
    "box": lambda shape, _: box(np.array(shape.size), min(0.012 if max(shape.size) < 2 else 0.03, min(shape.size) * 0.45)),
    "rounded": lambda shape, _: box(np.array(shape.size[:3]), shape.size[3], QUARTER_ROUND),
    "sphere": lambda shape, detail: sphere(shape.size[0], detail),
    "ellipsoid": lambda shape, detail: ellipsoid(np.array(shape.size), detail),
    "cylinder": lambda shape, detail: cylinder(shape.size[0], shape.size[1], detail),
    "cone": lambda shape, detail: cylinder(shape.size[0], shape.size[1], detail, top=0.0),
    "capsule": lambda shape, detail: capsule(shape.size[0], shape.size[1], detail),
    "torus": lambda shape, detail: torus(shape.size[0], shape.size[1], detail),
    "plane": lambda shape, _: plane(np.array(shape.size)),
    "lathe": lambda shape, detail: lathe(profile(shape), segments(float(profile(shape)[:, 0].max()), detail)),
    "extrusion": lambda shape, _: extrusion(shape.size[0], shape.size[1], profile(shape)),
    "tube": lambda shape, _: tube(shape.size[0], course(shape)),
}


def primitive(shape: Shape) -> Mesh:
    """The shape's triangles in its own frame; fewer for what stands far from the stage's middle and is not large."""
    if (shape.finish, shape.kind) in _GROWN:
        return _grown(shape)
    return _plain(shape.kind, shape.size, _detail(shape))


@lru_cache(512)
def _grown(shape: Shape) -> Mesh:
    """A stage asks for it as what is seen, as what casts a shadow, and as what stands on the ground."""
    return _GROWN[shape.finish, shape.kind](shape)


def _detail(shape: Shape) -> float:
    away = float(np.hypot(shape.position[0], shape.position[1]))
    if away < FULL_WITHIN or max(shape.size) > 0.25 * away:
        return 1.0
    return 0.6 if away < 2 * FULL_WITHIN else COARSE


@lru_cache(2048)
def _plain(kind: ShapeKind, size: tuple[float, ...], detail: float) -> Mesh:
    return _PLAIN[kind](Shape(kind, size), detail)


def _seed(shape: Shape) -> int:
    return hash(shape.position) & 0xFFFF


def stood(mesh: Mesh, shape: Shape) -> Mesh:
    """The mesh moved into the frame its shape is given in."""
    turn = rotation(shape)
    return Mesh(mesh.position @ turn.T + shape.position, mesh.normal @ turn.T, mesh.triangles, mesh.card)
