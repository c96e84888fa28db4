"""What there is to sit on, lie on, stand at: the props of a shot as motion sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from kinora_world.scene import PropKind, Shape
from kinora_world.storyboard import Shot

_HIGHEST = 1.2  # metres: what one can still sit on, such as a saddle or a bar stool
_LYING = 1.5  # metres: how long a thing must be to lie on


@dataclass(frozen=True, slots=True)
class Furniture:
    """A prop on the stage; `top` is the surface above its middle, metres."""

    name: str
    kind: PropKind
    place: tuple[float, float]
    base: float
    facing: float  # radians
    top: float
    size: tuple[float, float]  # across and along, metres

    @property
    def reach(self) -> float:
        """How far it reaches from its middle along the floor, metres."""
        return max(self.size) / 2


def furnish(shot: Shot, kinds: Mapping[str, PropKind]) -> dict[str, Furniture]:
    """Every prop that has a place, by id."""
    found = {}
    for prop in shot.props:
        if prop.position is not None and prop.kind in kinds:
            kind, (x, y, z) = kinds[prop.kind], prop.position
            found[prop.id] = Furniture(prop.id, kind, (x, y), z, float(np.radians(prop.facing)), z + seat_height(kind), _size(kind))
    return found


def seat_height(kind: PropKind) -> float:
    """Of the anchor `seat`, else the highest surface over the middle that one can sit on."""
    if "seat" in kind.anchors:
        return kind.anchors["seat"][2]
    tops = [top for shape in kind.shapes if _covers(shape) and (top := shape.position[2] + _half(shape)[2]) < _HIGHEST]
    return max(tops, default=0.0)


def _half(shape: Shape) -> tuple[float, float, float]:
    size = shape.size
    if shape.kind == "box":
        return size[0], size[1], size[2]
    if shape.kind == "sphere":
        return size[0], size[0], size[0]
    if shape.kind == "torus":
        return size[0] + size[1], size[0] + size[1], size[1]
    if shape.kind == "plane":
        return size[0], size[1], 0.0
    return size[0], size[0], size[1] + (size[0] if shape.kind == "capsule" else 0.0)


def _covers(shape: Shape) -> bool:
    half = _half(shape)
    return all(abs(shape.position[i]) < half[i] + 0.06 for i in (0, 1)) and abs(shape.rotation[0]) < 30


def _size(kind: PropKind) -> tuple[float, float]:
    if not kind.shapes:
        return 0.2, 0.2
    corners = [[s.position[i] + sign * _half(s)[i] for i in (0, 1)] for s, sign in product(kind.shapes, (-1, 1))]
    across, along = np.ptp(np.array(corners), axis=0)
    return float(across), float(along)


def nearest(furniture: Mapping[str, Furniture], kinds: Sequence[str], place: tuple[float, float], within: float = 4.0) -> Furniture | None:
    """The nearest prop of some kinds."""
    fitting = [f for f in furniture.values() if f.kind.name in kinds]
    far = [float(np.hypot(f.place[0] - place[0], f.place[1] - place[1])) for f in fitting]
    return fitting[int(np.argmin(far))] if far and min(far) < within else None


def can_lie_on(item: Furniture) -> bool:
    return max(item.size) > _LYING
