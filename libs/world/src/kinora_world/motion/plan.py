"""A shot's motion: everyone's timeline, then their bodies sample by sample."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from kinora_world.cast import Figure
from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.face import FaceTrack, Mood, blink_times
from kinora_world.motion.feet import Planted, plant, set_feet
from kinora_world.motion.flight import fly
from kinora_world.motion.gaze import Glance, look
from kinora_world.motion.gesture import hand_path, lay_hand, lay_trunk, lifted, window
from kinora_world.motion.handling import carrying, find_holds, find_launches, grip_of, gripped, prop_radius
from kinora_world.motion.performance import SampledPerformance
from kinora_world.motion.reaching import reach_down
from kinora_world.motion.segments import assembled, turn_between
from kinora_world.motion.talk import gesticulate
from kinora_world.motion.timeline import Doing, Timeline, Where, make_timeline
from kinora_world.motion.timing import natural_times
from kinora_world.motion.track import RATE, Track
from kinora_world.scene import F8, Footfall, Hold, Performance, PropKind, SpokenLine, StageSet
from kinora_world.storyboard import Shot

_EVERYWHERE = (-40.0, -40.0, 40.0, 40.0)


def plan(
    shot: Shot, bodies: Mapping[str, Figure], lines: Sequence[SpokenLine], stage: StageSet | None, prop_kinds: Mapping[str, PropKind]
) -> dict[str, Performance]:
    """How every marked character moves through `shot`, by id. `lines` are those of this shot, starting from the shot's start.

    Raises UnknownVerb for an action that is not in the catalogue, KeyError for a mark without a body.
    """
    people = [mark.character for mark in shot.marks]
    skeletons = {person: bodies[person].skeleton for person in people}
    timelines = _timelines(shot, people, skeletons, lines, stage.bounds if stage else _EVERYWHERE)
    times = np.arange(int(np.ceil(shot.duration * RATE)) + 2) / RATE
    taken: set[str] = set()
    radii = {prop.id: prop_radius(shot, prop.id, prop_kinds) for prop in shot.props}
    holds = {p: find_holds(timelines[p].doings, shot.duration, radii, taken) for p in people}
    tracks = {person: _acted(shot, timelines[person], holds[person], times, prop_kinds) for person in people}
    heads = {person: _heads(skeletons[person], tracks[person]) for person in people}
    return {person: _perform(shot, timelines[person], tracks[person], times, list(lines), heads, holds[person]) for person in people}


def _timelines(
    shot: Shot, people: list[str], skeletons: Mapping[str, Skeleton], lines: Sequence[SpokenLine], bounds: tuple[float, float, float, float]
) -> dict[str, Timeline]:
    """Twice over: the second time everybody knows where the others will be."""
    marks = {mark.character: mark.position for mark in shot.marks}
    props = {prop.id: (prop.position[0], prop.position[1]) for prop in shot.props if prop.position is not None}
    known: dict[str, Timeline] = {}

    def where(name: str, time: float) -> tuple[float, float] | None:
        if name in known:
            return known[name].spot(time).place
        return marks.get(name) or props.get(name)

    for _ in range(2):
        made = {}
        for person in people:
            spoken = [(line.start, whom) for line in lines if line.speaker == person and (whom := _listener(line, lines, people))]
            made[person] = make_timeline(shot, person, skeletons[person], _except(where, person, marks), bounds, spoken)
        known = made
    return known


def _except(where: Where, person: str, marks: Mapping[str, tuple[float, float]]) -> Where:
    return lambda name, time: marks[person] if name == person else where(name, time)


def _listener(line: SpokenLine, lines: Sequence[SpokenLine], people: list[str]) -> str | None:
    """Whoever spoke last before, else who speaks next, else the only other one."""
    others = [other for other in lines if other.speaker != line.speaker and other.speaker in people]
    before, after = [o for o in others if o.start <= line.start], [o for o in others if o.start > line.start]
    if before or after:
        return before[-1].speaker if before else after[0].speaker
    rest = [p for p in people if p != line.speaker]
    return rest[0] if len(rest) == 1 else None


def _acted(shot: Shot, line: Timeline, holds: Sequence[Hold], times: F8, kinds: Mapping[str, PropKind]) -> Track:
    """The whole body without feet on the floor and without gaze."""
    track = assembled(line.segments, times)
    skeleton = line.skeleton
    leg = skeleton.length("LeftUpLeg", "LeftFoot")
    for hold in holds:
        share = (
            window(times, hold.start - 0.1, hold.end + 0.05, 0.3, 0.2) if hold.start > 0 else window(times, -1.0, hold.end + 0.05, 0.3, 0.2)
        )
        for side, _ in SIDES:
            if path := carrying(skeleton, side, hold.hand, prop_radius(shot, hold.prop, kinds), len(times)):
                lay_hand(track.turns, skeleton, side, path, share)
    for doing in line.doings:
        if doing.kind.kind in ("gesture", "twirl"):
            _gesture(shot, line, doing, track, times, kinds, leg)
    return track


def _gesture(shot: Shot, line: Timeline, doing: Doing, track: Track, times: F8, kinds: Mapping[str, PropKind], leg: float) -> None:
    skeleton = line.skeleton
    near = (times > doing.start - 0.05) & (times < doing.end + 0.05)
    if not near.any():
        return
    moments = times[near]
    natural = natural_times(doing.kind, np.clip(moments - doing.start, 0, doing.length), doing.length)
    share = window(moments, doing.start, doing.end)
    part = track.turns[near]
    sink = lay_trunk(part, skeleton, doing.kind, natural, share)
    aim, mirrored = _aim(line, doing)
    for side, _ in SIDES:
        keyed = {"Left": "Right", "Right": "Left"}[side] if mirrored else side
        path = hand_path(doing.kind, keyed, natural, aim)
        if path is None or (_one_handed(shot, doing, kinds) and side == "Left" and doing.kind.grip == "Both"):
            continue
        if doing.kind.grip == "Both" and doing.action.prop and (doing.kind.grab is not None or doing.kind.release is not None):
            path = gripped(skeleton, side, path, prop_radius(shot, doing.action.prop, kinds))
        lay_hand(part, skeleton, side, path, share)
    track.turns[near] = part
    track.grounded[near, 1] *= 1 - lifted(doing.kind, natural)
    back = sink[:, 1] * leg
    track.shift[near] += np.column_stack([-np.sin(track.heading[near]) * back, np.cos(track.heading[near]) * back, -sink[:, 0] * leg])


def _one_handed(shot: Shot, doing: Doing, kinds: Mapping[str, PropKind]) -> bool:
    prop = doing.action.prop or doing.action.target
    return (
        doing.kind.manner != "push"
        and prop in {p.id for p in shot.props}
        and grip_of(doing.kind, prop_radius(shot, prop, kinds)) == "Right"
    )


def _aim(line: Timeline, doing: Doing) -> tuple[F8 | None, bool]:
    """The way to the target as the pointing hand's side sees it, and whether that is the left one."""
    name = doing.action.target or doing.action.prop
    point = doing.action.to or (line.where(name, doing.start) if name else None)
    if point is None:
        return None, False
    spot = line.spot(doing.start)
    way = np.array(point) - spot.place
    far = max(float(np.linalg.norm(way)), 0.3)
    angle = turn_between(spot.heading, float(np.arctan2(way[0], -way[1])))
    left = angle > 0.35
    outward = np.sin(angle) * (1 if left else -1)
    rise = -0.15 if name else -0.5
    aim = np.array([outward, np.cos(angle), rise / far])
    return aim / np.linalg.norm(aim), left


