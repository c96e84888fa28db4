"""Where everybody stands when a shot begins: nobody in each other's way, partners face to face, the ball within reach."""

import math
from collections.abc import Mapping, Sequence
from random import Random

from kinora_world.catalogue import entries
from kinora_world.director.draft import Deed, Draft, Ref, ShotDraft, Speech
from kinora_world.director.equipping import entry
from kinora_world.director.geometry import THROW_DISTANCE, XY, ahead, bounds, free, short, spot, towards, within
from kinora_world.director.placing import Stand, keep_things, relate, seat_people, set_props
from kinora_world.director.stations import afloat, post
from kinora_world.director.timing import Timed, travels
from kinora_world.storyboard import LAUNCHES

_APART = 1.15  # metres between people side by side
_WIDE_APART = 1.7  # when they dance or tumble
_BODY_LENGTH = 1.5  # metres between big animals
_ROOMY = frozenset({"dance", "backflip", "cartwheel", "jump", "spin", "kick", "punch", "ballet", "butterfly", "jumping_jacks", "box"})
_SHOT_DISTANCE, _KICK_DISTANCE = 3.8, 3.4
_SIDE_BY_SIDE = 0.75  # metres between those who walk together
_WALK, _RUN = 1.25, 3.2  # metres a second
_PAIR = 2
_MEETS = 0.35  # metres from where two meet to each
_RUN_UP = 2.6  # metres from the middle to those who run to each other
_HANDLES = frozenset({"push", "pick_up", "kick", "punch", "throw", "shoot", "catch"})
_AFTER = frozenset({"chase", "follow"})  # the one they go for goes on
_FAR_LEFT: XY = (-3.8, 0.6)
_ALONG_STAGE = 75.0  # degrees: across the picture, a little towards the audience
_FLIES = 9.0  # metres that a ball goes which nobody catches
_HOOP: XY = (5.0, 0.8)


def block(
    shot: ShotDraft, draft: Draft, timed: Sequence[Timed], ids: Mapping[int, Sequence[str]], before: Stand | None, chance: Random
) -> Stand:
    """`ids` are the prop ids of each thing; `before` is where everybody was at the end of the shot before, in the same place."""
    stand = Stand()
    deeds = [t.what for t in timed if isinstance(t.what, Deed)]
    _hang_hoop(shot, draft, ids, stand)
    leads = _lead(shot, deeds, stand)
    if before is not None:
        keep_things(shot, draft, ids, before, stand)
    seat_people(shot, draft, deeds, ids, stand)
    if before is None:
        relate(shot, draft, ids, stand)
    _line_up(shot, draft, deeds, leads, stand, before, chance)
    post(shot, draft, deeds, ids, stand)
    _aim(timed, ids, stand, chance)
    set_props(shot, draft, deeds, ids, stand, chance)
    for deed in deeds:
        deed.actors.sort(key=lambda who: -_tall(who, draft))  # the smaller walk nearer to the audience
    for entry_ in timed:
        if isinstance(entry_.what, Deed) and entry_.what.verb in travels():
            _walk(entry_, entry_.what, shot, ids, stand)
    return stand


