"""Where people and things stand when a shot begins: nobody in each other's way, partners face to face, the ball within reach."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from kinora_world.catalogue import entries
from kinora_world.director.draft import Deed, Draft, Ref, ShotDraft, Speech
from kinora_world.director.timing import LAUNCHES, Timed

XY = tuple[float, float]
_APART = 1.15  # metres between people side by side
_WIDE_APART = 1.7  # when they dance or tumble
_ROOMY = frozenset({"dance", "backflip", "cartwheel", "jump", "spin", "kick", "punch"})
_SHOT_DISTANCE, _THROW_DISTANCE, _KICK_DISTANCE = 3.8, 3.0, 3.4
_SPEEDS = {"walk": 1.25, "run": 3.2}  # metres a second
_REACH = {"push": 0.85, "pick_up": 0.6, "kick": 0.55, "punch": 0.95, "throw": 0.4, "shoot": 0.4, "catch": 0.6}
_HOOP: XY = (5.0, 0.8)


@dataclass(slots=True)
class Stand:
    """Positions (x, y) and facings in degrees by person, (x, y, z) and facings by prop id, walks' ends by deed."""

    people: dict[int, XY] = field(default_factory=dict)
    facing: dict[int, float] = field(default_factory=dict)
    props: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    turned: dict[str, float] = field(default_factory=dict)
    ends: dict[int, XY] = field(default_factory=dict)  # by id() of the deed


def towards(here: XY, there: XY) -> float:
    """Facing in degrees: 0 towards the audience (-Y), counter-clockwise from above."""
    return math.degrees(math.atan2(there[0] - here[0], -(there[1] - here[1])))


def ahead(here: XY, facing: float, distance: float) -> XY:
    angle = math.radians(facing)
    return (here[0] + distance * math.sin(angle), here[1] - distance * math.cos(angle))


def block(
    shot: ShotDraft, draft: Draft, timed: Sequence[Timed], ids: Mapping[int, Sequence[str]], before: Stand | None, chance: Random
) -> Stand:
    """`ids` are the prop ids of each thing; `before` is where everybody was at the end of the shot before, in the same place."""
    stand = Stand()
    deeds = [t.what for t in timed if isinstance(t.what, Deed)]
    _hang_hoop(shot, draft, ids, stand)
    leads = _lead(shot, deeds, stand)
    _line_up(shot, deeds, leads, stand, before, chance, step=0.8 if draft.narrow else 1.0)
    _aim(timed, ids, stand, chance)
    _set_props(shot, draft, deeds, ids, stand, chance)
    for entry in timed:
        if isinstance(entry.what, Deed) and entry.what.verb in _SPEEDS:
            _walk(entry, shot, ids, stand)
    return stand


def _bounds(place: str | None) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = entries("places").get(place or "", {}).get("bounds", (-6, -4, 6, 6))
    return x0 + 0.5, y0 + 0.5, x1 - 0.5, y1 - 0.5


def _within(point: XY, place: str | None) -> XY:
    x0, y0, x1, y1 = _bounds(place)
    return (round(min(max(point[0], x0), x1), 3), round(min(max(point[1], y0), y1), 3))


def _spot(place: str | None, kind: str) -> Mapping[str, Any]:
    spots: Mapping[str, Mapping[str, Any]] = entries("places").get(place or "", {}).get("spots", {})
    return spots.get(kind, {})


