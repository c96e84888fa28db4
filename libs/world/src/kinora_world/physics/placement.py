"""Where props stand when the storyboard leaves it open: where the place wants them, at hand, at foot, in sight, and never in each other."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from kinora_world.physics.ballistics import level
from kinora_world.physics.geoms import movable, solid
from kinora_world.scene import F8, PropKind, StageSet
from kinora_world.solids import bounds
from kinora_world.stage import place_entries
from kinora_world.storyboard import Action, Prop, Shot

PERSON = 0.35  # m, radius on the ground
AT_FOOT, AT_HAND, AT_SIDE = 0.5, 0.4, 1.1  # m from the actor to what is kicked, taken, or just there
SHOT_RANGE, TARGET_RANGE = 4.5, 3.0  # m to a fixed target, e.g. a hoop, and to one that can fall over
OVERHEAD = 2.0  # m: what hangs higher is in nobody's way
GOLDEN = 2.39996  # rad: a spiral that fills the plane evenly


def place(shot: Shot, kinds: Mapping[str, PropKind], stage: StageSet) -> Shot:
    """The same shot with a position for every prop. `kinds` is by prop id."""
    ground = _Ground(shot, stage)
    for prop in shot.props:
        if prop.position is not None:
            ground.take(prop.position, _footprint(kinds[prop.id]))
    spots = place_entries()[shot.place].spots if shot.place in place_entries() else {}
    props = []
    for prop in shot.props:
        if prop.position is None and prop.kind in spots and ground.has_room(spots[prop.kind].at, _footprint(kinds[prop.id])):
            spot = spots[prop.kind]
            settled = prop.model_copy(update={"position": spot.at, "facing": prop.facing or spot.facing})
            ground.take(spot.at, _footprint(kinds[prop.id]))
        else:
            settled = prop if prop.position is not None else _settle(shot, prop, kinds[prop.id], ground)
        props.append(settled)
    return shot.model_copy(update={"props": tuple(props)})


def _settle(shot: Shot, prop: Prop, kind: PropKind, ground: "_Ground") -> Prop:
    use = next((a for a in sorted(shot.actions, key=lambda a: a.start) if prop.id in (a.prop, a.target)), None)
    radius = _footprint(kind)
    if use is None:
        wanted = np.array([AT_SIDE, 0.6, 0.0])
    else:
        actor, ahead = _actor(shot, use)
        wanted = actor + _offset(use, prop, kind, ahead)
    spot = ground.nearest_free(wanted, radius, None if use is None or use.prop != prop.id else actor)
    update: dict[str, object] = {"position": spot}
    behind = use is not None and use.prop == prop.id and kind.anchors.get("seat", (0, 0, 0))[1] > 0  # as drums'
    if use is not None and kind.fixed and not prop.facing and not behind:
        towards = actor - np.array(spot)
        update["facing"] = math.degrees(math.atan2(towards[0], -towards[1]))
    return prop.model_copy(update=update)


def _offset(use: Action, prop: Prop, kind: PropKind, ahead: F8) -> F8:
    radius = _footprint(kind)
    if use.verb.startswith("kick") and movable(kind) and (use.prop == prop.id or use.prop is None):
        return ahead * (AT_FOOT + radius)
    if use.prop == prop.id:
        return ahead * (AT_HAND + radius)
    if "goal" in kind.anchors:
        return np.array([math.copysign(SHOT_RANGE, ahead[0] or 1), 0.4, 0.0])
    return (ahead if abs(ahead[0]) > 0.3 else np.array([0.9, 0.3, 0.0])) * (TARGET_RANGE if use.prop else AT_FOOT + 2 * radius)


def _actor(shot: Shot, use: Action) -> tuple[F8, F8]:
    """Where the actor is when the action begins, and which way it looks."""
    mark = next(m for m in shot.marks if m.character == use.actor)
    walks = [a for a in shot.actions if a.actor == use.actor and a.to is not None and a.start < use.start]
    at = max(walks, key=lambda a: a.start).to if walks else mark.position
    at = at or mark.position
    turn = math.radians(mark.facing)
    return np.array([*at, 0.0]), level(np.array([math.sin(turn), -math.cos(turn), 0.0]))


def _footprint(kind: PropKind) -> float:
    """Radius on the ground, m."""
    low, high = bounds(solid(kind) or kind.shapes)
    return float(max(np.abs(low[:2]).max(), np.abs(high[:2]).max()))


@dataclass(slots=True)
class _Ground:
    shot: Shot
    stage: StageSet
    taken: list[tuple[float, float, float]] = field(default_factory=list)  # x, y, radius
    solids: list[tuple[F8, F8]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.taken += [(*m.position, PERSON) for m in self.shot.marks]
        boxes = [bounds([s]) for s in self.stage.shapes if s.collides]
        self.solids += [(low, high) for low, high in boxes if high[2] > 0.02 and low[2] < OVERHEAD]

    def take(self, position: tuple[float, float, float], radius: float) -> None:
        self.taken.append((position[0], position[1], radius))

    def free(self, position: tuple[float, float, float] | F8, radius: float, user: F8 | None = None) -> bool:
        x, y = float(position[0]), float(position[1])
        taken = self.taken if user is None else [t for t in self.taken if math.hypot(t[0] - user[0], t[1] - user[1]) > t[2]]
        if any(math.hypot(x - a, y - b) < radius + r for a, b, r in taken):
            return False
        return not any(low[0] - radius < x < high[0] + radius and low[1] - radius < y < high[1] + radius for low, high in self.solids)

    def has_room(self, spot: tuple[float, float, float], radius: float) -> bool:
        """Whether a thing fits on a spot of the place: one above the ground is on top of something."""
        return spot[2] > 0 or self.free(spot, radius)

    def nearest_free(self, wanted: F8, radius: float, user: F8 | None = None) -> tuple[float, float, float]:
        """The free spot next to `wanted`, claimed; `wanted` itself where the place is full. What its `user` sits on is in nobody's way."""
        x0, y0, x1, y1 = self.stage.bounds
        centre = np.array([np.clip(wanted[0], x0, x1), np.clip(wanted[1], y0, y1), 0.0])
        spot = next((p for p in _spiral(centre) if self.free(p, radius, user)), centre)
        position = round(float(spot[0]), 3), round(float(spot[1]), 3), 0.0
        self.take(position, radius)
        return position


def _spiral(centre: F8) -> Iterator[F8]:
    for i in range(300):
        reach = 0.15 * math.sqrt(i)
        yield centre + reach * np.array([math.cos(i * GOLDEN), math.sin(i * GOLDEN), 0.0])
