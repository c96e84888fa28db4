"""The stage as seen from above: bounds, directions, distances in metres, facings in degrees."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from kinora_world.catalogue import entries

XY = tuple[float, float]
THROW_DISTANCE = 3.0


def towards(here: XY, there: XY) -> float:
    """Facing in degrees: 0 towards the audience (-Y), counter-clockwise from above."""
    return math.degrees(math.atan2(there[0] - here[0], -(there[1] - here[1])))


def ahead(here: XY, facing: float, distance: float) -> XY:
    angle = math.radians(facing)
    return (here[0] + distance * math.sin(angle), here[1] - distance * math.cos(angle))


def short(angle: float) -> float:
    """The same direction within -180..180 degrees."""
    return (angle + 180) % 360 - 180


def bounds(place: str | None) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = entries("places").get(place or "", {}).get("bounds", (-6, -4, 6, 6))
    return x0 + 0.5, y0 + 0.5, x1 - 0.5, y1 - 0.5


def within(point: XY, place: str | None) -> XY:
    x0, y0, x1, y1 = bounds(place)
    return (round(min(max(point[0], x0), x1), 3), round(min(max(point[1], y0), y1), 3))


def spot(place: str | None, kind: str) -> Mapping[str, Any]:
    """A named spot of a place, such as the hoop's."""
    spots: Mapping[str, Mapping[str, Any]] = entries("places").get(place or "", {}).get("spots", {})
    return spots.get(kind, {})


def free(point: XY, taken: Sequence[XY], place: str | None) -> XY:
    """The nearest point around that keeps a shoulder's distance to all others."""
    for ring in range(12):
        for turn in range(8 if ring else 1):
            candidate = within(ahead(point, turn * 45.0, 0.45 * ring), place)
            if all(math.dist(candidate, other) >= 0.75 for other in taken):
                return candidate
    return point
