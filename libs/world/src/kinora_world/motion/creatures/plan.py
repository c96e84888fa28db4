"""Every creature of a shot: its score, its body through time, its face."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kinora_world.cast.creatures import Creature
from kinora_world.motion import quaternion as qt
from kinora_world.motion.creatures.afloat import go_without_legs
from kinora_world.motion.creatures.biped import walk_on_two
from kinora_world.motion.creatures.channels import Channels
from kinora_world.motion.creatures.feet import Steps
from kinora_world.motion.creatures.gaze import look
from kinora_world.motion.creatures.moved import Moved
from kinora_world.motion.creatures.performance import CreatureFace, CreaturePerformance, MouthPath
from kinora_world.motion.creatures.puppet import hop_along
from kinora_world.motion.creatures.quadruped import walk_on_four
from kinora_world.motion.creatures.rigs import rig
from kinora_world.motion.creatures.route import Going, travelled
from kinora_world.motion.creatures.score import Point, Score, Where
from kinora_world.motion.face import FaceTrack, Mood, blink_times
from kinora_world.motion.furniture import Furniture, furnish
from kinora_world.motion.gaze import Glance
from kinora_world.motion.handling import prop_radius
from kinora_world.motion.performance import SampledPerformance
from kinora_world.motion.track import RATE, Track
from kinora_world.scene import F8, Footfall, Hold, PropKind, SpokenLine, StageSet
from kinora_world.species import species
from kinora_world.storyboard import Shot

_EVERYWHERE = (-40.0, -40.0, 40.0, 40.0)
_MOVERS = {"quadruped": walk_on_four, "biped": walk_on_two, "swimmer": go_without_legs, "floater": go_without_legs, "puppet": hop_along}


@dataclass(frozen=True, slots=True)
class _Actor:
    body: Creature
    score: Score
    going: Going
    channels: Channels
    moved: Moved


def plan_creatures(
    shot: Shot, bodies: Mapping[str, Creature], lines: Sequence[SpokenLine], stage: StageSet | None, kinds: Mapping[str, PropKind]
) -> dict[str, CreaturePerformance]:
    """How every creature among the marked characters moves through `shot`, by id. `lines` start from the shot's start."""
    names = [mark.character for mark in shot.marks if mark.character in bodies]
    times = np.arange(int(np.ceil(shot.duration * RATE)) + 2) / RATE
    scores = _scores(shot, {name: bodies[name] for name in names}, stage.bounds if stage else _EVERYWHERE, furnish(shot, kinds))
    actors = {name: _acted(name, bodies[name], scores[name], times) for name in names}
    heads = {name: _heads(actor) for name, actor in actors.items()}
    radii = {prop.id: prop_radius(shot, prop.id, kinds) for prop in shot.props}
    return {name: _performed(shot, name, actor, list(lines), heads, times, radii) for name, actor in actors.items()}


def _scores(
    shot: Shot, bodies: Mapping[str, Creature], bounds: tuple[float, float, float, float], furniture: Mapping[str, Furniture]
) -> dict[str, Score]:
    """Twice over: the second time everybody knows where the others will be."""
    fixed: dict[str, Point] = {mark.character: mark.position for mark in shot.marks}
    fixed |= {prop.id: (prop.position[0], prop.position[1]) for prop in shot.props if prop.position is not None}
    known: dict[str, Score] = {}

    def where(name: str, time: float) -> Point | None:
        return known[name].spot(time) if name in known else fixed.get(name)

    for _ in range(2):
        known = {name: _score(shot, name, body, where, bounds, furniture) for name, body in bodies.items()}
    return known


def _score(
    shot: Shot,
    name: str,
    body: Creature,
    where: Where,
    bounds: tuple[float, float, float, float],
    furniture: Mapping[str, Furniture],
) -> Score:
    mark = next(m for m in shot.marks if m.character == name)
    heads = dict(zip(body.skeleton.bones, body.skeleton.heads, strict=True))
    leg = float(heads["LeftUpLeg"][2]) if "LeftUpLeg" in heads else body.height * 0.5
    reach = max(0.2 * body.height, float(-heads["Mouth"][1]))
    kind = species(body.species)
    found = Score(
        shot,
        name,
        body.species,
        body.height / kind.height,
        rig(kind.rig),
        leg,
        reach,
        _stoop(heads, reach),
        where,
        bounds,
        mark.position,
        float(np.radians(mark.facing)),
        furniture,
    )
    for action in sorted((a for a in shot.actions if a.actor == name), key=lambda a: a.start):
        found.play(action)
    found.close()
    return found


