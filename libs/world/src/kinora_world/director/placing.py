"""Where things stand, and people who are placed by them: sitters on their seats, somebody behind somebody, a book on a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from random import Random
from typing import Any

from kinora_world.catalogue import entries
from kinora_world.director.draft import Deed, Draft, Ref, Relation, ShotDraft
from kinora_world.director.equipping import entry
from kinora_world.director.geometry import THROW_DISTANCE, XY, ahead, towards, within
from kinora_world.director.timing import travels

_REACH = {"push": 0.85, "pick_up": 0.6, "kick": 0.55, "punch": 0.95, "throw": 0.4, "shoot": 0.4, "catch": 0.6}
_SEAT_STEP, _SEAT_Y = 1.9, 0.35  # metres between two seats, and how far upstage they stand
_RING = 0.8  # metres from the edge of a fire to those around it
_RING_FIRST, _RING_LAST = 35.0, 100.0  # degrees from straight upstage
_UPRIGHT = frozenset({"stand", "idle"})
_ABREAST = 0.28  # metres between things side by side on a table
_NEAR = 0.45  # metres from the edge of a thing to whoever stands beside it
_FALLS_ON = 0.55  # of their height between those that are to topple each other
_SHOULDERS = 0.62  # metres between two on one seat
# Where the subject of a relation is from its object: (across, upstage), times their sizes.
_SIDES: Mapping[str, XY] = {
    "beside": (1.0, 0.0),
    "behind": (0.25, 1.0),
    "front": (0.1, -1.0),
    "around": (0.9, -0.3),
    "between": (1.0, 0.0),
    "beyond": (1.0, 0.0),
}
_FIXED = frozenset({"between", "beyond"})  # always to the same side, the middle one in the middle


@dataclass(slots=True)
class Stand:
    """Positions (x, y) and facings in degrees by person, (x, y, z) and facings by prop id, walks' ends by person."""

    people: dict[int, XY] = field(default_factory=dict)
    facing: dict[int, float] = field(default_factory=dict)
    props: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    turned: dict[str, float] = field(default_factory=dict)
    ends: dict[int, XY] = field(default_factory=dict)


def keep_things(shot: ShotDraft, draft: Draft, ids: Mapping[int, Sequence[str]], before: Stand, stand: Stand) -> None:
    """What stood somewhere at the end of the shot before still does."""
    for number in shot.things:
        if draft.things[number].kind != "hoop":
            kept = [name for name in ids[number] if name in before.props]
            stand.props.update({name: before.props[name] for name in kept})
            stand.turned.update({name: before.turned[name] for name in kept if name in before.turned})


