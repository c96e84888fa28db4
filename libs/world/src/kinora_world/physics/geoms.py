"""Scene shapes as MuJoCo geoms."""

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

import mujoco
import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import F8, PropKind, Shape

RING_SEGMENTS = 18  # a torus becomes this many capsules: MuJoCo has none
SHEET = 0.01  # half the thickness of a plane, m
CONTACT_RATE = 230.0  # rad/s: a bounce takes 14 ms, a ball at 6 m/s dents by 3 cm
IMPEDANCE = 0.95

_GEOM = mujoco.mjtGeom
_DIRECT = {
    "box": _GEOM.mjGEOM_BOX,
    "sphere": _GEOM.mjGEOM_SPHERE,
    "cylinder": _GEOM.mjGEOM_CYLINDER,
    "capsule": _GEOM.mjGEOM_CAPSULE,
}
_VOLUMES: dict[str, Callable[..., float]] = {
    "box": lambda x, y, z: 8 * x * y * z,
    "sphere": lambda r: 4 / 3 * math.pi * r**3,
    "cylinder": lambda r, h: 2 * math.pi * r**2 * h,
    "capsule": lambda r, h: 2 * math.pi * r**2 * h + 4 / 3 * math.pi * r**3,
    "cone": lambda r, h: 2 / 3 * math.pi * r**2 * h,
    "torus": lambda ring, tube: 2 * math.pi**2 * ring * tube**2,
    "plane": lambda x, y: 8 * x * y * SHEET,
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


def volume(shape: Shape) -> float:
    """Cubic metres."""
    return _VOLUMES[shape.kind](*shape.size)


def half_extents(shape: Shape) -> F8:
    """(3,) along the shape's own axes, m."""
    size = shape.size
    match shape.kind:
        case "box":
            return np.array(size[:3])
        case "sphere":
            return np.full(3, size[0])
        case "capsule":
            return np.array([size[0], size[0], size[0] + size[1]])
        case "torus":
            return np.array([size[0] + size[1], size[0] + size[1], size[1]])
        case "plane":
            return np.array([size[0], size[1], SHEET])
        case _:
            return np.array([size[0], size[0], size[1]])


def rotation(shape: Shape) -> F8:
    turn: F8 = Rotation.from_euler("XYZ", shape.rotation, degrees=True).as_matrix()
    return turn


def bounds(shapes: Sequence[Shape]) -> tuple[F8, F8]:
    """Lowest and highest corner (3,) of the box around `shapes`."""
    if not shapes:
        return np.zeros(3), np.zeros(3)
    reach = np.array([np.abs(rotation(s)) @ half_extents(s) for s in shapes])
    middle = np.array([s.position for s in shapes])
    return (middle - reach).min(0), (middle + reach).max(0)


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
        yield common | {"type": _DIRECT[shape.kind], "size": [*shape.size, 0, 0, 0][:3]}
    elif shape.kind == "plane":
        yield common | {"type": _GEOM.mjGEOM_BOX, "size": [shape.size[0], shape.size[1], SHEET]}
    elif shape.kind == "cone":
        yield common | {"type": _GEOM.mjGEOM_MESH, "meshname": _cone(spec, shape)}
    else:
        yield from _ring(shape, turn)


def _cone(spec: Any, shape: Shape) -> str:
    radius, half = shape.size[:2]
    name = f"cone_{radius}_{half}"
    if spec.mesh(name) is None:
        around = np.arange(16) * math.tau / 16
        base = np.stack([radius * np.cos(around), radius * np.sin(around), np.full(16, -half)], 1)
        spec.add_mesh(name=name, uservert=[*base.ravel(), 0.0, 0.0, half])
    return name


def _ring(shape: Shape, turn: F8) -> Iterator[dict[str, Any]]:
    ring, tube = shape.size[:2]
    around = np.arange(RING_SEGMENTS + 1) * math.tau / RING_SEGMENTS
    points = np.stack([ring * np.cos(around), ring * np.sin(around), 0 * around], 1) @ turn.T + shape.position
    for start, end in itertools.pairwise(points):
        fromto = [*start, *end]
        yield {"type": _GEOM.mjGEOM_CAPSULE, "fromto": fromto, "size": [tube, 0, 0], "mass": volume(shape) / RING_SEGMENTS}