def _heads(skeleton: Skeleton, track: Track) -> F8:
    _, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    return np.asarray(placed[:, skeleton.index("Head")] + [0, 0, 0.06 * skeleton.offsets[0, 2]])


def _engaged(line: Timeline, holds: Sequence[Hold], times: F8) -> dict[str, F8]:
    """How far each hand is free of gestures and props, (k,)."""
    free = {side: np.ones(len(times)) for side, _ in SIDES}
    for hold in holds:
        for side in free:
            if hold.hand in ("Both", side):
                free[side] *= 1 - window(times, hold.start - 0.4, hold.end + 0.4, 0.3, 0.3)
    for doing in line.doings:
        if doing.kind.kind in ("gesture", "twirl", "clip"):
            for side in free:
                used = doing.kind.kind == "clip" or any(getattr(k, side.lower()) or k.both for k in doing.kind.keys)
                free[side] *= 1 - used * window(times, doing.start - 0.3, doing.end + 0.3, 0.3, 0.3)
    for segment in line.segments:
        if segment.verb == "run":
            for side in free:
                free[side] *= 1 - window(times, segment.start, segment.end)
    return free


def _glances(line: Timeline, lines: Sequence[SpokenLine], people: list[str]) -> list[Glance]:
    me = line.person
    found = [Glance(spoken.start + 0.2, spoken.end + 0.4, spoken.speaker, 0.85) for spoken in lines if spoken.speaker != me]
    for spoken in lines:
        whom = _listener(spoken, lines, people)
        if spoken.speaker == me and whom:
            found.append(Glance(spoken.start - 0.2, spoken.end + 0.3, whom, 0.9))
    for doing in line.doings:
        held = doing.kind.manner in ("throw", "shoot", "drop")
        target = doing.action.target or (None if held else doing.action.prop)
        if target and target != me:
            found.append(Glance(doing.start - 0.25, doing.end + (0.8 if doing.kind.release else 0.2), target))
    return found


def _perform(
    shot: Shot, line: Timeline, track: Track, times: F8, lines: list[SpokenLine], heads: Mapping[str, F8], holds: tuple[Hold, ...]
) -> SampledPerformance:
    skeleton, person = line.skeleton, line.person
    mine = tuple(spoken for spoken in lines if spoken.speaker == person)
    free = _engaged(line, holds, times)
    for spoken in mine:
        gesticulate(track.turns, skeleton, person, spoken, times, free)
    spots = {p.id: np.array([p.position[0], p.position[1], p.position[2] + 0.1]) for p in shot.props if p.position is not None}

    def points(name: str) -> F8 | None:
        if name in heads:
            return heads[name]
        return np.tile(spots[name], (len(times), 1)) if name in spots else None

    eyes = look(skeleton, track, times, _glances(line, lines, list(heads)), points)
    planted = plant(skeleton, track)
    set_feet(skeleton, track, planted)
    fly(skeleton, track)
    reach_down(skeleton, track, line.doings, times, spots, {h.prop: h.hand for h in holds})
    track = replace(track, turns=qt.continuous(track.turns), heading=np.unwrap(track.heading))
    _, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    moods = tuple(Mood(d.kind.mood, d.start, d.end + 0.6) for d in line.doings if d.kind.mood != "neutral")
    return SampledPerformance(
        skeleton,
        track,
        placed,
        FaceTrack(person, mine, moods, eyes, blink_times(person, shot.duration)),
        _footfalls(skeleton, planted, placed, times, shot.duration),
        holds,
        find_launches(line.doings, {prop.id for prop in shot.props}),
    )


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
