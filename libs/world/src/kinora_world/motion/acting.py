"""A shot's actions laid out in time: who goes where first, sits down for it, turns to whom, and when each begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion.catalogue import ActionKind, action_kinds, kind_of
from kinora_world.motion.clips import fit
from kinora_world.motion.furniture import Furniture, nearest
from kinora_world.motion.paths import make_path
from kinora_world.motion.seating import seat_for, settle_on
from kinora_world.motion.segments import Spot, heading_to, mounted, playing, riding, standing, twirling
from kinora_world.motion.spots import size_of
from kinora_world.motion.timeline import Doing, Timeline, Where
from kinora_world.motion.timing import after_lasting, before_lasting, length_of
from kinora_world.scene import FPS, Performance
from kinora_world.solids import bounds
from kinora_world.storyboard import Action, Shot

_RIDEABLE = 0.7  # metres: how high the hips of an animal must be
_KNEE = 0.55  # metres, of a grown-up
_FRAME = 1 / FPS
_LETTING_GO = 0.4  # seconds in which a gesture fades
_WHOLE = ("travel", "clip", "turn", "twirl", "stand", "posture", "ride")


@dataclass(frozen=True, slots=True)
class Company:
    """What a person's timeline is made from beside the shot itself."""

    skeletons: Mapping[str, Skeleton]
    where: Where
    bounds: tuple[float, float, float, float]
    furniture: Mapping[str, Furniture]
    tempos: Mapping[str, float]
    known: Mapping[str, Timeline]  # as far as they were planned
    others: Mapping[str, Performance] = field(default_factory=dict)  # who is on the stage too


def make_timeline(shot: Shot, person: str, company: Company, addressed: list[tuple[float, str]]) -> Timeline:
    """`addressed`: when this person begins to speak, and to whom."""
    mark = next(m for m in shot.marks if m.character == person)
    skeleton = company.skeletons[person]
    first = standing(skeleton, person, Spot(mark.position, float(np.radians(mark.facing))), 0.0, shot.duration)
    others = tuple(m.character for m in shot.marks if m.character != person)
    line = Timeline(person, skeleton, company.where, company.bounds, [first], others, company.furniture, company.tempos.get(person, 1.0))
    actions: list[tuple[float, int, Action | str]] = [(a.start, i, a) for i, a in enumerate(shot.actions) if _concerns(shot, i, person)]
    speeches: list[tuple[float, int, Action | str]] = [(time, len(shot.actions) + i, whom) for i, (time, whom) in enumerate(addressed)]
    for time, _, what in sorted([*actions, *speeches], key=lambda entry: entry[:2]):
        if isinstance(what, Action):
            _begin(line, what, shot, company)
        elif line.busy_until <= time + 0.9 and (point := company.where(what, time)):
            line.face(point, 40.0, max(time, line.busy_until))
    return line


def _concerns(shot: Shot, index: int, person: str) -> bool:
    """Whether the person does it, or is the partner in it; of two that say the same, the first one counts."""
    action = shot.actions[index]
    if action.actor != person:
        return kind_of(action.verb).partner is not None and action.target == person
    earlier = shot.actions[:index]
    return not any(a.target == person and a.actor == action.target and kind_of(a.verb).partner == action.verb
                   and abs(a.start - action.start) < 1.5 for a in earlier)  # fmt: skip


def _begin(line: Timeline, action: Action, shot: Shot, company: Company) -> None:
    if action.actor != line.person:
        _follow(line, action, shot, company)
        return
    action = _aware(action, shot)
    for verb in kind_of(action.verb).first:
        _act(line, action.model_copy(update={"verb": verb, "start": max(action.start, line.busy_until), "end": None}), shot, company)
    _act(line, action, shot, company)


def _aware(action: Action, shot: Shot) -> Action:
    """Who catches a thing watches whoever throws it."""
    if action.verb != "catch" or action.target is not None:
        return action
    throwers = [a.actor for a in shot.actions if a.prop == action.prop and a.actor != action.actor and kind_of(a.verb).release is not None]
    return action.model_copy(update={"target": throwers[-1]}) if throwers else action


def _act(line: Timeline, action: Action, shot: Shot, company: Company) -> None:
    kind = kind_of(_stooping(line, action))
    requested = None if action.end is None else action.end - action.start
    whole = kind.kind in _WHOLE or kind.posture is not None or kind.partner is not None
    start = max(action.start, line.busy_until) if (whole and line.busy_until < action.start + 0.6) or kind.first else action.start
    start = max(start, line.busy_until) if kind.posture is not None or kind.partner is not None else start
    if start >= shot.duration:
        return
    if kind.kind == "travel":
        _travel(line, action, kind, start, requested)
    elif kind.kind == "ride":
        steed = _steed(line, action, company, start) if kind.mounts else None
        if steed is not None:
            _mount(line, action, kind, start, requested, shot, steed)
        else:
            _ride(line, action, kind, start, requested, shot.duration)
    elif kind.kind == "posture":
        ready = _settled(line, action, kind, start, shot)
        lasting = requested if requested is not None else _until(action, shot) - ready
        begun = min(start, ready)
        line.doings.append(_doing(line, action, kind, begun, max(lasting, kind.duration) + ready - begun))
    else:
        _perform(line, action, kind, start, requested, shot, company)


