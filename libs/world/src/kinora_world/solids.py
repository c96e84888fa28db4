"""What the numbers of a `scene.Shape` mean: its box, its volume, its curve. All lengths in metres."""

import math
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import F8, Shape

SHEET = 0.01  # half the thickness of a plane


def profile(shape: Shape) -> F8:
    """(n, 2): (radius, z) of a lathe from bottom to top, or (x, z) around an extrusion."""
    return np.array(shape.size[2 if shape.kind == "extrusion" else 0 :]).reshape(-1, 2)


def course(shape: Shape) -> F8:
    """(n, 3): the points a tube runs through."""
    return np.array(shape.size[1:]).reshape(-1, 3)


def own_box(shape: Shape) -> tuple[F8, F8]:
    """Lowest and highest corner (3,) along the shape's own axes."""
    if shape.kind == "lathe":
        radius, (low, high) = profile(shape)[:, 0].max(), (profile(shape)[:, 1].min(), profile(shape)[:, 1].max())
        return np.array([-radius, -radius, low]), np.array([radius, radius, high])
    if shape.kind == "extrusion":
        low2, high2 = profile(shape).min(0), profile(shape).max(0)
        return np.array([low2[0], -shape.size[0], low2[1]]), np.array([high2[0], shape.size[0], high2[1]])
    if shape.kind == "tube":
        return course(shape).min(0) - shape.size[0], course(shape).max(0) + shape.size[0]
    half = np.array(_HALVES[shape.kind](*shape.size))
    return -half, half


@lru_cache(4096)
def half_extents(shape: Shape) -> F8:
    """(3,) along the shape's own axes; not to be written to."""
    low, high = own_box(shape)
    return np.asarray(high - low) / 2


def rotation(shape: Shape) -> F8:
    """(3, 3) from the shape's own axes to those it is given in."""
    turn: F8 = Rotation.from_euler("XYZ", shape.rotation, degrees=True).as_matrix()
    return turn


def bounds(shapes: Sequence[Shape]) -> tuple[F8, F8]:
    """Lowest and highest corner (3,) of the box around `shapes`; that of each is turned with it."""
    if not shapes:
        return np.zeros(3), np.zeros(3)
    turns = Rotation.from_euler("XYZ", [s.rotation for s in shapes], degrees=True).as_matrix()
    boxes = np.array([own_box(s) for s in shapes])
    middle = np.einsum("nij,nj->ni", turns, boxes.mean(1)) + [s.position for s in shapes]
    reach = np.einsum("nij,nj->ni", np.abs(turns), (boxes[:, 1] - boxes[:, 0]) / 2)
    return (middle - reach).min(0), (middle + reach).max(0)


def volume(shape: Shape) -> float:
    """Cubic metres."""
    if shape.kind == "lathe":
        (r, z), (s, y) = profile(shape)[:-1].T, profile(shape)[1:].T
        return abs(float(np.sum((y - z) * (r * r + r * s + s * s)))) * math.pi / 3  # frusta; an inner wall runs down and takes away
    if shape.kind == "extrusion":
        (x, z), (v, w) = profile(shape).T, np.roll(profile(shape), -1, 0).T
        return abs(float(np.sum(x * w - v * z))) * shape.size[0]  # the shoelace formula
    if shape.kind == "tube":
        length = float(np.linalg.norm(np.diff(course(shape), axis=0), axis=1).sum())
        return math.pi * shape.size[0] ** 2 * (length + 4 / 3 * shape.size[0])
    return _VOLUMES[shape.kind](*shape.size)


_HALVES: dict[str, Callable[..., tuple[float, float, float]]] = {
    "box": lambda x, y, z: (x, y, z),
    "rounded": lambda x, y, z, _: (x, y, z),
    "sphere": lambda r: (r, r, r),
    "ellipsoid": lambda x, y, z: (x, y, z),
    "cylinder": lambda r, h: (r, r, h),
    "capsule": lambda r, h: (r, r, r + h),
    "cone": lambda r, h: (r, r, h),
    "torus": lambda ring, tube: (ring + tube, ring + tube, tube),
    "plane": lambda x, y: (x, y, SHEET),
}
_VOLUMES: dict[str, Callable[..., float]] = {
    "box": lambda x, y, z: 8 * x * y * z,
    "rounded": lambda x, y, z, _: 8 * x * y * z,
    "sphere": lambda r: 4 / 3 * math.pi * r**3,
    "ellipsoid": lambda x, y, z: 4 / 3 * math.pi * x * y * z,
    "cylinder": lambda r, h: 2 * math.pi * r**2 * h,
    "capsule": lambda r, h: 2 * math.pi * r**2 * h + 4 / 3 * math.pi * r**3,
    "cone": lambda r, h: 2 / 3 * math.pi * r**2 * h,
    "torus": lambda ring, tube: 2 * math.pi**2 * ring * tube**2,
    "plane": lambda x, y: 8 * x * y * SHEET,
}


def rounded_off(points: F8, steps: int, *, closed: bool) -> F8:
    """A centripetal Catmull-Rom curve through `points` (n, d), `steps` to a span (Barry and Goldman, 1988)."""
    ends = (points[-1:], points[:2]) if closed else (2 * points[:1] - points[1:2], 2 * points[-1:] - points[-2:-1])
    p = np.concatenate([ends[0], points, ends[1]])
    knots = np.concatenate([[0.0], np.cumsum(np.sqrt(np.maximum(np.linalg.norm(np.diff(p, axis=0), axis=1), 1e-9)))])
    curve = [_span(p[i : i + 4], knots[i : i + 4], steps) for i in range(len(p) - 3)]
    return np.concatenate(curve if closed else [*curve, points[-1:]])


def _span(p: F8, t: F8, steps: int) -> F8:
    at = np.linspace(t[1], t[2], steps, endpoint=False)[:, None]

    def blend(a: F8, b: F8, start: float, end: float) -> F8:
        return np.asarray(((end - at) * a + (at - start) * b) / (end - start))

    a = [blend(p[i], p[i + 1], t[i], t[i + 1]) for i in range(3)]
    b = [blend(a[i], a[i + 1], t[i], t[i + 2]) for i in range(2)]
    return blend(b[0], b[1], t[1], t[2])
