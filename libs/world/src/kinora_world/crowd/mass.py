"""A whole crowd as one body: one pair of vertex buffers, and a part per colour rather than per person."""

from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from kinora_world.cast.colour import Linear, linear
from kinora_world.crowd.extras import PASS, PHASES, WALK, Doing, Extra
from kinora_world.scene import F4, F8, I4, BodyPart, Pose

_COLOURS = {
    "skin": ("#e0b48c", "#a8714a", "#6b4226"),
    "hair": ("#17120f", "#4a2f1d", "#b08a4a"),
    "top": ("#8d3b34", "#3d5a80", "#4f6f52", "#c9b26b", "#d8d5cc", "#4a4a55"),
    "bottom": ("#28344a", "#3b3a38", "#6b5d4a"),
    "shoes": ("#26221f",),
    "eye": ("#17120f",),
}


@dataclass(frozen=True, slots=True)
class Bystander:
    """`kind` and `doing` say which body moves how; `looks` (one number per role) which of its colours it wears."""

    kind: int
    doing: Doing
    position: tuple[float, float]
    facing: float  # degrees, as a mark's
    phase: float  # 0..1
    looks: dict[str, int]
    lane: tuple[float, float] = (0.0, 0.0)  # where along X a walk begins and ends, to begin anew


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class Mass:
    """Implements `scene.Body`; its people are sorted by kind and doing."""

    people: tuple[Bystander, ...]
    extras: dict[int, Extra]
    parts: tuple[BodyPart, ...]
    rest: tuple[F4, F4]
    height: float
    landmarks: dict[str, tuple[float, float, float]] = field(default_factory=dict)

    def posed(self, pose: Pose) -> tuple[F4, F4]:
        """As they stand at the beginning, wherever `pose` is: a crowd has no one pose."""
        del pose
        return self.at(0.0)

    def at(self, time: float) -> tuple[F4, F4]:
        """Positions and normals (n, 3) on the stage, `time` seconds into the shot."""
        placed = [_group(list(group), self.extras[kind], doing, time) for (kind, doing), group in groupby(self.people, _sort)]
        return np.concatenate([p for p, _ in placed]), np.concatenate([n for _, n in placed])


def _sort(person: Bystander) -> tuple[int, Doing]:
    return person.kind, person.doing


def _group(people: list[Bystander], extra: Extra, doing: Doing, time: float) -> tuple[F4, F4]:
    """(people * n, 3) each."""
    positions, normals = extra.passes[doing]
    at = (np.array([p.phase for p in people]) + time / PASS[doing]) * PHASES
    low = at.astype(int) % PHASES
    share = (at % 1).astype(np.float32)[:, None, None]
    shape = positions[low] * (1 - share) + positions[(low + 1) % PHASES] * share
    turn = np.stack([_facing(p.facing) for p in people])
    where = np.array([_whereabouts(p, time) for p in people], np.float32)
    stood = shape @ turn + where[:, None]
    return stood.reshape(-1, 3), (normals[low] @ turn).reshape(-1, 3)


def _facing(degrees: float) -> F4:
    """Transposed, for rows."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]], np.float32)


def _whereabouts(person: Bystander, time: float) -> tuple[float, float, float]:
    x, y = person.position
    if person.doing == "walk":
        begin, end = person.lane
        way = np.sign(end - begin)
        x = begin + way * ((way * (x - begin) + WALK * time) % abs(end - begin))
    return float(x), y, 0.0


def assemble(people: list[Bystander], extras: dict[int, Extra]) -> Mass:
    """The crowd of these people; `extras` has every kind they are of."""
    ordered = tuple(sorted(people, key=_sort))
    runs: dict[tuple[str, int], list[I4]] = {}
    start = 0
    for person in ordered:
        body = extras[person.kind]
        for role, triangles in body.parts.items():
            number = person.looks.get(role, 0) % len(_COLOURS[role])
            runs.setdefault((role, number), []).append(triangles + start)
        start += len(body.rest[0])
    parts = tuple(_part(role, number, np.concatenate(found).astype(np.int32)) for (role, number), found in sorted(runs.items()))
    # At rest they stand well apart, so that no coarsening joins two of them.
    rest = np.concatenate([extras[p.kind].rest[0] + np.array([4 * k, 0, 0], np.float32) for k, p in enumerate(ordered)])
    normals = np.concatenate([extras[p.kind].rest[1] for p in ordered])
    return Mass(ordered, extras, parts, (rest, normals), max(extras[p.kind].height for p in ordered))


def _part(role: str, number: int, triangles: I4) -> BodyPart:
    colour: Linear = linear(_COLOURS[role][number])
    return BodyPart(f"{role}_{number}", triangles, "plain", colour, 0.8, outlined=role in {"top", "skin", "hair"}, casts=False)


def choices() -> dict[str, int]:
    """How many colours there are for each role."""
    return {role: len(colours) for role, colours in _COLOURS.items()}


def distance(points: F8, others: F8) -> F8:
    """From each of `points` (n, 2) to the nearest of `others` (m, 2), metres; infinite where there are none."""
    if not len(others):
        return np.full(len(points), np.inf)
    return np.asarray(np.linalg.norm(points[:, None] - others[None], axis=2).min(1))
