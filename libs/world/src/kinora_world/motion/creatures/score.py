"""From a creature's actions to where it goes and what it does when."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from kinora_world.motion.creatures.channels import Doing
from kinora_world.motion.creatures.rigs import Rig, Travel
from kinora_world.motion.creatures.route import Leg, circle
from kinora_world.motion.furniture import Furniture, holds_sitters
from kinora_world.motion.paths import Path, make_path
from kinora_world.motion.segments import heading_to, turn_between
from kinora_world.motion.timing import length_of
from kinora_world.motion.track import smooth
from kinora_world.scene import F8
from kinora_world.species import nearest_verb, species
from kinora_world.storyboard import Action, Shot

Point = tuple[float, float]
Where = Callable[[str, float], Point | None]
_GRAVITY = 9.81
_TURNS = 35.0  # degrees: what lies further aside is turned to on the spot
_LEAP = 0.45  # seconds up onto a seat, or down from it
_ALREADY = 0.5  # seconds: who is to sit on a seat before then is found sitting there


@dataclass(frozen=True, slots=True)
class Mouthful:
    """A prop is carried in the mouth from `start` to `end`."""

    prop: str
    start: float
    end: float


@dataclass(slots=True)
class Score:
    """One creature's shot.

    Lengths are metres: `leg` from hip to ground, `reach` from its middle to the muzzle, `stoop` to the muzzle on the ground.
    """

    shot: Shot
    who: str
    species: str
    size: float
    rig: Rig
    leg: float
    reach: float
    stoop: float
    where: Where
    bounds: tuple[float, float, float, float]
    place: Point
    heading: float
    furniture: Mapping[str, Furniture] = field(default_factory=dict)
    perches: list[tuple[float, float]] = field(default_factory=list)  # from when how high above the ground its feet are
    home: tuple[Point, float] = field(init=False)  # where and facing which way it is when the shot begins
    legs: list[Leg] = field(default_factory=list)
    doings: list[Doing] = field(default_factory=list)
    mouthfuls: list[Mouthful] = field(default_factory=list)
    _held: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.home = (self.place, self.heading)

    def spot(self, time: float) -> Point:
        """Roughly where it is."""
        going = [leg for leg in self.legs if leg.start <= time]
        if not going:
            return self.legs[0].place if self.legs else self.place
        place, _ = going[-1].at(going[-1].progress(np.array([time])))
        return float(place[0, 0]), float(place[0, 1])

    @property
    def busy(self) -> float:
        """Until when it is under way."""
        return self.legs[-1].end if self.legs else 0.0

    def play(self, action: Action) -> None:
        verb = nearest_verb(self.species, action.verb)
        if verb in self.rig.travels:
            self._go(action, self.rig.travels[verb])
        elif verb in self.rig.acts:
            self._do(action, verb, action.start, None if action.end is None else action.end - action.start)

    def face(self, point: Point, start: float, beyond: float = _TURNS) -> float:
        """Turn to a point that lies further aside than `beyond` degrees; returns when that is done."""
        if np.hypot(point[0] - self.place[0], point[1] - self.place[1]) < 0.5 * self.reach:
            return start
        turn = turn_between(self.heading, heading_to(self.place, point))
        if abs(turn) > np.radians(beyond):
            return self._walk(start, "walk", turn, None, None, 1.0)
        return start

    def close(self) -> None:
        """Postures last until the next; what is still held is held to the end."""
        whole = sorted([(leg.start, 1) for leg in self.legs] + [(d.start, 0) for d in self.doings if not d.act.layer])
        for index, doing in enumerate(self.doings):
            if doing.act.stays:
                following = [start for start, _ in whole if start > doing.start + 0.05]
                end = following[0] if following else self.shot.duration + 2.0
                self.doings[index] = Doing(doing.verb, doing.act, doing.start, max(end - doing.start, 0.3), doing.action)
        self.mouthfuls += [Mouthful(prop, since, self.shot.duration + 1.0) for prop, since in self._held.items()]

    def _do(self, action: Action, verb: str, start: float, requested: float | None) -> float:
        act = self.rig.acts[verb]
        point = self.where(action.target or action.prop or "", start) or action.to
        start = start if act.layer else max(start, self.busy)
        seat = self.furniture.get(action.target or action.prop or "")
        if act.stays and seat is not None and holds_sitters(seat):
            start = self._perch(seat, start)
        elif point is not None and not act.layer:
            start = self.face(point, start)
        length = length_of(act, requested)
        self.doings.append(Doing(verb, act, start, length, action))
        prop = action.prop or action.target
        if prop in {p.id for p in self.shot.props}:
            self._handle(str(prop), act.grab, act.release, start)
        return start + length

    def _perch(self, seat: Furniture, start: float) -> float:
        """Onto a seat, facing as it does; a shot that begins so finds it there. Returns when it is up."""
        place, height = seat.middle, seat.top
        if start < _ALREADY and not self.legs and not self.doings:
            self.place, self.heading = self.home = (place, seat.seat_facing)
            self.perches.append((-_LEAP, height))
            return 0.0
        before = (place[0] + (seat.reach + self.reach) * np.sin(seat.facing), place[1] - (seat.reach + self.reach) * np.cos(seat.facing))
        start = self._to((float(before[0]), float(before[1])), "run", start, None, 1.0)
        self.perches.append((start, height))
        start = self._walk(
            start, "run", turn_between(self.heading, heading_to(self.place, place)), make_path(self.place, place, []), _LEAP, 1.0
        )
        return self._walk(start, "walk", turn_between(self.heading, seat.seat_facing), None, None, 1.0)

    def perched(self, times: F8) -> F8:
        """How high the ground under it is (k,), metres."""
        high = np.zeros(len(times))
        for since, height in self.perches:
            high += (height - high) * smooth((times - since) / _LEAP)
        return high

    def _handle(self, prop: str, grab: float | None, release: float | None, start: float) -> None:
        if grab is not None:
            self._held[prop] = start + grab
        if release is not None:
            since = self._held.pop(prop, 0.0)
            self.mouthfuls.append(Mouthful(prop, since, start + release))

    def _go(self, action: Action, travel: Travel) -> None:
        start = max(action.start, self.busy)
        if self.perches and self.perches[-1][1] > 0:
            self.perches.append((start, 0.0))
        requested = None if action.end is None else action.end - start
        home, target = self.place, action.prop or action.target
        point = self.where(target, start + 1.0) if target else None
        if travel.round and action.to is None:
            radius = travel.round * self.reach
            self._walk(
                start,
                travel.gait,
                0.0,
                circle(self.place, self.heading, radius, self._rounds(start, radius, travel, action)),
                requested,
                action.pace,
            )
            return
        near = travel.near if travel.then is None else self.stoop - self.reach
        if travel.after and target:  # whoever is chased or followed is met where they will be; what others throw is run after as far
            flies = any(other.prop == target and other.actor != self.who for other in self.shot.actions)
            point = None if flies and action.to else self.where(target, action.end or start + 3.0)
        goal = (None if travel.after and point else action.to) or (
            self._short_of(point, near) if point else self._ahead(travel, action, requested)
        )
        done = self._to(goal, travel.gait, start, requested, action.pace)
        if travel.then and travel.then in self.rig.acts:
            done = self._do(action, travel.then, done, None)
        if travel.back:
            other = self.where(action.target, done) if action.target and action.target != target else None
            done = self._to(self._short_of(other, travel.near) if other else home, travel.gait, done, None, action.pace)
        elif point is not None:
            self.face(point, done)

    def _rounds(self, start: float, radius: float, travel: Travel, action: Action) -> float:
        seconds = (action.end or self.shot.duration) - start
        return max(0.5, min(4.0, self._speed(travel.gait) * action.pace * max(seconds - 0.4, 0.5) / (2 * np.pi * radius)))

    def _ahead(self, travel: Travel, action: Action, requested: float | None) -> Point:
        far = min(self._speed(travel.gait) * action.pace * min(requested or 2.5, 4.0), 6.0)
        return self.place[0] + float(np.sin(self.heading)) * far, self.place[1] - float(np.cos(self.heading)) * far

    def _short_of(self, point: Point, near: float) -> Point:
        way = np.array(point) - self.place
        far = float(np.linalg.norm(way))
        gap = min(self.reach + near, far)
        x, y = np.array(point) - way / max(far, 1e-6) * gap
        return float(x), float(y)

    def _to(self, goal: Point, gait: str, start: float, requested: float | None, pace: float) -> float:
        x0, y0, x1, y1 = self.bounds
        goal = float(np.clip(goal[0], x0, x1)), float(np.clip(goal[1], y0, y1))
        if np.hypot(goal[0] - self.place[0], goal[1] - self.place[1]) < 0.25 * self.reach:
            return start
        others = [p for m in self.shot.marks if m.character != self.who and (p := self.where(m.character, start + 1.0))]
        path = make_path(self.place, goal, others)
        turn = turn_between(self.heading, float(path.headings[0]))
        return self._walk(start, gait, turn if abs(turn) > np.radians(_TURNS) else 0.0, path, requested, pace)

    def _speed(self, gait: str) -> float:
        return self.rig.gaits[self._gait(gait)].speed * float(np.sqrt(_GRAVITY * self.leg))

    def _gait(self, name: str) -> str:
        return name if name in self.rig.gaits else species(self.species).runs

    def _walk(self, start: float, gait: str, turn: float, path: Path | None, requested: float | None, pace: float) -> float:
        """Go, on from where it has come to; returns when it is there."""
        kind = self.rig.gaits[self._gait(gait)]
        lever = 0.9 * self.reach
        length = abs(turn) * lever + (path.length if path else 0.0)
        lasts = length / (self._speed(gait) * pace) + 0.4
        if requested is not None:
            lasts = float(np.clip(requested, lasts / 1.5, lasts / 0.6))
        leg = Leg(start, start + lasts, kind, kind.stride * self.leg, self.place, self.heading, turn, lever, path)
        self.legs.append(leg)
        self.place, self.heading = leg.last
        return leg.end
