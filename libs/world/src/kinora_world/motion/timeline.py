"""One person's shot as a sequence of whole-body segments and the gestures laid over them."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion.catalogue import ActionKind, action_kinds, kind_of
from kinora_world.motion.clips import fit
from kinora_world.motion.paths import make_path, short_of_people
from kinora_world.motion.segments import (
    Segment,
    Spot,
    heading_to,
    playing,
    standing,
    travelling,
    turn_between,
    turning,
    turning_time,
    twirling,
)
from kinora_world.motion.timing import length_of
from kinora_world.storyboard import Action, Shot

Where = Callable[[str, float], tuple[float, float] | None]  # of a character or prop at a time; None when unknown


@dataclass(frozen=True, slots=True)
class Doing:
    """An action with its actual times; `spot` is where it is done from."""

    action: Action
    kind: ActionKind
    start: float
    length: float
    spot: Spot

    @property
    def end(self) -> float:
        return self.start + self.length


@dataclass(slots=True)
class Timeline:
    person: str
    skeleton: Skeleton
    where: Where
    bounds: tuple[float, float, float, float]
    segments: list[Segment]
    others: tuple[str, ...] = ()
    doings: list[Doing] = field(default_factory=list)

    def spot(self, time: float) -> Spot:
        current = [s for s in self.segments if s.start <= time]
        return (current or self.segments)[-1].spot(time)

    @property
    def busy_until(self) -> float:
        return self.segments[-1].end if self.segments[-1].verb != "stand" else self.segments[-1].start

    def add(self, segment: Segment) -> None:
        """Append, and stand where it ends."""
        self.segments.append(segment)
        self.segments.append(standing(self.skeleton, self.person, segment.last, segment.end, segment.end))

    def face(self, point: tuple[float, float], limit: float, time: float) -> float:
        """Turn towards a point that lies more than `limit` degrees aside, if possible by `time`; returns when that is done."""
        spot = self.spot(time)
        heading = heading_to(spot.place, point)
        if (
            abs(turn_between(spot.heading, heading)) <= np.radians(limit)
            or np.hypot(point[0] - spot.place[0], point[1] - spot.place[1]) < 0.15
        ):
            return time
        early = time - turning_time(turn_between(spot.heading, heading))
        self.add(turning(self.skeleton, self.person, spot, heading, max(early, self.busy_until, 0.0)))
        return max(time, self.busy_until)

    def travel(self, kind: ActionKind, goal: tuple[float, float], start: float, requested: float | None) -> float:
        spot = self.spot(start)
        if np.hypot(goal[0] - spot.place[0], goal[1] - spot.place[1]) < 0.12:
            return start
        people = [point for name in self.others if (point := self.where(name, start + 1.0)) is not None]
        goal = short_of_people(spot.place, self.inside(goal), people)
        path = make_path(spot.place, goal, people)
        if path.length < 0.12:
            return start
        self.add(travelling(kind, self.skeleton, self.person, spot, path, start, requested))
        return self.busy_until

    def inside(self, goal: tuple[float, float]) -> tuple[float, float]:
        x0, y0, x1, y1 = self.bounds
        return float(np.clip(goal[0], x0, x1)), float(np.clip(goal[1], y0, y1))


def make_timeline(
    shot: Shot, person: str, skeleton: Skeleton, where: Where, bounds: tuple[float, float, float, float], addressed: list[tuple[float, str]]
) -> Timeline:
    """`addressed`: when this person begins to speak, and to whom."""
    mark = next(m for m in shot.marks if m.character == person)
    spot = Spot(mark.position, float(np.radians(mark.facing)))
    others = tuple(m.character for m in shot.marks if m.character != person)
    line = Timeline(person, skeleton, where, bounds, [standing(skeleton, person, spot, 0.0, shot.duration)], others)
    actions: list[tuple[float, int, Action | str]] = [(a.start, i, a) for i, a in enumerate(shot.actions) if a.actor == person]
    speeches: list[tuple[float, int, Action | str]] = [(time, len(shot.actions) + i, whom) for i, (time, whom) in enumerate(addressed)]
    for time, _, what in sorted([*actions, *speeches], key=lambda entry: entry[:2]):
        if isinstance(what, Action):
            _act(line, _aware(what, shot), shot.duration)
        elif line.busy_until <= time + 0.9 and (point := where(what, time)):
            line.face(point, 40.0, max(time, line.busy_until))
    return line


def _aware(action: Action, shot: Shot) -> Action:
    """Who catches a thing watches whoever throws it."""
    if action.verb != "catch" or action.target is not None:
        return action
    throwers = [a.actor for a in shot.actions if a.prop == action.prop and a.actor != action.actor and kind_of(a.verb).release is not None]
    return action.model_copy(update={"target": throwers[-1]}) if throwers else action


def _act(line: Timeline, action: Action, end: float) -> None:
    kind = kind_of(action.verb)
    requested = None if action.end is None else action.end - action.start
    whole = kind.kind in ("travel", "clip", "turn", "twirl", "stand")
    start = max(action.start, line.busy_until) if whole and line.busy_until < action.start + 0.6 else action.start
    if start >= end:
        return
    if kind.kind == "travel":
        done = _travel(line, action, kind, start, requested)
        line.doings.append(Doing(action, kind, start, max(done - start, 0.1), line.spot(start)))
        return
    ready = _prepared(line, action, kind, start)
    if kind.kind == "clip":
        _play(line, action, kind, ready, None if requested is None else requested - (ready - start))
    elif kind.kind == "twirl":
        length = length_of(kind, requested)
        line.doings.append(Doing(action, kind, ready, length, line.spot(ready)))
        line.add(twirling(kind, line.skeleton, line.person, line.spot(ready), ready, length))
    elif kind.kind != "stand":
        length = length_of(kind, None if requested is None else max(requested - (ready - start), 0.3))
        line.doings.append(Doing(action, kind, ready, length, line.spot(ready)))


def _travel(line: Timeline, action: Action, kind: ActionKind, start: float, requested: float | None) -> float:
    spot = line.spot(start)
    goal = action.to
    target = action.target or action.prop
    point = line.where(target, start) if target else None
    if goal is None and point is not None:
        goal = _short_of(spot.place, point, kind.near or 0.95)
    if goal is None:
        pace = np.linalg.norm(fit(kind.clip or kind.verb, line.skeleton).stride) / fit(kind.clip or kind.verb, line.skeleton).duration
        far = float(pace * min(requested or 2.0, 6.0))
        goal = (spot.place[0] + np.sin(spot.heading) * far, spot.place[1] - np.cos(spot.heading) * far)
    done = line.travel(kind, goal, start, requested)
    return line.face(point, 25.0, done) if point else done


def _short_of(place: tuple[float, float], point: tuple[float, float], gap: float) -> tuple[float, float]:
    way = np.array(point) - place
    far = float(np.linalg.norm(way))
    if far <= gap:
        return place
    stop = np.array(place) + way * (1 - gap / far)
    return float(stop[0]), float(stop[1])


def _prepared(line: Timeline, action: Action, kind: ActionKind, start: float) -> float:
    """Walk up and turn to what the action is about; returns when it can begin."""
    thing, target = (line.where(name, start) if name else None for name in (action.prop, action.target))
    ready = start
    if kind.near is not None and (goal := thing or target):
        spot = line.spot(ready)
        gap = kind.near * line.skeleton.offsets[0, 2] / 0.95
        if np.hypot(goal[0] - spot.place[0], goal[1] - spot.place[1]) > gap + 0.35:
            pace = action_kinds()["run" if np.hypot(goal[0] - spot.place[0], goal[1] - spot.place[1]) > 4 else "walk"]
            ready = line.travel(pace, _behind(goal, target, spot.place, gap), ready, None)
    look = target if target and (thing is None or kind.manner) else (thing or target)
    if kind.kind == "turn" and look is None and action.to is not None:
        look = action.to
    limit = 3.0 if kind.kind == "turn" else kind.faces
    if look and limit is not None:
        ready = line.face(look, limit, max(ready, start))
    return ready


def _behind(thing: tuple[float, float], target: tuple[float, float] | None, place: tuple[float, float], gap: float) -> tuple[float, float]:
    """Where to stand for a push or kick of `thing` towards `target`: on its far side; without a target, on the near side."""
    source = np.array(thing) - target if target and target != thing else np.array(place) - thing
    length = max(float(np.linalg.norm(source)), 1e-6)
    spot = np.array(thing) + source / length * gap
    return float(spot[0]), float(spot[1])


def _play(line: Timeline, action: Action, kind: ActionKind, start: float, requested: float | None) -> None:
    natural = kind.model_copy(update={"duration": fit(kind.clip or kind.verb, line.skeleton).duration})
    rounds = max(1, round(requested / natural.duration)) if requested and kind.looped else 1
    length = length_of(natural, requested / rounds if requested else None)
    line.doings.append(Doing(action, natural, start, length * rounds, line.spot(start)))
    for _ in range(rounds):
        line.add(playing(natural, line.skeleton, line.spot(start), start, length))
        start += length
