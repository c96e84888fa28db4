"""One person's shot as a sequence of whole-body segments and the gestures laid over them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion.catalogue import ActionKind, postures
from kinora_world.motion.furniture import Furniture
from kinora_world.motion.paths import make_path, short_of_people
from kinora_world.motion.segments import (
    Segment,
    Spot,
    heading_to,
    settling,
    standing,
    stepping,
    travelling,
    turn_between,
    turning,
    turning_time,
)
from kinora_world.motion.timing import actual_time, natural_times
from kinora_world.scene import F8
from kinora_world.storyboard import Action

Where = Callable[[str, float], tuple[float, float] | None]  # of a character or prop at a time; None when unknown
_CLOSE = 0.07  # metres: near enough to the place one should be at


@dataclass(frozen=True, slots=True)
class Doing:
    """An action with its actual times; `spot` is where it is done from. `partner` is the other one of a pair."""

    action: Action
    kind: ActionKind
    start: float
    length: float
    spot: Spot
    pace: float = 1.0
    partner: str | None = None
    phase: Callable[[F8], F8] | None = None  # of the steps it goes with
    thing: str | None = None  # the prop it is done with
    mirrored: bool = False  # left and right hand change places

    @property
    def end(self) -> float:
        return self.start + self.length

    def natural(self, times: F8) -> F8:
        """Seconds of the action's natural course at shot times."""
        if self.phase is not None:
            return np.asarray(self.phase(times) % 1.0)
        return natural_times(self.kind, np.clip(times - self.start, 0, self.length) * self.pace, self.length * self.pace)

    def moment(self, natural: float) -> float:
        """When a natural moment comes, seconds of the shot."""
        return self.start + actual_time(self.kind, natural, self.length * self.pace) / self.pace


@dataclass(slots=True)
class Timeline:
    person: str
    skeleton: Skeleton
    where: Where
    bounds: tuple[float, float, float, float]
    segments: list[Segment]
    others: tuple[str, ...] = ()
    furniture: Mapping[str, Furniture] = field(default_factory=dict)
    tempo: float = 1.0
    doings: list[Doing] = field(default_factory=list)
    edge: Spot | None = None  # of the bed one lies in: where one gets out

    def spot(self, time: float) -> Spot:
        current = [s for s in self.segments if s.start <= time]
        return (current or self.segments[:1])[-1].spot(time)

    @property
    def busy_until(self) -> float:
        return self.segments[-1].end if self.segments[-1].verb != "stand" else self.segments[-1].start

    @property
    def untouched(self) -> bool:
        """Nothing has been done yet."""
        return len(self.segments) == 1

    @property
    def leg(self) -> float:
        return self.skeleton.length("LeftUpLeg", "LeftFoot")

    def asleep(self, duration: float) -> list[tuple[float, float]]:
        """From when to when somebody sleeps or has fainted."""
        known = postures()
        ends = [*(segment.start for segment in self.segments[1:]), duration + 1.0]
        places = [(s.end if s.verb == "settle" else s.start, end, s.last.posture) for s, end in zip(self.segments, ends, strict=True)]
        return [(start, end) for start, end, posture in places if posture in known and known[posture].asleep and end > start]

    def add(self, segment: Segment) -> None:
        """Append, and stay where it ends."""
        self.segments.append(segment)
        self.segments.append(standing(self.skeleton, self.person, segment.last, segment.end, segment.end))

    def begin_at(self, spot: Spot) -> None:
        """The shot finds the person there."""
        self.segments[0] = standing(self.skeleton, self.person, spot, self.segments[0].start, self.segments[0].end)

    def settle(self, into: str, time: float, height: float = 0.0) -> float:
        """Change posture, by way of those in between; returns when that is done."""
        spot = self.spot(time)
        if spot.posture == into and abs(spot.height - height) < 1e-6:
            return time
        ready = max(time, self.busy_until)
        if self.edge is not None and postures().get(spot.posture, postures()["sit"]).needs == "bed":
            ready, spot, self.edge = self.turn_in(self.edge, ready), self.edge, None
        for posture, seconds in _way(spot.posture, into):
            aim = replace(spot, posture=posture, height=height if posture == into else min(spot.height, height))
            length = seconds / self.tempo
            self.add(settling(self.skeleton, self.person, spot, aim, ready, length))
            ready, spot = ready + length, aim
        return ready

    def turn_in(self, into: Spot, time: float) -> float:
        """From the edge of a bed into it, or back; returns when that is done."""
        self.add(settling(self.skeleton, self.person, self.spot(time), into, time, 1.5 / self.tempo))
        return self.busy_until

    def face(self, point: tuple[float, float], limit: float, time: float) -> float:
        """Turn towards a point that lies more than `limit` degrees aside, if possible by `time`; returns when that is done."""
        spot = self.spot(time)
        heading = heading_to(spot.place, point)
        near = np.hypot(point[0] - spot.place[0], point[1] - spot.place[1]) < 0.15
        if spot.posture != "stand" or near or abs(turn_between(spot.heading, heading)) <= np.radians(limit):
            return time
        early = time - turning_time(turn_between(spot.heading, heading))
        self.add(turning(self.skeleton, self.person, spot, heading, max(early, self.busy_until, 0.0)))
        return max(time, self.busy_until)

    def travel(self, kind: ActionKind, goal: tuple[float, float], start: float, requested: float | None, *, pace: float = 1.0) -> float:
        start = self.settle("stand", start)
        spot = self.spot(start)
        if np.hypot(goal[0] - spot.place[0], goal[1] - spot.place[1]) < 0.12:
            return start
        people = [point for name in self.others if (point := self.where(name, start + 1.0)) is not None]
        goal = short_of_people(spot.place, self.inside(goal), people)
        path = make_path(spot.place, goal, people)
        if path.length < 0.12:
            return start
        self.add(travelling(kind, self.skeleton, self.person, spot, path, start, requested, pace * self.tempo))
        return self.busy_until

    def step_to(self, into: Spot, time: float) -> float:
        """Be exactly there, by a small step where a walk has not already done it; returns when that is done."""
        time = self.settle("stand", time)
        spot = self.spot(time)
        far = float(np.hypot(into.place[0] - spot.place[0], into.place[1] - spot.place[1]))
        if far < _CLOSE and abs(turn_between(spot.heading, into.heading)) < 0.12:
            return time
        self.add(stepping(self.skeleton, self.person, spot, into, max(time, self.busy_until)))
        return self.busy_until

    def inside(self, goal: tuple[float, float]) -> tuple[float, float]:
        """The nearest spot of the stage; who begins outside it, out on the water, may stay as far out."""
        x0, y0, x1, y1 = self.bounds
        x, y = self.segments[0].first.place
        return float(np.clip(goal[0], min(x0, x), max(x1, x))), float(np.clip(goal[1], min(y0, y), max(y1, y)))


def _way(before: str, after: str) -> list[tuple[str, float]]:
    """The postures from one to another along the tree of parents, each with the seconds it takes to get there."""
    up, down = _ancestry(before, rising=True), _ancestry(after, rising=False)
    common = next(p for p in up if p in down)
    known = postures()
    rising = [(up[i + 1], max(known[up[i]].seconds, 0.6) * 1.1) for i in range(up.index(common))]
    sinking = [(name, known[name].seconds) for name in reversed(down[: down.index(common)])]
    return rising + sinking


def _ancestry(posture: str, *, rising: bool) -> list[str]:
    found = [posture]
    while found[-1] != "stand":
        known = postures()[found[-1]]
        found.append((rising and known.up) or known.parent)
    return found
