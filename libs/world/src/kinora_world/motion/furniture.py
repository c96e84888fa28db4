"""What there is to sit on, lie on, stand at: the props of a shot as motion sees them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kinora_world.scene import F8, PropKind
from kinora_world.solids import bounds
from kinora_world.storyboard import Shot

_HIGHEST = 1.2  # metres: what one can still sit on, such as a saddle or a bar stool
_MIDDLE = 0.06  # metres: how near the middle a seat must reach
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
    def pose(self) -> F8:
        """(4, 4)."""
        cos, sin = np.cos(self.facing), np.sin(self.facing)
        return np.array([[cos, -sin, 0, self.place[0]], [sin, cos, 0, self.place[1]], [0, 0, 1, self.base], [0, 0, 0, 1]])

    @property
    def seat_facing(self) -> float:
        """Where somebody on its seat faces, radians: a driver ahead, a pianist to the keys, all others as the thing does."""
        anchors = self.kind.anchors
        if "steer" in anchors:
            return self.facing + np.pi / 2
        if "keys" in anchors and anchors.get("seat", (0.0, 0.0, 0.0))[1] < 0:
            return self.facing + np.pi
        aside = anchors.get("seat", (0.0, 0.0, 0.0))[0]
        return self.facing + (np.copysign(np.pi / 2, aside) if "lie" in anchors else 0.0)

    @property
    def middle(self) -> tuple[float, float]:
        """Of its seat, on the stage."""
        x, y, _ = self.kind.anchors.get("seat", self.kind.anchors.get("lie", (0.0, 0.0, 0.0)))
        there = self.pose @ [x, y, 0, 1]
        return float(there[0]), float(there[1])

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
    boxes = [bounds([shape]) for shape in kind.shapes if shape.visible]
    tops = [float(high[2]) for low, high in boxes if (low[:2] < _MIDDLE).all() and (high[:2] > -_MIDDLE).all() and high[2] < _HIGHEST]
    return max(tops, default=0.0)


def nearest(furniture: Mapping[str, Furniture], kinds: Sequence[str], place: tuple[float, float], within: float = 4.0) -> Furniture | None:
    """The nearest prop of some kinds."""
    fitting = [f for f in furniture.values() if f.kind.name in kinds]
    far = [float(np.hypot(f.place[0] - place[0], f.place[1] - place[1])) for f in fitting]
    return fitting[int(np.argmin(far))] if far and min(far) < within else None


def _size(kind: PropKind) -> tuple[float, float]:
    low, high = bounds(kind.shapes)
    return float(high[0] - low[0]), float(high[1] - low[1])


def holds_sitters(item: Furniture) -> bool:
    """Whether it is made to sit or lie on, so that an animal may get up onto it."""
    return bool({"seat", "lie"} & item.kind.anchors.keys())


def can_lie_on(item: Furniture) -> bool:
    return max(item.size) > _LYING