def _stooping(line: Timeline, action: Action) -> str:
    """What is no higher than a knee is pushed from down there."""
    item = line.furniture.get(action.prop or action.target or "")
    low = item is not None and bounds(item.kind.shapes)[1][2] < _KNEE * size_of(line.skeleton)
    return "push_low" if action.verb == "push" and low else action.verb


def _doing(line: Timeline, action: Action, kind: ActionKind, start: float, length: float, partner: str | None = None) -> Doing:
    spot = line.spot(start)
    there = line.where(partner, start) if partner and kind.beside else None
    mirrored = there is not None and _at_right_of(spot, there)
    return Doing(action, kind, start, length, spot, _pace(line, action), partner, None, _thing(line, action, kind), mirrored)


def _at_right_of(spot: Spot, there: tuple[float, float]) -> bool:
    """Whether the spot lies at the right hand of somebody who stands there and faces the same way."""
    left = np.array([np.cos(spot.heading), np.sin(spot.heading)])
    return bool((np.array(spot.place) - there) @ left < 0)


def _pace(line: Timeline, action: Action) -> float:
    return action.pace * line.tempo


def _thing(line: Timeline, action: Action, kind: ActionKind) -> str | None:
    """The prop an action is done with: the named one, else the nearest of the kinds it may be."""
    for name in (action.prop, action.target):
        if name is not None and name in line.furniture:
            return name
    if kind.thing is None:
        return None
    found = nearest(line.furniture, kind.thing.kinds, line.spot(action.start).place)
    return found.name if found else None


def _perform(line: Timeline, action: Action, kind: ActionKind, start: float, requested: float | None, shot: Shot, company: Company) -> None:
    """Clips, gestures, twirls, looks."""
    partner = None
    if kind.partner is not None and action.target in company.skeletons:
        partner = action.target
        ready = _meet(line, action, kind, start, company)
    elif kind.posture is not None:
        ready = _settled(line, action, kind, start, shot)
    else:
        ready = _prepared(line, action, kind, start)
    pace = _pace(line, action)
    left = None if requested is None else max((requested - (ready - start)) * pace, 0.3)
    if kind.kind == "clip":
        _play(line, action, kind, line.settle(kind.posture or "stand", ready), left)
        return
    length = length_of(kind, left) / pace
    if kind.already and requested is None:
        length = max(length, _until(action, shot) - ready)
    if kind.already and start < 0.6 and ready <= start + 1e-6 and all(done.kind.kind == "posture" for done in line.doings):
        begun = -before_lasting(kind) / pace  # the shot finds one doing it
        length, ready = length + ready - begun, begun
    if action.end is not None and action.end > shot.duration - _FRAME and (kind.loop or kind.hold is not None):
        length += after_lasting(kind) / pace + _LETTING_GO  # the shot leaves one doing it
    if kind.kind == "twirl":
        ready = line.settle("stand", ready)
        line.doings.append(_doing(line, action, kind, ready, length))
        line.add(twirling(kind, line.skeleton, line.person, line.spot(ready), ready, length))
    elif kind.kind != "stand":
        line.doings.append(_doing(line, action, kind, ready, length, partner))
        if kind.posture is not None and line.spot(ready).height == 0 and ready + length < shot.duration - 0.6 and not kind.already:
            line.settle("stand", ready + length)


def _until(action: Action, shot: Shot) -> float:
    """When the actor does something else, or the shot ends."""
    later = [a.start for a in shot.actions if a.actor == action.actor and a.start > action.start]
    return min([*later, shot.duration + 1.0])


# --- going somewhere


def _travel(line: Timeline, action: Action, kind: ActionKind, start: float, requested: float | None) -> None:
    spot = line.spot(start)
    goal = action.to
    target = action.target or action.prop
    point = line.where(target, start) if target else None
    if goal is None and point is not None:
        goal = _short_of(spot.place, point, kind.near or 0.95)
    if goal is None:
        clip = fit(kind.clip or kind.verb, line.skeleton)
        speed = np.linalg.norm(clip.stride) / clip.duration * (kind.speed or 1.0)
        far = float(speed * min(requested or 2.0, 6.0))
        goal = (spot.place[0] + np.sin(spot.heading) * far, spot.place[1] - np.cos(spot.heading) * far)
    before = len(line.segments)
    done = line.travel(kind, goal, start, requested, pace=action.pace)
    moving = next((s for s in line.segments[before:] if s.phase is not None), None)
    doing = _doing(line, action, kind, start, max(done - start, 0.1))
    if moving is not None and kind.keys:
        doing = Doing(action, kind, moving.start, moving.end - moving.start, moving.first, 1.0, None, moving.phase)
    line.doings.append(doing)
    if point:
        line.face(point, 25.0, done)


