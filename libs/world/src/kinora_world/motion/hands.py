"""All that hands do, laid over a body that stands: resting in a posture, carrying, gestures, what they reach for, talking."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kinora_world.cast.skeleton import SIDES
from kinora_world.motion.catalogue import HandKey, postures
from kinora_world.motion.gesture import hand_keys, hand_path, lay_hand, window
from kinora_world.motion.goals import Company, Stance, aimed_path, has_goals
from kinora_world.motion.handling import carrying, grip_of, gripped, prop_radius
from kinora_world.motion.segments import turn_between
from kinora_world.motion.talk import gesticulate
from kinora_world.motion.things import frames_of, seated
from kinora_world.motion.timeline import Doing, Timeline
from kinora_world.motion.track import Track
from kinora_world.motion.trunks import GESTURES, during, share_of
from kinora_world.scene import F8, Hold, PropKind, SpokenLine
from kinora_world.storyboard import Shot

_MIRROR = {"Left": "Right", "Right": "Left"}


def lay_hands(
    shot: Shot,
    line: Timeline,
    track: Track,
    times: F8,
    stances: Mapping[str, Stance],
    lines: Mapping[str, Timeline],
    holds: Sequence[Hold],
    spoken: Sequence[SpokenLine],
    kinds: Mapping[str, PropKind],
) -> None:
    """Everything in turn, the later over the earlier."""
    stance = stances[line.person]
    _rest(line, track, times, stance)
    for hold in holds:
        begin = hold.start - 0.1 if hold.start > 0 else -1.0
        share = window(times, begin, hold.end + 0.05, 0.3, 0.2)
        for side, _ in SIDES:
            if path := carrying(line.skeleton, side, hold.hand, prop_radius(shot, hold.prop, kinds), len(times)):
                lay_hand(track.turns, line.skeleton, side, path, share)
    for doing in line.doings:
        if doing.kind.kind in GESTURES and doing.kind.keys:
            _gesture(shot, line, doing, track, times, stances, lines, kinds)
    free = engaged(line, holds, times)
    for said in spoken:
        gesticulate(track.turns, line.skeleton, line.person, said, times, free)


def _rest(line: Timeline, track: Track, times: F8, stance: Stance) -> None:
    """Hands as the posture has them: on the knees, beside a sleeper's head, on handlebars."""
    known = postures()
    for number, segment in enumerate(line.segments):
        later = line.segments[number + 1].start if number + 1 < len(line.segments) else np.inf
        if segment.last.posture not in known or later <= segment.start:
            continue
        posture = known[segment.last.posture]
        rise = max(segment.end - segment.start, 0.3) if segment.verb == "settle" else 0.3
        begin = -1.0 if segment.start <= 0 else segment.start
        same = number + 1 < len(line.segments) and line.segments[number + 1].last.posture == segment.last.posture
        share = window(times, begin, later + (0.5 if same else 0.1), rise, 0.5 if not same else 0.3)
        for side, _ in SIDES:
            key = (posture.left if side == "Left" else posture.right) or posture.both
            if key is not None:
                path = aimed_path(Company(stance, spot=segment.last), side, [(0.0, key)], np.zeros(len(times)), None)
                lay_hand(track.turns, line.skeleton, side, path, share)


def _gesture(
    shot: Shot,
    line: Timeline,
    doing: Doing,
    track: Track,
    times: F8,
    stances: Mapping[str, Stance],
    lines: Mapping[str, Timeline],
    kinds: Mapping[str, PropKind],
) -> None:
    near = during(doing, times)
    if not near.any():
        return
    moments = times[near]
    natural, share = doing.natural(moments), share_of(doing, moments)
    part, aim, mirrored = track.turns[near], *_aim(line, doing)
    mirrored = mirrored or doing.mirrored
    company = _company(line, doing, track, times, near, stances, lines)
    for side, _ in SIDES:
        keyed = hand_keys(doing.kind, _MIRROR[side] if mirrored else side)
        if not keyed or (_one_handed(shot, doing, kinds) and side == "Left" and doing.kind.grip == "Both"):
            continue
        path = aimed_path(company, side, keyed, natural, aim) if has_goals(keyed) else hand_path(
            doing.kind, _MIRROR[side] if mirrored else side, natural, aim
        )  # fmt: skip
        if path is None:
            continue
        if doing.kind.grip == "Both" and doing.action.prop and (doing.kind.grab is not None or doing.kind.release is not None):
            path = gripped(line.skeleton, side, path, prop_radius(shot, doing.action.prop, kinds))
        lay_hand(part, line.skeleton, side, path, share)
    track.turns[near] = part


