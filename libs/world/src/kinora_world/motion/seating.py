"""Seats and beds: what there is to sit or lie on, and how one gets onto it."""

from dataclasses import replace

import numpy as np

from kinora_world.motion.catalogue import ActionKind, action_kinds, kind_of, postures
from kinora_world.motion.furniture import Furniture, can_lie_on, nearest
from kinora_world.motion.segments import Spot
from kinora_world.motion.spots import size_of
from kinora_world.motion.timeline import Timeline
from kinora_world.storyboard import Action, Shot

_SEATS = ("chair", "armchair", "sofa", "bench", "stool", "log", "bed", "couch", "office_chair", "throne", "rock")


def settle_on(line: Timeline, action: Action, kind: ActionKind, name: str, item: Furniture | None, start: float, shot: Shot) -> float:
    """Take the posture `name`, on `item` or the floor; returns when that is reached."""
    spot = _spot_on(line, item, name, _seat_share(shot, action, item)) if item else line.spot(start)
    height = spot.height if item else 0.0
    if line.untouched and start < 0.5 and kind.already:
        line.begin_at(Spot(spot.place, spot.heading, height, name))
        return 0.0
    if line.spot(start).posture == name and abs(line.spot(start).height - height) < 0.02:
        return start
    if item is None:
        return line.settle(name, start)
    if postures()[name].needs == "bed" and "seat" in item.kind.anchors and line.spot(start).posture == "stand":
        return _go_to_bed(line, item, name, start)
    here = line.spot(start)
    if here.posture != "stand" or np.hypot(spot.place[0] - here.place[0], spot.place[1] - here.place[1]) > 0.45:
        start = line.travel(action_kinds()["walk"], spot.place, start, None)
    return line.settle(name, line.step_to(replace(spot, height=0.0), start), height)


def _go_to_bed(line: Timeline, item: Furniture, name: str, start: float) -> float:
    """Sit down on the edge first, and lie down from there."""
    edge = _spot_on(line, item, "sit", 0.0)
    start = line.travel(action_kinds()["walk"], edge.place, start, None)
    start = line.settle("sit", line.step_to(replace(edge, height=0.0), start), edge.height)
    line.edge = line.spot(start)
    return line.turn_in(replace(_spot_on(line, item, name, 0.0), posture=name), start)


def seat_for(line: Timeline, action: Action, kind: ActionKind, start: float) -> tuple[str, Furniture | None]:
    """The posture that is possible here, and on what."""
    wanted = str(kind.posture)
    posture = postures().get(wanted)
    if posture is None or not posture.needs:
        return wanted, None
    named = [line.furniture[n] for n in (action.prop, action.target) if n is not None and n in line.furniture]
    lying = posture.needs == "bed"
    fits = [f for f in named if (can_lie_on(f) if lying else f.kind.name in _SEATS or "seat" in f.kind.anchors)]
    spots = [f for f in line.furniture.values() if can_lie_on(f)] if lying else [nearest(line.furniture, _SEATS, line.spot(start).place)]
    free = [f for f in spots if f is not None and (not lying or f.kind.name in ("bed", "sofa", "couch", "bench"))]
    if fits or free:
        return wanted, (fits or free)[0]
    return posture.instead, None


def _seat_share(shot: Shot, action: Action, item: Furniture | None) -> float:
    """Metres aside on a seat that several share."""
    if item is None or max(item.size) < 1.0:
        return 0.0
    sitters = list(dict.fromkeys(a.actor for a in shot.actions if kind_of(a.verb).posture and item.name in (a.prop, a.target)))
    return 0.0 if action.actor not in sitters else (sitters.index(action.actor) - (len(sitters) - 1) / 2) * -0.62


def _spot_on(line: Timeline, item: Furniture, posture: str, aside: float) -> Spot:
    """Where to stand so that the hips come down on the middle of the seat, or the head on the pillow."""
    anchors, lying = item.kind.anchors, postures()[posture].needs == "bed"
    x, y, z = anchors.get("seat", (0.0, 0.0, item.top - item.base))
    heading, back = item.seat_facing, -postures()[posture].hips[1] * line.leg - 0.04
    if lying:
        heading, back = item.facing, -postures()[posture].hips[1] * line.leg
        x, y, z = anchors.get("lie", (0.0, 0.0, z))
        y = anchors["head"][1] - 0.6 * size_of(line.skeleton) if "head" in anchors else y
        if "head" not in anchors and item.size[0] > item.size[1]:
            heading += np.pi / 2  # it is longer across
    x += aside
    cos, sin = np.cos(item.facing), np.sin(item.facing)
    place = np.array(item.place) + [cos * x - sin * y, sin * x + cos * y] + back * np.array([np.sin(heading), -np.cos(heading)])
    return Spot((float(place[0]), float(place[1])), float(heading), item.base + z - (0.09 if lying else 0.0))  # mattresses give way
