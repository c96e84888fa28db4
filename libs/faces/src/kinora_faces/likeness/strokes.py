"""What people draw on a picture to have a thing cut out of it."""

import json
from dataclasses import asdict, dataclass
from typing import Self

Point = tuple[float, float]
BREADTH = 0.02  # usual
_POINTS = 2_000  # of all strokes together
_BREADTHS = (0.001, 0.5)


@dataclass(frozen=True, slots=True)
class Strokes:
    """Places are shares of the picture's width and height, 0..1. box: left, top, right, bottom. A stroke is a line of points, one at least.

    breadth: of the brush, as a share of the width. Raises ValueError in words for a box without inside, for places outside and for too
    many points.
    """

    box: tuple[float, float, float, float]
    keep: tuple[tuple[Point, ...], ...] = ()
    remove: tuple[tuple[Point, ...], ...] = ()
    breadth: float = BREADTH

    def __post_init__(self) -> None:
        left, top, right, bottom = self.box
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise ValueError("The box must be left, top, right, bottom within 0 to 1, left before right and top before bottom.")
        if not _BREADTHS[0] <= self.breadth <= _BREADTHS[1]:
            raise ValueError(f"The brush's breadth must be {_BREADTHS[0]} to {_BREADTHS[1]} of the width.")
        points = [point for line in (*self.keep, *self.remove) for point in line]
        if len(points) > _POINTS:
            raise ValueError(f"The strokes have {len(points)} points; at most {_POINTS} are allowed.")
        if not all((*self.keep, *self.remove)):
            raise ValueError("Each stroke must have a point at least.")
        if not all(0 <= x <= 1 and 0 <= y <= 1 for x, y in points):
            raise ValueError("The points of strokes must lie within 0 to 1.")

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what is no such thing."""
        fields = json.loads(text)
        keep, remove = (tuple(tuple((float(x), float(y)) for x, y in line) for line in fields[name]) for name in ("keep", "remove"))
        left, top, right, bottom = (float(part) for part in fields["box"])
        return cls((left, top, right, bottom), keep, remove, float(fields["breadth"]))
