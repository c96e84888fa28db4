"""A shot's motion: everyone's timeline, then their bodies sample by sample: trunks and feet first, then hands, then what hands hold."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from kinora_world.cast import Figure
from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.acting import Company, make_timeline
from kinora_world.motion.attention import glances, listener
from kinora_world.motion.bearing import tempo_of
from kinora_world.motion.catalogue import kind_of
from kinora_world.motion.face import FaceTrack, blink_times, moods_of
from kinora_world.motion.feet import Planted, plant, set_feet
from kinora_world.motion.flight import fly
from kinora_world.motion.furniture import Furniture, furnish
from kinora_world.motion.gaze import look
from kinora_world.motion.goals import Stance
from kinora_world.motion.handling import find_holds, find_launches, handed_on, prop_radius
from kinora_world.motion.hands import lay_hands
from kinora_world.motion.performance import SampledPerformance
from kinora_world.motion.reaching import reach_down
from kinora_world.motion.things import frames_of, pose_path, seated, still_at
from kinora_world.motion.timeline import Timeline, Where
from kinora_world.motion.track import RATE, Track
from kinora_world.motion.trunks import acted
from kinora_world.scene import F8, Footfall, Hold, Performance, PropKind, SpokenLine, StageSet
from kinora_world.storyboard import Shot

_EVERYWHERE = (-40.0, -40.0, 40.0, 40.0)


def plan(
    shot: Shot,
    bodies: Mapping[str, Figure],
    lines: Sequence[SpokenLine],
    stage: StageSet | None,
    prop_kinds: Mapping[str, PropKind],
    others: Mapping[str, Performance] = MappingProxyType({}),
) -> dict[str, Performance]:
    """How every marked character moves through `shot`, by id. `lines` are those of this shot, starting from the shot's start.

    `others` are on the stage too and perform already.

    Raises UnknownVerb for an action that is not in the catalogue, KeyError for a mark without a body.
    """
    people = [mark.character for mark in shot.marks if mark.character not in others]
    furniture = furnish(shot, prop_kinds)
    timelines = _timelines(shot, {p: bodies[p] for p in people}, lines, stage.bounds if stage else _EVERYWHERE, furniture, others)
    times = np.arange(int(np.ceil(shot.duration * RATE)) + 2) / RATE
    taken: set[str] = set()
    radii = {prop.id: prop_radius(shot, prop.id, prop_kinds) for prop in shot.props}
    first = {p: min((d.start for d in timelines[p].doings if d.action.actor == p), default=shot.duration) for p in people}
    found = {p: find_holds(timelines[p].doings, shot.duration, radii, taken) for p in sorted(people, key=first.__getitem__)}
    holds = {p: handed_on(p, found) for p in people}
    rehearsal = _Rehearsal(shot, bodies, timelines, list(lines), times, holds, prop_kinds, others)
    return {person: rehearsal.performance(person, furniture) for person in people}


class _Rehearsal:
    """Everybody's trunk and feet, before anyone's hands: for hands may reach for somebody else."""

    def __init__(
        self,
        shot: Shot,
        bodies: Mapping[str, Figure],
        timelines: Mapping[str, Timeline],
        lines: list[SpokenLine],
        times: F8,
        holds: Mapping[str, tuple[Hold, ...]],
        kinds: Mapping[str, PropKind],
        others: Mapping[str, Performance],
    ) -> None:
        self.shot, self.bodies, self.timelines, self.lines, self.times = shot, bodies, timelines, lines, times
        self.holds, self.kinds = holds, kinds
        self.moods = {p: moods_of(shot, p, line.doings, lines, line.asleep(shot.duration)) for p, line in timelines.items()}
        self.tracks = {
            p: acted(line, times, [(m.name, m.start, m.end) for m in self.moods[p]], bodies[p].age_years) for p, line in timelines.items()
        }
        heads = {p: _heads(bodies[p].skeleton, track) for p, track in self.tracks.items()}
        heads |= {name: np.array([other.joint("Head", t) for t in times]) for name, other in others.items()}
        self.spots = {p.id: np.array([p.position[0], p.position[1], p.position[2] + 0.1]) for p in shot.props if p.position is not None}
        self.eyes: dict[str, F8] = {}
        self.planted: dict[str, Planted] = {}
        for person, line in timelines.items():
            track, skeleton = self.tracks[person], bodies[person].skeleton
            self.eyes[person] = look(skeleton, track, times, glances(line, lines, [*timelines, *others]), self._points(heads))
            self.planted[person] = plant(skeleton, track)
            set_feet(skeleton, track, self.planted[person])
            fly(skeleton, track)
        self.stances = {p: _stance(bodies[p], track) for p, track in self.tracks.items()}

    def _points(self, heads: Mapping[str, F8]) -> "_Points":
        return _Points(heads, self.spots, len(self.times))

    def performance(self, person: str, furniture: Mapping[str, Furniture]) -> SampledPerformance:
        line, track, skeleton = self.timelines[person], self.tracks[person], self.bodies[person].skeleton
        spoken = tuple(said for said in self.lines if said.speaker == person)
        holds = self.holds[person]
        lay_hands(self.shot, line, track, self.times, self.stances, self.timelines, holds, spoken, self.kinds)
        reach_down(skeleton, track, line.doings, self.times, self.spots, {h.prop: h.hand for h in holds})
        track = replace(track, turns=qt.continuous(track.turns), heading=np.unwrap(track.heading))
        _, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
        return SampledPerformance(
            skeleton,
            track,
            placed,
            FaceTrack(person, spoken, self.moods[person], self.eyes[person], blink_times(person, self.shot.duration), tuple(line.doings)),
            _footfalls(skeleton, self.planted[person], placed, self.times, self.shot.duration),
            tuple(self._placed(hold, line, track, furniture) for hold in holds) + self._sat_on(line, furniture),
            find_launches(line.doings, {prop.id for prop in self.shot.props}),
            tuple(doing.start + doing.kind.falls / doing.pace for doing in line.doings if doing.kind.falls is not None),
        )

    def _placed(self, hold: Hold, line: Timeline, track: Track, furniture: Mapping[str, Furniture]) -> Hold:
        """A hold with the way its thing goes, where the action knows."""
        doing = next(
            (d for d in line.doings if d.thing == hold.prop and d.kind.thing and not d.kind.thing.stays and d.end > hold.start), None
        )
        if doing is None or doing.kind.thing is None or hold.prop not in furniture:
            return hold
        frames = frames_of(line.skeleton, track, doing, self.times)
        return replace(hold, path=pose_path(seated(doing.kind.thing, furniture[hold.prop], frames)))

    def _sat_on(self, line: Timeline, furniture: Mapping[str, Furniture]) -> tuple[Hold, ...]:
        """What one sits or lies on, or works at, stays where it is."""
        found: dict[str, Hold] = {}
        for doing in line.doings:
            item, thing = furniture.get(doing.thing or ""), doing.kind.thing
            if item is not None and not item.kind.fixed and (thing.stays if thing else doing.kind.posture is not None):
                path = still_at(item, len(self.times))
                found.setdefault(item.name, Hold(item.name, "Body", 0.0, self.shot.duration, path))
        return tuple(found.values())


class _Points:
    """Callable: where somebody's eyes or a thing are, (k, 3)."""

    def __init__(self, heads: Mapping[str, F8], spots: Mapping[str, F8], count: int) -> None:
        self.heads, self.spots, self.count = heads, spots, count

    def __call__(self, name: str) -> F8 | None:
        if name in self.heads:
            return self.heads[name]
        return np.tile(self.spots[name], (self.count, 1)) if name in self.spots else None