def _hang_hoop(shot: ShotDraft, draft: Draft, ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    for number in shot.things:
        if draft.things[number].kind == "hoop":
            hoop = spot(shot.place, "hoop")
            x, y = hoop.get("at", _HOOP)[:2]
            stand.props[ids[number][0]] = (float(x), float(y), 0.0)
            stand.turned[ids[number][0]] = float(hoop.get("facing", -90.0))


def _lead(shot: ShotDraft, deeds: Sequence[Deed], stand: Stand) -> list[int]:
    """Those whose deed says where they stand: shooters before the hoop, throwers and catchers apart. Returns who they are."""
    _leave_room_to_run(deeds, stand)
    for deed in deeds:
        other = deed.target[1] if deed.target is not None and deed.target[0] == "person" else None
        apart = _apart(deed)
        if deed.verb in {"shoot", "dunk"}:
            hoop = spot(shot.place, "hoop").get("at", _HOOP)
            for order, actor in enumerate(deed.actors):
                stand.people.setdefault(actor, (hoop[0] - _SHOT_DISTANCE - 0.2 * order, hoop[1] - 0.5 - 1.1 * order))
        elif apart is not None and other is not None:
            x, y = stand.people.get(other, stand.people.get(deed.actors[0], (0.0, 0.0)))
            stand.people.setdefault(deed.actors[0], (x - apart / 2, y))
            stand.people.setdefault(other, (stand.people[deed.actors[0]][0] + apart, y))
        elif deed.verb in {"throw", "kick"} and deed.target is not None:
            distance = THROW_DISTANCE if deed.verb == "throw" else _KICK_DISTANCE
            stand.people.setdefault(deed.actors[0], (-distance / 2, 0.0))
            if other is not None:
                stand.people.setdefault(other, (distance / 2, 0.2))
        elif _meeting(deed):
            first, second = deed.actors
            stand.people.setdefault(first, (-_RUN_UP, 0.0))
            stand.people.setdefault(second, (_RUN_UP, 0.0))
        elif deed.verb in travels() and other is not None:
            stand.people.setdefault(deed.actors[0], (-2.4, -0.2))
            stand.people.setdefault(other, (-0.9, 0.1) if deed.verb in _AFTER else (1.0, 0.1))
        elif deed.verb in {"push", "pick_up", "kick"} and (deed.prop is not None or deed.target is not None):
            stand.people.setdefault(deed.actors[0], (-0.9, 0.0))
    return list(stand.people)


def _leave_room_to_run(deeds: Sequence[Deed], stand: Stand) -> None:
    """Whose ball is run after has the stage before them."""
    throwers = [deed.actors[0] for deed in deeds if deed.verb in {"throw", "kick"} and deed.target is None]
    runners = [who for deed in deeds if deed.verb in _AFTER for who in deed.actors if who not in throwers]
    if throwers and runners:
        x, y = _FAR_LEFT
        stand.people[throwers[0]] = _FAR_LEFT
        stand.people.update({who: (x + 1.5, y - 0.4 + 1.2 * order) for order, who in enumerate(runners)})


def _meeting(deed: Deed) -> bool:
    """`run to each other`."""
    return deed.mutual and len(deed.actors) == _PAIR and deed.verb in travels()


def _apart(deed: Deed) -> float | None:
    """Metres between the two of a pair; None for what is not done by two."""
    kind = entry(deed.verb)
    return float(kind.get("apart", 0.7)) + 0.15 if kind.get("partner") else None


def _line_up(
    shot: ShotDraft, draft: Draft, deeds: Sequence[Deed], leads: Sequence[int], stand: Stand, before: Stand | None, chance: Random
) -> None:
    """The others: where they were, else in a row beside the leads, two rows when there are many."""
    if before is not None and not leads:
        stand.people.update({who: before.people[who] for who in shot.people if who in before.people and who not in stand.people})
    others = [who for who in shot.people if who not in stand.people]
    step = (0.8 if draft.narrow else 1.0) * max(_WIDE_APART if any(d.verb in _ROOMY for d in deeds) else _APART, _length(others, draft))
    walkers = any(deed.verb in travels() for deed in deeds)
    per_row = len(others) if len(others) <= 5 else math.ceil(len(others) / 2)
    taken = list(stand.people.values())
    if leads:
        x, y = stand.people[leads[0]]
        start, row_y = (x - step, y + 0.45) if any(d.verb == "shoot" for d in deeds) else (0.0, y + 1.5)
    elif taken:
        start, row_y = min(*(x - step for x, _ in taken), _left_edge(stand) - step / 2), taken[0][1] + 0.1
    else:
        start, row_y = -(per_row - 1) * step / 2, 0.6 if walkers and len(shot.people) > 1 else 0.0
    direction = -1 if taken and any(d.verb == "shoot" for d in deeds) else 1 if not taken or leads else -1
    for order, who in enumerate(others):
        row, column = divmod(order, max(per_row, 1))
        wobble = (chance.uniform(-0.05, 0.05), chance.uniform(-0.08, 0.08))
        there = (start + direction * step * (column + 0.5 * (row % 2)) + wobble[0], row_y + 1.2 * row + wobble[1])
        stand.people[who] = free(within(there, shot.place), list(stand.people.values()), shot.place)
    for who in shot.people:
        stand.people[who] = within(stand.people[who], shot.place)


def _left_edge(stand: Stand) -> float:
    """Where the leftmost of the things that stand there ends, metres."""
    edges = [math.inf]
    for name, (x, _, _) in stand.props.items():
        shapes = entries("props")[name.rsplit("_", 1)[0]].get("shapes", ())
        edges.append(x - max((abs(shape.get("at", (0.0,))[0]) + shape["size"][0] for shape in shapes), default=0.0))
    return min(edges)


def _length(people: Sequence[int], draft: Draft) -> float:
    """Animals are long; giants more so."""
    beasts = [draft.people[number] for number in people if draft.people[number].species != "person"]
    return max((max(_BODY_LENGTH, 1.7 * _tall(beast.number, draft)) for beast in beasts), default=0.0)


def _tall(who: int, draft: Draft) -> float:
    """Metres, of its kind."""
    person = draft.people[who]
    return float(entries("species").get(person.species, {}).get("height", 1.0)) * (person.size or 1.0)


def _aim(timed: Sequence[Timed], ids: Mapping[int, Sequence[str]], stand: Stand, chance: Random) -> None:
    """Towards what they deal with first; in company a little towards the others; alone to the audience."""
    speaking = any(isinstance(entry.what, Speech) for entry in timed)
    partners = {deed.target[1]: deed.actors[0] for deed in _deeds(timed) if _apart(deed) is not None and deed.target is not None}
    for who, here in stand.people.items():
        if who in stand.facing:
            continue
        first = next((t.what for t in timed if isinstance(t.what, Deed) and who in t.what.actors and t.what.verb != "look_at"), None)
        talks_first = bool(timed) and isinstance(timed[0].what, Speech) and timed[0].what.speaker == who
        target = _spot_of(first.target, ids, stand) if first is not None else None
        if first is not None and first.verb == "shoot":
            target = _hoop_of(stand) or target
        others = [there for other, there in stand.people.items() if other != who]
        if first is None and who in partners and partners[who] in stand.people:
            stand.facing[who] = towards(here, stand.people[partners[who]])
        elif target is not None and (not talks_first or (first is not None and first.verb in LAUNCHES)):
            stand.facing[who] = towards(here, target)
        elif first is not None and first.verb in LAUNCHES and target is None and not talks_first:
            stand.facing[who] = _ALONG_STAGE
        elif others and (speaking or len(others) == 1 or target is not None):
            middle = (sum(x for x, _ in others) / len(others), sum(y for _, y in others) / len(others))
            stand.facing[who] = 0.6 * short(towards(here, target if target is not None and talks_first else middle))
        elif first is not None and first.verb in _HANDLES and (first.prop is not None or first.target is not None):
            stand.facing[who] = _ALONG_STAGE
        else:
            stand.facing[who] = chance.uniform(-9, 9)


def _deeds(timed: Sequence[Timed]) -> list[Deed]:
    return [entry.what for entry in timed if isinstance(entry.what, Deed)]


def _hoop_of(stand: Stand) -> XY | None:
    return next(((x, y) for name, (x, y, _) in stand.props.items() if name.startswith("hoop")), None)


def _spot_of(ref: Ref | None, ids: Mapping[int, Sequence[str]], stand: Stand) -> XY | None:
    if ref is None:
        return None
    if ref[0] == "person":
        return stand.people.get(ref[1])
    found = stand.props.get(ids[ref[1]][0])
    return None if found is None else found[:2]


def _between(here: XY, there: XY) -> XY:
    return (here[0] + there[0]) / 2, (here[1] + there[1]) / 2


def _thrown_way(here: XY, shot: ShotDraft, stand: Stand) -> float:
    """The facing of who runs after what somebody throws or kicks away; along the picture where nobody does."""
    for deed in shot.happenings:
        if isinstance(deed, Deed) and deed.verb in LAUNCHES and deed.actors[0] in stand.people:
            thrower = deed.actors[0]
            return towards(here, ahead(stand.people[thrower], stand.facing.get(thrower, 90.0), _FLIES))
    return 90.0


def _abreast(here: XY, who: int, verb: str, shot: ShotDraft, stand: Stand) -> XY:
    """Those who go together go side by side, the later ones nearer to the audience."""
    while any(other != who and math.dist(here, stand.people[other]) < _SIDE_BY_SIDE for other in stand.ends):
        here = (here[0] + 0.25, here[1] - _SIDE_BY_SIDE)
    return afloat(here, verb, shot.place)


def _speed(verb: str) -> float:
    """Metres a second."""
    kind = entry(verb)
    if kind.get("kind") == "ride":
        return float(kind.get("speed", 2.0))
    return (_RUN if kind.get("clip") == "run" or verb == "run" else _WALK) * float(kind.get("speed", 1.0))


def _walk(timed: Timed, deed: Deed, shot: ShotDraft, ids: Mapping[int, Sequence[str]], stand: Stand) -> None:
    """Where a walk ends: an arm's length from its target, or across the stage as far as the time allows."""
    seconds = (timed.end or timed.start + 2.0) - timed.start
    for order, who in enumerate(deed.actors):
        if who not in stand.people:
            continue
        here = stand.ends.get(who, stand.people[who])
        target = _spot_of(deed.target, ids, stand)
        if _meeting(deed):
            target = _between(*(stand.people[one] for one in deed.actors))
        reach = _speed(deed.verb) * (deed.pace or shot.pace or 1.0) * max(seconds, 0.8)
        if target is not None and not deed.away and deed.verb not in _AFTER:
            facing, distance = towards(here, target), max(0.3, min(reach, math.dist(here, target) - (_MEETS if _meeting(deed) else 0.95)))
        else:
            facing, distance = _thrown_way(here, shot, stand) if deed.verb in _AFTER else 90.0, reach
            x0, _, x1, _ = bounds(shot.place)
            room = min(distance, x1 - x0)
            start = min(here[0], -room / 2) if order == 0 or room > 2 else here[0]
            if deed.verb not in _AFTER and who not in stand.ends:
                here = stand.people[who] = _abreast(afloat((start, here[1]), deed.verb, shot.place), who, deed.verb, shot, stand)
        stand.facing[who] = facing
        stand.ends[who] = afloat(ahead(here, facing, distance), deed.verb, shot.place)
