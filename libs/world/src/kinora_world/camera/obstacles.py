"""What may stand in the camera's way: the place and the things in it as boxes."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import F8, Shape

_FLAT, _THIN = 0.12, 0.05  # metres: what is lower or thinner hides nobody
_SPARED = 0.4  # metres around a subject: what one sits on or leans against may be there
_GAP = 0.25  # metres a camera keeps from a surface


@lru_cache(maxsize=64)
def boxes(shapes: tuple[Shape, ...]) -> F8:
    """(n, 2, 3) lowest and highest corners of those shapes that could hide somebody."""
    return np.array([box for shape in shapes if (box := _box(shape)) is not None]).reshape(-1, 2, 3)


def _box(shape: Shape) -> F8 | None:
    half = _half(shape)
    if not shape.visible or shape.kind == "plane" or np.sort(half)[1] < _THIN:
        return None
    turn = np.abs(Rotation.from_euler("XYZ", shape.rotation, degrees=True).as_matrix())
    reach, at = turn @ half, np.asarray(shape.position)
    return np.array([at - reach, at + reach]) if at[2] + reach[2] > _FLAT else None


def _half(shape: Shape) -> F8:
    size = shape.size
    radius = size[0]
    if shape.kind == "box":
        return np.array(size[:3])
    if shape.kind == "sphere":
        return np.full(3, radius)
    if shape.kind == "torus":
        return np.array([radius + size[1], radius + size[1], size[1]])
    tall = size[1] if len(size) > 1 else 0.0
    return np.array([radius, radius, tall + (radius if shape.kind == "capsule" else 0.0)])


def around(solid: F8, points: F8) -> F8:
    """(n, 2, 3) without the boxes that hold or touch one of the points (k, 3)."""
    near = [(np.clip(points, low, high) - points) for low, high in solid]
    clear = [float(np.linalg.norm(away, axis=1).min()) > _SPARED for away in near]
    return solid[np.array(clear, bool)] if len(solid) else solid


def reached(solid: F8, start: F8, end: F8) -> float:
    """How far from `start` to `end` one gets, 0..1, before the first box: the slab test of Kay & Kajiya (1986)."""
    if not len(solid):
        return 1.0
    way = end - start
    safe = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, other = (solid[:, 0] - _GAP - start) / safe, (solid[:, 1] + _GAP - start) / safe
    enter, leave = np.minimum(one, other).max(1), np.maximum(one, other).min(1)
    hit = (enter <= leave) & (leave > 0) & (enter < 1)
    return float(np.clip(enter[hit], 0, 1).min()) if hit.any() else 1.0


def blocked(solid: F8, starts: F8, ends: F8, every: int) -> Sequence[float]:
    """`reached` along the lines between (n, 3) and (n, 3), every so many of them."""
    return [reached(solid, start, end) for start, end in zip(starts[::every], ends[::every], strict=True)]
