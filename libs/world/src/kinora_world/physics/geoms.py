"""Scene shapes as MuJoCo geoms."""

import itertools
import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import mujoco
import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import F8, PropKind, Shape
from kinora_world.solids import SHEET, course, profile, rotation, volume

AROUND = 16  # corners of a round hull
RING_SEGMENTS = 18  # a torus becomes this many capsules: MuJoCo has none
CONTACT_RATE = 230.0  # rad/s: a bounce takes 14 ms, a ball at 6 m/s dents by 3 cm
IMPEDANCE = 0.95

_GEOM = mujoco.mjtGeom
_DIRECT = {
    "box": _GEOM.mjGEOM_BOX,
    "rounded": _GEOM.mjGEOM_BOX,
    "sphere": _GEOM.mjGEOM_SPHERE,
    "ellipsoid": _GEOM.mjGEOM_ELLIPSOID,
    "cylinder": _GEOM.mjGEOM_CYLINDER,
    "capsule": _GEOM.mjGEOM_CAPSULE,
}


@cache
def bounce(restitution: float) -> tuple[float, float]:
    """`solref` of a spring and damper that gives back `restitution` of the speed; 0.14 is the least a spring that only pushes can do."""
    return -IMPEDANCE * CONTACT_RATE**2, -2 * damping_ratio(restitution) * CONTACT_RATE


def damping_ratio(restitution: float) -> float:
    """By bisection of e(z) = exp(-z t / sqrt(1 - z^2)), t = atan2(2 z sqrt(1 - z^2), 2 z^2 - 1) (Schwager and Poeschel, 2007)."""
    low, high = 0.001, 0.999
    for _ in range(40):
        ratio = (low + high) / 2
        root = math.sqrt(1 - ratio**2)
        given_back = math.exp(-ratio / root * math.atan2(2 * ratio * root, 2 * ratio**2 - 1))
        low, high = (ratio, high) if given_back > restitution else (low, ratio)
    return low


def matrix(position: Sequence[float], facing: float) -> F8:
    """(4, 4) of a thing that stands at `position`, turned by `facing` degrees about Z."""
    turn = np.eye(4)
    turn[:3, :3] = Rotation.from_euler("z", facing, degrees=True).as_matrix()
    turn[:3, 3] = position
    return turn


def solid(kind: PropKind) -> tuple[Shape, ...]:
    return tuple(s for s in kind.shapes if s.collides)


def movable(kind: PropKind) -> bool:
    """A thing without a colliding shape would fall through the floor: it stays where it is put."""
    return not kind.fixed and bool(solid(kind))


def primitives(spec: Any, shape: Shape) -> Iterator[dict[str, Any]]:
    """Keyword arguments of `add_geom`, one per MuJoCo geom that `shape` needs, with the part of its volume as `mass`."""
    turn = rotation(shape)
    quat = Rotation.from_matrix(turn).as_quat(scalar_first=True)
    common = {"pos": shape.position, "quat": quat, "mass": volume(shape)}
    if shape.kind in _DIRECT:
        yield common | {"type": _DIRECT[shape.kind], "size": [*shape.size[:3], 0, 0, 0][:3]}
    elif shape.kind == "plane":
        yield common | {"type": _GEOM.mjGEOM_BOX, "size": [shape.size[0], shape.size[1], SHEET]}
    elif shape.kind == "torus":
        yield from _ring(shape, turn)
    elif shape.kind == "tube":
        yield from _chain(course(shape) @ turn.T + shape.position, shape.size[0], volume(shape))
    else:
        yield common | {"type": _GEOM.mjGEOM_MESH, "meshname": _hull(spec, shape)}


def _hull(spec: Any, shape: Shape) -> str:
    """The convex hull of a cone, a lathe or an extrusion."""
    name = "_".join(map(str, (shape.kind, *shape.size)))
    if spec.mesh(name) is None:
        spec.add_mesh(name=name, uservert=_corners(shape).ravel().tolist())
    return name


def _corners(shape: Shape) -> F8:
    """(n, 3)."""
    if shape.kind == "extrusion":
        sides = [np.insert(profile(shape), 1, y, axis=1) for y in (-shape.size[0], shape.size[0])]
        return np.concatenate(sides)
    rim = profile(shape) if shape.kind == "lathe" else np.array([[shape.size[0], -shape.size[1]], [0.0, shape.size[1]]])
    angle = np.arange(AROUND) * math.tau / AROUND
    rings = [np.stack([radius * np.cos(angle), radius * np.sin(angle), np.full(AROUND, z)], 1) for radius, z in rim]
    return np.unique(np.concatenate(rings).round(9), axis=0)


def _ring(shape: Shape, turn: F8) -> Iterator[dict[str, Any]]:
    ring, tube = shape.size
    around = np.arange(RING_SEGMENTS + 1) * math.tau / RING_SEGMENTS
    points = np.stack([ring * np.cos(around), ring * np.sin(around), 0 * around], 1) @ turn.T + shape.position
    yield from _chain(points, tube, volume(shape))


def _chain(points: F8, radius: float, whole: float) -> Iterator[dict[str, Any]]:
    """Capsules from point to point; `whole` is the volume of all."""
    for start, end in itertools.pairwise(points):
        yield {"type": _GEOM.mjGEOM_CAPSULE, "fromto": [*start, *end], "size": [radius, 0, 0], "mass": whole / (len(points) - 1)}