def _timelines(
    shot: Shot,
    bodies: Mapping[str, Figure],
    lines: Sequence[SpokenLine],
    bounds: tuple[float, float, float, float],
    furniture: Mapping[str, Furniture],
    others: Mapping[str, Performance],
) -> dict[str, Timeline]:
    """More than once: in the end everybody knows where the others will be, and pairs begin together."""
    people = list(bodies)
    marks = {mark.character: mark.position for mark in shot.marks}
    props = {prop.id: (prop.position[0], prop.position[1]) for prop in shot.props if prop.position is not None}
    known: dict[str, Timeline] = {}
    tempos = {person: tempo_of(body.age_years, body.height) for person, body in bodies.items()}
    skeletons = {person: body.skeleton for person, body in bodies.items()}

    def where(name: str, time: float) -> tuple[float, float] | None:
        if name in known:
            return known[name].spot(time).place
        if name in others:
            x, y, _ = others[name].joint("Hips", time)
            return float(x), float(y)
        return marks.get(name) or props.get(name)

    pairs = any(kind_of(action.verb).partner for action in shot.actions)
    for _ in range(4 if pairs else 2):
        made: dict[str, Timeline] = {}
        for person in people:
            spoken = [
                (line.start, whom) for line in lines if line.speaker == person and (whom := listener(line, lines, [*people, *others]))
            ]
            company = Company(skeletons, _except(where, person, marks), bounds, furniture, tempos, known, others)
            made[person] = make_timeline(shot, person, company, spoken)
        known = made
    return known


def _except(where: Where, person: str, marks: Mapping[str, tuple[float, float]]) -> Where:
    return lambda name, time: marks[person] if name == person else where(name, time)


def _heads(skeleton: Skeleton, track: Track) -> F8:
    _, placed = skeleton.forward(qt.matrix(track.turns), track.hips + track.shift)
    return np.asarray(placed[:, skeleton.index("Head")] + [0, 0, 0.06 * skeleton.offsets[0, 2]])


def _stance(figure: Figure, track: Track) -> Stance:
    turned, placed = figure.skeleton.forward(qt.matrix(track.turns), track.hips)
    return Stance(figure, turned, placed)


def _footfalls(skeleton: Skeleton, planted: Planted, placed: F8, times: F8, duration: float) -> tuple[Footfall, ...]:
    """A step is heard when a foot comes to stand; the faster it came down, the louder."""
    found = []
    for f, (side, _) in enumerate(SIDES):
        ball = placed[:, skeleton.index(f"{side}ToeBase")]
        for k in np.flatnonzero(np.diff(planted.standing[:, f]) > 0) + 1:
            before = max(0, int(k) - RATE // 8)
            speed = float(np.linalg.norm(ball[k] - ball[before])) * RATE / max(int(k) - before, 1)
            if times[k] <= duration:
                found.append(Footfall(float(times[k]), (float(ball[k, 0]), float(ball[k, 1]), 0.0), float(np.clip(speed / 4.0, 0.1, 1))))
    return tuple(sorted(found, key=lambda f: f.time))