def _hang_hoop(shot: ShotDraft, draft: Draft, ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    for number in shot.things:
        if draft.things[number].kind == "hoop":
            spot = _spot(shot.place, "hoop")
            x, y = spot.get("at", _HOOP)[:2]
            stand.props[ids[number][0]] = (float(x), float(y), 0.0)
            stand.turned[ids[number][0]] = float(spot.get("facing", -90.0))


def _lead(shot: ShotDraft, deeds: Sequence[Deed], stand: Stand) -> list[int]:
    """Those whose deed says where they stand: shooters before the hoop, throwers and catchers apart. Returns who they are."""
    for deed in deeds:
        if deed.verb == "shoot":
            hoop = _spot(shot.place, "hoop").get("at", _HOOP)
            for order, actor in enumerate(deed.actors):
                stand.people.setdefault(actor, (hoop[0] - _SHOT_DISTANCE - 0.2 * order, hoop[1] - 0.5 - 1.1 * order))
        elif deed.verb in {"throw", "kick"} and deed.target is not None:
            distance = _THROW_DISTANCE if deed.verb == "throw" else _KICK_DISTANCE
            stand.people.setdefault(deed.actors[0], (-distance / 2, 0.0))
            if deed.target[0] == "person":
                stand.people.setdefault(deed.target[1], (distance / 2, 0.2))
        elif deed.verb in _SPEEDS and deed.target is not None and deed.target[0] == "person":
            stand.people.setdefault(deed.actors[0], (-2.4, -0.2))
            stand.people.setdefault(deed.target[1], (1.0, 0.1))
        elif deed.verb in {"push", "pick_up", "kick"} and (deed.prop is not None or deed.target is not None):
            stand.people.setdefault(deed.actors[0], (-0.9, 0.0))
    return list(stand.people)


def _line_up(
    shot: ShotDraft, deeds: Sequence[Deed], leads: Sequence[int], stand: Stand, before: Stand | None, chance: Random, *, step: float
) -> None:
    """The others: where they were, else in a row beside the leads, two rows when there are many."""
    if before is not None and not leads:
        stand.people.update({who: before.people[who] for who in shot.people if who in before.people})
    others = [who for who in shot.people if who not in stand.people]
    step *= _WIDE_APART if any(deed.verb in _ROOMY for deed in deeds) else _APART
    walkers = any(deed.verb in _SPEEDS for deed in deeds)
    per_row = len(others) if len(others) <= 5 else math.ceil(len(others) / 2)
    taken = list(stand.people.values())
    if leads:
        x, y = stand.people[leads[0]]
        start, row_y = (x - step, y + 0.45) if any(d.verb == "shoot" for d in deeds) else (0.0, y + 1.5)
    elif taken:
        start, row_y = min(x for x, _ in taken) - step, taken[0][1] + 0.1
    else:
        start, row_y = -(per_row - 1) * step / 2, 0.6 if walkers and len(shot.people) > 1 else 0.0
    direction = -1 if taken and any(d.verb == "shoot" for d in deeds) else 1 if not taken or leads else -1
    for order, who in enumerate(others):
        row, column = divmod(order, max(per_row, 1))
        wobble = (chance.uniform(-0.05, 0.05), chance.uniform(-0.08, 0.08))
        spot = (start + direction * step * (column + 0.5 * (row % 2)) + wobble[0], row_y + 1.2 * row + wobble[1])
        stand.people[who] = _free(_within(spot, shot.place), list(stand.people.values()), shot.place)
    for who in shot.people:
        stand.people[who] = _within(stand.people[who], shot.place)


def _free(spot: XY, taken: Sequence[XY], place: str | None) -> XY:
    """The nearest spot around that keeps a shoulder's distance to all others."""
    for ring in range(12):
        for turn in range(8 if ring else 1):
            candidate = _within(ahead(spot, turn * 45.0, 0.45 * ring), place)
            if all(math.dist(candidate, other) >= 0.75 for other in taken):
                return candidate
    return spot


def _aim(timed: Sequence[Timed], ids: Mapping[int, Sequence[str]], stand: Stand, chance: Random) -> None:
    """Towards what they deal with first; in company a little towards the others; alone to the audience."""
    speaking = any(isinstance(entry.what, Speech) for entry in timed)
    for who, here in stand.people.items():
        first = next((t.what for t in timed if isinstance(t.what, Deed) and who in t.what.actors and t.what.verb != "look_at"), None)
        talks_first = bool(timed) and isinstance(timed[0].what, Speech) and timed[0].what.speaker == who
        target = _spot_of(first.target, ids, stand) if first is not None else None
        if first is not None and first.verb == "shoot":
            target = _hoop_of(stand) or target
        others = [there for other, there in stand.people.items() if other != who]
        if target is not None and (not talks_first or (first is not None and first.verb in LAUNCHES)):
            stand.facing[who] = towards(here, target)
        elif others and (speaking or len(others) == 1 or target is not None):
            middle = (sum(x for x, _ in others) / len(others), sum(y for _, y in others) / len(others))
            stand.facing[who] = 0.6 * _short(towards(here, target if target is not None and talks_first else middle))
        elif first is not None and first.verb in _REACH and (first.prop is not None or first.target is not None):
            stand.facing[who] = 75.0
        else:
            stand.facing[who] = chance.uniform(-9, 9)


def _short(angle: float) -> float:
    return (angle + 180) % 360 - 180


def _hoop_of(stand: Stand) -> XY | None:
    return next(((x, y) for name, (x, y, _) in stand.props.items() if name.startswith("hoop")), None)


def _spot_of(ref: Ref | None, ids: Mapping[int, Sequence[str]], stand: Stand) -> XY | None:
    if ref is None:
        return None
    if ref[0] == "person":
        return stand.people.get(ref[1])
    spot = stand.props.get(ids[ref[1]][0])
    return None if spot is None else spot[:2]


def _walk(entry: Timed, shot: ShotDraft, ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    """Where a walk ends: an arm's length from its target, or across the stage as far as the time allows."""
    deed = entry.what
    if not isinstance(deed, Deed):
        return
    seconds = (entry.end or entry.start + 2.0) - entry.start
    for order, who in enumerate(deed.actors):
        here = stand.ends.get(who, stand.people[who])
        target = _spot_of(deed.target, ids, stand)
        reach = _SPEEDS[deed.verb] * max(seconds, 0.8)
        if target is not None and not deed.away:
            facing, distance = towards(here, target), max(0.3, min(reach, math.dist(here, target) - 0.95))
        else:
            facing, distance = 90.0, reach
            x0, _, x1, _ = _bounds(shot.place)
            room = min(distance, x1 - x0)
            here = stand.people[who] = _within((min(here[0], -room / 2) if order == 0 or room > 2 else here[0], here[1]), shot.place)
        stand.facing[who] = facing
        stand.ends[who] = _within(ahead(here, facing, distance), shot.place)


def _set_props(
    shot: ShotDraft, draft: Draft, deeds: Sequence[Deed], ids: Mapping[int, Sequence[str]], stand: Stand, chance: Random
) -> None:
    below = {r.subject[1]: r.object[1] for r in shot.relations if r.kind == "on" and r.subject[0] == r.object[0] == "thing"}
    borne = set(below.values())
    for number in sorted(shot.things, key=lambda n: n in below):
        thing, names = draft.things[number], ids[number]
        if thing.kind == "hoop":
            continue
        if below.get(number) in shot.things and ids[below[number]][0] in stand.props:
            x, y, base = stand.props[ids[below[number]][0]]
            top = base + _height(draft.things[below[number]].kind) + (1.0 if thing.falling else 0.005)
            stand.props.update({name: (x, y, round(top + 0.3 * order, 3)) for order, name in enumerate(names)})
            continue
        user = next((deed for deed in deeds if deed.prop == number or deed.target == ("thing", number)), None)
        walked_to = user is not None and user.verb in _SPEEDS
        if not (walked_to or number in borne or thing.falling or thing.stacked or len(names) > 1):
            continue  # physics knows the sizes, and places it where it belongs or within its user's reach
        x, y = _place_thing(number, user, stand, shot.place, chance)
        height = _height(thing.kind)
        for order, name in enumerate(names):
            z = 3.2 + 0.5 * order if thing.falling else height * order if thing.stacked else 0.0
            spread = 0.0 if thing.stacked else order * (height + 0.25)
            spot = _within((x, y + spread) if user is not None else (x + spread, y), shot.place)
            stand.props[name] = (*spot, round(z, 3))


def _place_thing(number: int, user: Deed | None, stand: Stand, place: str | None, chance: Random) -> XY:
    """In reach of who uses it, at a throw's distance of who aims at it, else behind the people."""
    if user is not None and user.actors[0] in stand.people:
        who = user.actors[0]
        here, facing = stand.people[who], stand.facing[who]
        if user.prop == number or user.verb in {"push", "pick_up", "punch"}:
            return ahead(here, facing, _REACH.get(user.verb, 0.6))
        if user.verb in {"throw", "kick"}:
            return ahead(here, facing if abs(facing) > 45 else 80.0, _THROW_DISTANCE)
        if user.verb in _SPEEDS:
            return (2.2, here[1] + 0.2)
        return ahead(here, facing, 1.8)
    return _within((-1.6 + 1.25 * (number % 4) + chance.uniform(-0.1, 0.1), 1.9 + 0.7 * (number // 4)), place)


def _height(kind: str) -> float:
    """Metres from a thing's base to its top, of its shapes in the catalogue."""
    tops = [_top(shape) for shape in entries("props").get(kind, {}).get("shapes", ()) if "size" in shape]
    return max(tops, default=0.4)


def _top(shape: Mapping[str, Any]) -> float:
    z = float(shape.get("at", (0, 0, 0))[2])
    size = shape["size"]
    half = {"box": size[-1], "sphere": size[0], "cylinder": size[-1], "cone": size[-1]}.get(shape.get("kind", ""), size[-1])
    return z + float(half)