def _ride(line: Timeline, action: Action, kind: ActionKind, start: float, requested: float | None, end: float) -> None:
    length = max(requested or min(end - start, 8.0), 0.8)
    thing = _thing(line, action, kind)
    height = _saddle(line, thing, kind)
    if line.untouched and start < 0.5 and kind.already:
        spot = line.spot(0.0)
        goal = _ahead(line, spot, action, (kind.speed or 0.01) * action.pace, length)
        line.begin_at(Spot(spot.place, heading_to(spot.place, goal), height, str(kind.posture)))
        length, start = length + start, 0.0
    elif thing is not None and kind.near is not None:
        place = line.furniture[thing].place
        if kind.thing is not None and kind.thing.stays:
            place = _short_of(line.spot(start).place, place, kind.near)
        there = line.furniture[thing].place
        start = line.face(there, 5.0, line.travel(action_kinds()["walk"], place, start, None))
    if line.spot(start).posture != kind.posture:
        start = line.settle(str(kind.posture), start, 0.6 * height)  # up it goes while the body tips over
    length = max(min(length, end - start), 0.8)
    spot = line.spot(start)
    speed = (kind.speed or 0.01) * action.pace
    path = make_path(spot.place, _ahead(line, spot, action, speed, length), [])
    line.doings.append(_doing(line, action, kind, start, length))
    rise = min(kind.climb * length, _top(line, thing) - spot.height) if kind.climb else height - spot.height
    line.add(riding(kind, line.skeleton, line.person, spot, path, start, length, rise))


def _steed(line: Timeline, action: Action, company: Company, time: float) -> Performance | None:
    """The animal that is ridden: the named one, else the nearest big enough."""
    if action.target is not None and action.target in company.others:
        return company.others[action.target]
    here = np.array(line.spot(time).place)
    big = [other for other in company.others.values() if other.joint("Hips", time)[2] > _RIDEABLE]
    return min(big, key=lambda other: float(np.linalg.norm(other.joint("Hips", time)[:2] - here)), default=None)


def _mount(line: Timeline, action: Action, kind: ActionKind, start: float, requested: float | None, shot: Shot, steed: Performance) -> None:
    length = max(requested or shot.duration + 1.0 - start, 0.8)
    if line.untouched and start < 0.5 and kind.already:
        length, start = length + start, 0.0
        first = mounted(kind, line.skeleton, line.person, steed, 0.0, length).first
        line.begin_at(first)
    else:
        x, y, _ = steed.joint("Spine", start)
        start = line.travel(action_kinds()["walk"], _short_of(line.spot(start).place, (float(x), float(y)), 0.7), start, None)
    line.doings.append(_doing(line, action, kind, start, length))
    line.add(mounted(kind, line.skeleton, line.person, steed, start, length))


def _saddle(line: Timeline, thing: str | None, kind: ActionKind) -> float:
    """How high above the ground one rides, metres."""
    if thing is None or kind.thing is None:
        return kind.altitude
    return line.furniture[thing].kind.anchors.get(kind.thing.anchor, (0.0, 0.0, kind.altitude))[2]


def _top(line: Timeline, thing: str | None) -> float:
    """How high above the ground one can climb on a thing, metres: until the hands are at its end."""
    return float(bounds(line.furniture[thing].kind.shapes)[1][2]) - 1.55 * size_of(line.skeleton) if thing else 20.0


def _ahead(line: Timeline, spot: Spot, action: Action, speed: float, length: float) -> tuple[float, float]:
    """Where a ride ends: where it should, else across the stage towards where there is more room."""
    if action.to is not None and np.hypot(action.to[0] - spot.place[0], action.to[1] - spot.place[1]) > 0.3:
        return line.inside(action.to)
    if speed < 0.1:
        return spot.place[0] + np.sin(spot.heading) * 0.02, spot.place[1] - np.cos(spot.heading) * 0.02
    x0, _, x1, _ = line.bounds
    across = 1.0 if np.sin(spot.heading) > 0.3 or (abs(np.sin(spot.heading)) <= 0.3 and x1 - spot.place[0] > spot.place[0] - x0) else -1.0
    room = (x1 - spot.place[0] if across > 0 else spot.place[0] - x0) - 0.5
    far = max(min(speed * max(length - 0.75, 0.4), room), min(0.5, speed))
    return spot.place[0] + across * far, spot.place[1]