def _company(
    line: Timeline,
    doing: Doing,
    track: Track,
    times: F8,
    near: NDArray[np.bool_],
    stances: Mapping[str, Stance],
    lines: Mapping[str, Timeline],
) -> Company:
    own, partner, keys = stances[line.person].part(near), None, None
    if doing.partner is not None and doing.partner in stances:
        partner = stances[doing.partner].part(near)
        theirs = next((d for d in lines[doing.partner].doings if d.action is doing.action), None)
        keys = _both(theirs) if theirs else None
    frame, prop, anchors = _thing(line, doing, track.part(near), times[near])
    return Company(own, partner, keys, frame, prop, anchors, doing.spot, doing.mirrored)


def _thing(line: Timeline, doing: Doing, track: Track, times: F8) -> tuple[F8 | None, F8 | None, Mapping[str, tuple[float, float, float]]]:
    """The frame of a doing's thing, the pose of its prop (k, 4, 4) and the prop's anchors; what is in a hand follows the hand."""
    thing, item = doing.kind.thing, line.furniture.get(doing.thing or "")
    if thing is None or thing.frame in ("LeftHand", "RightHand"):
        return None, None, {}
    frame = frames_of(line.skeleton, track, doing, times)
    if item is None:
        return frame, None, {}
    pose = np.repeat(item.pose[None], len(times), 0) if thing.stays else seated(thing, item, frame)
    return frame, pose, item.kind.anchors


def _both(doing: Doing) -> tuple[list[tuple[float, HandKey]], list[tuple[float, HandKey]]]:
    left, right = hand_keys(doing.kind, "Left"), hand_keys(doing.kind, "Right")
    return (right, left) if doing.mirrored else (left, right)


def _one_handed(shot: Shot, doing: Doing, kinds: Mapping[str, PropKind]) -> bool:
    prop = doing.action.prop or doing.action.target
    return (
        doing.kind.manner != "push"
        and prop in {p.id for p in shot.props}
        and grip_of(doing.kind, prop_radius(shot, prop, kinds)) == "Right"
    )


def _aim(line: Timeline, doing: Doing) -> tuple[F8 | None, bool]:
    """The way to the target as the pointing hand's side sees it, and whether that is the left one."""
    if not any(hand.aim is not None for key in doing.kind.keys for hand in (key.right, key.left, key.both) if hand):
        return None, False
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


def engaged(line: Timeline, holds: Sequence[Hold], times: F8) -> dict[str, F8]:
    """How far each hand is free of gestures and props, (k,)."""
    free = {side: np.ones(len(times)) for side, _ in SIDES}
    for hold in holds:
        for side in free:
            if hold.hand in ("Both", side):
                free[side] *= 1 - window(times, hold.start - 0.4, hold.end + 0.4, 0.3, 0.3)
    for doing in line.doings:
        for side in free:
            used = doing.kind.kind == "clip" or any(getattr(k, side.lower()) or k.both for k in doing.kind.keys)
            free[side] *= 1 - used * window(times, doing.start - 0.3, doing.end + 0.3, 0.3, 0.3)
    for segment in line.segments:
        if segment.verb in ("run", "sprint", "jog") or segment.last.posture not in ("stand", "sit", "sit_floor"):
            for side in free:
                free[side] *= 1 - window(times, segment.start, max(segment.end, segment.start + 0.5))
    return free
