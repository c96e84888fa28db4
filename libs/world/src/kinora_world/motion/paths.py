"""Ways across the floor: straight, or bowed around people who stand in between."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinora_world.scene import F8

Point = tuple[float, float]
_ROOM = 0.62  # metres between two people's middles when they pass
_NEAR = 0.75  # metres at which one stops before a person who stands at the goal


@dataclass(frozen=True, slots=True)
class Path:
    """A curve by arc length."""

    length: float
    along: F8  # (n,) metres from its start
    points: F8  # (n, 2)
    headings: F8  # (n,) radians, without jumps

    def place(self, distance: F8) -> F8:
        return np.column_stack([np.interp(distance, self.along, self.points[:, axis]) for axis in (0, 1)])

    def heading(self, distance: F8) -> F8:
        return np.asarray(np.interp(distance, self.along, self.headings))


def make_path(start: Point, goal: Point, people: Sequence[Point]) -> Path:
    """From `start` to `goal`; a quadratic curve past whoever is closest to the straight line."""
    a, b = np.array(start), np.array(goal)
    share = np.linspace(0, 1, 65)[:, None]
    control = (a + b) / 2 + _bow(a, b, people)
    points = (1 - share) ** 2 * a + 2 * share * (1 - share) * control + share**2 * b
    steps = np.diff(points, axis=0)
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(steps, axis=1))])
    headings = np.unwrap(np.arctan2(steps[:, 0], -steps[:, 1]))
    return Path(float(along[-1]), along, points, np.concatenate([headings[:1], (headings[1:] + headings[:-1]) / 2, headings[-1:]]))


def _bow(a: F8, b: F8, people: Sequence[Point]) -> F8:
    """How far the middle control point moves aside."""
    way = b - a
    length = float(np.linalg.norm(way))
    if length < 1.0:
        return np.zeros(2)
    forward = way / length
    left = np.array([-forward[1], forward[0]])
    needed = 0.0
    for person in people:
        offset = np.array(person) - a
        ahead, aside = float(offset @ forward), float(offset @ left)
        share = ahead / length
        if 0.12 < share < 0.92 and abs(aside) < _ROOM:
            clear = min((_ROOM - abs(aside)) / (2 * share * (1 - share)), 2.5)  # of a quadratic curve at that share
            needed = max(needed, clear if aside <= 0 else -clear, key=abs)
    return np.asarray(left * needed)


def short_of_people(start: Point, goal: Point, people: Sequence[Point]) -> Point:
    """The goal, or a place before it when somebody already stands there."""
    for person in people:
        if np.hypot(person[0] - goal[0], person[1] - goal[1]) < 0.5:
            way = np.array(start) - person
            far = float(np.linalg.norm(way))
            if far < _NEAR:
                return start
            x, y = np.array(person) + way / far * _NEAR
            return float(x), float(y)
    return goal