def seat_people(shot: ShotDraft, draft: Draft, deeds: Sequence[Deed], ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    """Seats in a row, facing the audience, and those who sit on them."""
    seats: dict[int, list[int]] = {}
    for deed in deeds:
        if entry(deed.verb).get("posture") and deed.target is not None and deed.target[0] == "thing":
            seats.setdefault(deed.target[1], []).extend(actor for actor in deed.actors if actor not in seats.get(deed.target[1], []))
    for fire in dict.fromkeys(
        relation.object for relation in shot.relations if relation.kind == "around" and relation.object[0] == "thing"
    ):
        ring = [r.subject[1] for r in shot.relations if r.kind == "around" and r.object == fire and r.subject[0] == "thing"]
        _ring(shot, draft, fire, {thing: seats.pop(thing) for thing in ring if thing in seats}, ids, stand)
    for order, (thing, sitters) in enumerate(seats.items()):
        x = (order - (len(seats) - 1) / 2) * _SEAT_STEP
        stand.props.setdefault(ids[thing][0], (x, _SEAT_Y, 0.0))
        stand.turned.setdefault(ids[thing][0], 0.0)
        for place, sitter in enumerate(sitters):
            aside = (place - (len(sitters) - 1) / 2) * _SHOULDERS if _width(draft.things[thing].kind) > 1 else 0.0
            stand.people.setdefault(sitter, within((x + aside, _SEAT_Y - 0.1), shot.place))
            stand.facing.setdefault(sitter, 0.0)


def _ring(
    shot: ShotDraft, draft: Draft, around: Ref, seats: Mapping[int, Sequence[int]], ids: Mapping[int, Sequence[str]], stand: Stand
) -> None:
    """Seats around a fire, turned to it; open to the audience, and nobody hidden behind it."""
    name = ids[around[1]][0]
    middle = stand.props.setdefault(name, (0.0, _SEAT_Y, 0.0))[:2]
    away = _radius(around, draft) + _RING + 0.12 * max(0, len(seats) - 4)
    for side, group in ((-1.0, list(seats)[::2]), (1.0, list(seats)[1::2])):
        for order, seat in enumerate(group):
            share = order / (len(group) - 1) if len(group) > 1 else 0.6
            angle = side * (_RING_FIRST + (_RING_LAST - _RING_FIRST) * share)
            spot = within(ahead(middle, 180.0 - angle, away), shot.place)
            stand.props[ids[seat][0]] = (*spot, 0.0)
            stand.turned[ids[seat][0]] = round(towards(spot, middle), 1)
            for sitter in seats[seat]:
                stand.people[sitter], stand.facing[sitter] = spot, towards(spot, middle)


def relate(shot: ShotDraft, draft: Draft, ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    """`next to the fountain`, "behind Leo": who and what is placed by another, in the order it was said."""
    for number, relation in enumerate(shot.relations):
        side = _SIDES.get(relation.kind)
        if side is None and relation.kind not in {"on", "under", "inside"}:
            continue
        if relation.subject[0] == "thing" and (side is None or _raised(relation.object, shot)):
            continue  # a thing on a thing is stacked by its height
        across, up = side or ((0.0, -0.1) if relation.kind == "under" else (0.9, -0.2))
        across = -across if number % 2 and relation.kind not in _FIXED else across
        gap = _radius(relation.object, draft) + _NEAR + (0.3 if relation.subject[0] == "thing" else 0.0)
        here, there = _position(relation.subject, ids, stand), _position(relation.object, ids, stand)
        if here is not None and there is None:  # who sits keeps the seat, and the other comes there
            _put(relation.object, (here[0] - across * gap, here[1] - up * gap), shot, ids, stand)
        elif here is None and (there := there or _set_down(relation.object, number, shot, ids, stand)) is not None:
            _put(relation.subject, (there[0] + across * gap, there[1] + up * gap), shot, ids, stand)
            if relation.subject[0] == "person" and side is None and relation.kind != "under" and not _rides(relation, shot):
                draft.approximated.setdefault(f"{relation.kind} the {_called(relation.object, draft)}", "beside it")


def _called(ref: Ref, draft: Draft) -> str:
    return (draft.people[ref[1]].title or "other") if ref[0] == "person" else draft.things[ref[1]].kind.replace("_", " ")


def _rides(relation: Relation, shot: ShotDraft) -> bool:
    """What they do with it puts them on it."""
    deeds = [what for what in shot.happenings if isinstance(what, Deed) and relation.subject[1] in what.actors]
    return any(
        (relation.object in {deed.target, ("thing", deed.prop)} and deed.verb not in _UPRIGHT) or entry(deed.verb).get("kind") == "ride"
        for deed in deeds
    )


def _raised(ref: Ref, shot: ShotDraft) -> bool:
    """It stands on something itself."""
    return any(relation.kind == "on" and relation.subject == ref for relation in shot.relations)


def _put(ref: Ref, spot: XY, shot: ShotDraft, ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    spot = within(spot, shot.place)
    if ref[0] == "person" and ref[1] in shot.people:
        stand.people[ref[1]] = spot
    elif ref[0] == "thing" and ref[1] in shot.things:
        stand.props[ids[ref[1]][0]] = (*spot, 0.0)


def _set_down(ref: Ref, number: int, shot: ShotDraft, ids: Mapping[int, Sequence[str]], stand: Stand) -> XY | None:
    """Gives the object of a relation a place of its own, upstage of the middle."""
    spot = within((-0.6 + 1.7 * (number % 3), 0.9), shot.place)
    if ref[0] == "person":
        if ref[1] not in shot.people:
            return None
        stand.people[ref[1]] = (spot[0], 0.0)
    elif ref[1] not in shot.things:
        return None
    else:
        stand.props[ids[ref[1]][0]] = (*spot, 0.0)
    return _position(ref, ids, stand)


def _position(ref: Ref, ids: Mapping[int, Sequence[str]], stand: Stand) -> XY | None:
    if ref[0] == "person":
        return stand.people.get(ref[1])
    found = stand.props.get(ids[ref[1]][0]) if ref[1] in ids else None
    return None if found is None else found[:2]


def _radius(ref: Ref, draft: Draft) -> float:
    return 0.35 if ref[0] == "person" else _width(draft.things[ref[1]].kind) / 2


def set_props(shot: ShotDraft, draft: Draft, deeds: Sequence[Deed], ids: Mapping[int, Sequence[str]], stand: Stand, chance: Random) -> None:
    below = {r.subject[1]: r.object[1] for r in shot.relations if r.kind == "on" and r.subject[0] == r.object[0] == "thing"}
    beside = {r.subject[1]: r.object[1] for r in shot.relations if r.kind == "beside" and r.subject[0] == r.object[0] == "thing"}
    below |= {number: below[other] for number, other in beside.items() if other in below}  # a book beside a lamp on a desk is on the desk
    loads = dict.fromkeys(below.values(), 0)
    borne = set(below.values())
    for number in sorted(shot.things, key=lambda n: n in below):
        thing, names = draft.things[number], ids[number]
        if thing.kind == "hoop" or names[0] in stand.props:
            continue
        if below.get(number) in shot.things and ids[below[number]][0] in stand.props:
            x, y, base = stand.props[ids[below[number]][0]]
            top = base + height(draft.things[below[number]].kind) + (1.0 if thing.falling else 0.005)
            aside = _ABREAST * (-1) ** loads[below[number]] * ((loads[below[number]] + 1) // 2)
            loads[below[number]] += 1
            stand.props.update({name: (round(x + aside, 3), y, round(top + 0.3 * order, 3)) for order, name in enumerate(names)})
            continue
        user = next(
            (d for d in deeds if number in {d.prop, below.get(-1 if d.prop is None else d.prop)} or d.target == ("thing", number)), None
        )
        walked_to = user is not None and user.verb in travels()
        if walked_to or number in borne or thing.falling or thing.stacked or len(names) > 1:
            _spread(number, user, shot, draft, names, stand, chance)
        # physics knows the sizes, and places all others where they belong or within their user's reach


def _spread(number: int, user: Deed | None, shot: ShotDraft, draft: Draft, names: Sequence[str], stand: Stand, chance: Random) -> None:
    thing = draft.things[number]
    x, y = _place_thing(number, user, stand, shot.place, chance)
    tall = height(thing.kind)
    pushed = user is not None and user.verb == "push" and not thing.stacked and len(names) > 1
    for order, name in enumerate(names):
        z = 3.2 + 0.5 * order if thing.falling else tall * order if thing.stacked else 0.0
        spread = 0.0 if thing.stacked else order * (_FALLS_ON * tall if pushed else tall + 0.25)
        spot = within((x, y + spread) if user is not None and not pushed else (x + spread, y), shot.place)
        stand.props[name] = (*spot, round(z, 3))
        if pushed:
            stand.turned[name] = 90.0


def _place_thing(number: int, user: Deed | None, stand: Stand, place: str | None, chance: Random) -> XY:
    """In reach of who uses it, at a throw's distance of who aims at it, else behind the people."""
    if user is not None and user.actors[0] in stand.people:
        who = user.actors[0]
        here, facing = stand.people[who], stand.facing[who]
        if user.prop == number or user.verb in {"push", "pick_up", "punch"}:
            return ahead(here, facing, _REACH.get(user.verb, 0.6))
        if user.verb in {"throw", "kick"}:
            return ahead(here, facing if abs(facing) > 45 else 80.0, THROW_DISTANCE)
        if user.verb in travels():
            return (2.2, here[1] + 0.2)
        return ahead(here, facing, 1.8)
    return within((-1.6 + 1.25 * (number % 4) + chance.uniform(-0.1, 0.1), 1.9 + 0.7 * (number // 4)), place)


@cache
def height(kind: str) -> float:
    """Metres from a thing's base to its top, of its shapes in the catalogue."""
    tops = [_reach(shape, 2) for shape in entries("props").get(kind, {}).get("shapes", ()) if "size" in shape]
    return max(tops, default=0.4)


@cache
def _width(kind: str) -> float:
    """Metres across."""
    sides = [_reach(shape, 0) for shape in entries("props").get(kind, {}).get("shapes", ()) if "size" in shape]
    return 2 * max(sides, default=0.25)


def _reach(shape: Mapping[str, Any], axis: int) -> float:
    """How far a shape reaches along an axis from the thing's middle; a round one is as wide as its first size."""
    at = abs(float(shape.get("at", (0, 0, 0))[axis]))
    size = shape["size"] if isinstance(shape["size"], list) else [shape["size"]]
    half = size[-1] if axis == 2 and shape.get("kind") != "sphere" else size[0]
    return at + float(half)