def _stoop(heads: Mapping[str, F8], reach: float) -> float:
    """How far ahead of its middle a creature's muzzle touches the ground."""
    if "Neck" not in heads:
        return reach
    return float(-heads["Neck"][1] + 0.36 * np.linalg.norm(heads["Mouth"] - heads["Neck"]))


def _acted(name: str, body: Creature, score: Score, times: F8) -> _Actor:
    going = travelled(score.legs, *score.home, times)
    channels = Channels(times)
    for doing in score.doings:
        channels.play(doing)
        channels.bear(doing)
    moved = _MOVERS[species(body.species).rig](name, body.skeleton, going, channels, score.size)
    moved.hips[:, 2] += score.perched(times)
    return _Actor(body, score, going, channels, moved)


def _heads(actor: _Actor) -> F8:
    _, placed = actor.body.skeleton.forward(actor.moved.local, actor.moved.hips)
    return np.asarray(placed[:, actor.body.skeleton.index("Head")])


def _performed(
    shot: Shot, name: str, actor: _Actor, lines: list[SpokenLine], heads: Mapping[str, F8], times: F8, radii: Mapping[str, float]
) -> CreaturePerformance:
    skeleton, moved, c = actor.body.skeleton, actor.moved, actor.channels
    marks = {m.character: np.array([*m.position, 1.5]) for m in shot.marks}
    spots = marks | {p.id: np.array(p.position) for p in shot.props if p.position is not None}

    def points(what: str) -> F8 | None:
        return heads[what] if what in heads else np.tile(spots[what], (len(times), 1)) if what in spots else None

    free = (1 - np.clip(c["reach"], 0, 1)) * (1 - np.clip(c["blink"], 0, 1)) * (np.abs(c["roll"]) < 30)
    eyes = look(skeleton, moved.local, moved.hips, times, _glances(shot, name, actor, lines), points, free)
    turns = qt.continuous(qt.of_matrix(moved.local))
    zeros = np.zeros(len(times))
    track = Track(turns, moved.hips, actor.going.heading, np.ones((len(times), 2)), zeros, np.zeros((len(times), 3)))
    _, placed = skeleton.forward(moved.local, moved.hips)
    moods = tuple(Mood(d.act.mood, d.start, d.end + 0.4) for d in actor.score.doings if d.act.mood != "neutral")
    mine = tuple(line for line in lines if line.speaker == name)
    face = CreatureFace(
        FaceTrack(name, mine, moods, eyes, blink_times(name, shot.duration)), np.clip(c["jaw"], 0, 1.2), np.clip(c["blink"], 0, 1)
    )
    falls = _footfalls(moved.steps, times, shot.duration, actor.body.height)
    sampled = SampledPerformance(skeleton, track, placed, face, falls, _holds(actor, placed, radii))
    return CreaturePerformance(sampled)


def _holds(actor: _Actor, placed: F8, radii: Mapping[str, float]) -> tuple[Hold, ...]:
    mouth = placed[:, actor.body.skeleton.index("Mouth")]
    return tuple(
        Hold(m.prop, "Body", m.start, m.end, MouthPath(mouth - [0.0, 0.0, radii[m.prop]], actor.going.heading))
        for m in actor.score.mouthfuls
    )


def _glances(shot: Shot, name: str, actor: _Actor, lines: list[SpokenLine]) -> list[Glance]:
    others = [m.character for m in shot.marks if m.character != name]
    found = [Glance(line.start + 0.15, line.end + 0.4, line.speaker, 0.9) for line in lines if line.speaker != name]
    for line in lines:
        if line.speaker == name and others:
            before = [o.speaker for o in lines if o.speaker in others and o.start < line.start]
            found.append(Glance(line.start - 0.2, line.end + 0.3, before[-1] if before else others[0], 0.9))
    aims = [(doing, doing.action.target or doing.action.prop) for doing in actor.score.doings]
    return found + [Glance(doing.start - 0.2, doing.end + 0.2, what) for doing, what in aims if what not in (None, name)]


def _footfalls(steps: Mapping[str, Steps], times: F8, duration: float, height: float) -> tuple[Footfall, ...]:
    """Heavy bodies and long steps are loud."""
    loud = float(np.clip(0.12 + 0.4 * height, 0.12, 0.9))
    found = [
        Footfall(
            float(times[k]), (float(s.places[k, 0]), float(s.places[k, 1]), 0.0), float(np.clip(loud * (0.5 + 0.5 * far / height), 0.05, 1))
        )
        for s in steps.values()
        for k, far in s.landings
        if times[k] <= duration
    ]
    return tuple(sorted(found, key=lambda f: f.time))