def _short_of(place: tuple[float, float], point: tuple[float, float], gap: float) -> tuple[float, float]:
    way = np.array(point) - place
    far = float(np.linalg.norm(way))
    if far <= gap:
        return place
    stop = np.array(place) + way * (1 - gap / far)
    return float(stop[0]), float(stop[1])


# --- postures


def _settled(line: Timeline, action: Action, kind: ActionKind, start: float, shot: Shot) -> float:
    """In the posture an action wants, on what there is for it; returns when that is reached."""
    name, item = seat_for(line, action, kind, start)
    if name == "stand" or (kind.kind == "gesture" and name == "sit_floor" and item is None):
        return line.settle("stand", start) if kind.kind == "posture" else _prepared(line, action, kind, start)
    return settle_on(line, action, kind, name, item, start, shot)


# --- two of them


def _meet(line: Timeline, action: Action, kind: ActionKind, start: float, company: Company) -> float:
    """Walk up to the partner, to the distance at which hands and arms meet; returns when both are ready."""
    start = line.settle("stand", start)
    other = str(action.target)
    there = company.where(other, start) or line.spot(start).place
    gap = (kind.apart or 0.8) * (size_of(line.skeleton) + size_of(company.skeletons[other])) / 2
    spot = _opposite(line, kind, there, gap, start, company, other)
    here = line.spot(start)
    if np.hypot(spot.place[0] - here.place[0], spot.place[1] - here.place[1]) > 0.6:
        waypoint = _short_of(here.place, spot.place, 0.35)
        start = line.travel(action_kinds()["walk"], waypoint, start, None)
        spot = _opposite(line, kind, there, gap, start, company, other)
    ready = line.step_to(spot, start)
    partner = company.known.get(other)
    turned = [d.start for d in partner.doings if d.action is action] if partner else []
    return max([ready, *turned])


def _opposite(line: Timeline, kind: ActionKind, there: tuple[float, float], gap: float, time: float, company: Company, other: str) -> Spot:
    here = line.spot(time)
    if kind.beside and other in company.known:
        heading = company.known[other].spot(time).heading
        left = np.array([np.cos(heading), np.sin(heading)])
        side = 1.0 if (np.array(here.place) - there) @ left >= 0 else -1.0
        place = np.array(there) + side * gap * left
        return Spot((float(place[0]), float(place[1])), heading)
    way = np.array(here.place) - there
    far = float(np.linalg.norm(way))
    way = way / far if far > 1e-3 else np.array([1.0, 0.0])
    place = np.array(there) + way * gap
    return Spot((float(place[0]), float(place[1])), heading_to((float(place[0]), float(place[1])), there))


def _follow(line: Timeline, action: Action, shot: Shot, company: Company) -> None:
    """The partner's part: to stand up, turn, and join in."""
    lead = company.known.get(action.actor)
    doing = next((d for d in lead.doings if d.action is action), None) if lead else None
    kind = kind_of(str(kind_of(action.verb).partner))
    if doing is None or doing.start >= shot.duration or line.busy_until > doing.start + 0.4:
        start = max(action.start, line.busy_until)
        if doing is None or start >= shot.duration:
            return
    spot = line.spot(doing.start)
    heading = spot.heading if kind.beside else heading_to(spot.place, doing.spot.place)
    early = max(line.busy_until, doing.start - 0.8)
    ready = max(line.step_to(Spot(spot.place, heading), early), doing.start)
    line.doings.append(Doing(action, kind, ready, doing.length, line.spot(ready), doing.pace, action.actor, None, None, doing.mirrored))


# --- doing it


def _prepared(line: Timeline, action: Action, kind: ActionKind, start: float) -> float:
    """Walk up and turn to what the action is about; returns when it can begin."""
    thing, target = (line.where(name, start) if name else None for name in (action.prop, action.target))
    ready = start
    if kind.thing is not None and kind.thing.stays and thing is None and (found := _thing(line, action, kind)):
        thing = line.where(found, start)
    held = kind.manner in ("throw", "shoot", "drop")
    if kind.near is not None and (goal := (target or thing) if held else (thing or target)):
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
    """`requested` is in seconds of natural pace."""
    natural = kind.model_copy(update={"duration": fit(kind.clip or kind.verb, line.skeleton).duration})
    pace = _pace(line, action)
    rounds = max(1, round(requested / natural.duration)) if requested and kind.looped else 1
    length = length_of(natural, requested / rounds if requested else None) / pace
    line.doings.append(_doing(line, action, natural, start, length * rounds))
    for _ in range(rounds):
        line.add(playing(natural, line.skeleton, line.spot(start), start, length))
        start += length
