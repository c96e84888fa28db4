"""Where hands go that have a purpose: to the mouth, to a partner's back, to the neck of a guitar. Found anew at every sample."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kinora_world.cast import Figure
from kinora_world.motion import quaternion as qt
from kinora_world.motion.catalogue import HandKey
from kinora_world.motion.gesture import HandPath, arm_turns, hand_rows, keyed_curve, path_of
from kinora_world.motion.segments import Spot
from kinora_world.motion.spots import size_of, spot_at
from kinora_world.motion.track import smooth
from kinora_world.scene import F8

_ALONG = {"palm": 0.085, "fingers": 0.175, "fist": 0.105, "wrist": 0.0}  # metres from the wrist
_THICK = {"palm": 0.022, "fingers": 0.008, "fist": 0.0, "wrist": 0.0}  # metres from a hand's middle to its surface
_OTHER = {"Left": "Right", "Right": "Left"}


@dataclass(frozen=True, slots=True)
class Stance:
    """A body whose trunk and legs are settled: k samples of its bones on the stage."""

    figure: Figure
    turned: F8  # (k, b, 3, 3)
    placed: F8  # (k, b, 3)

    def part(self, which: NDArray[np.bool_]) -> "Stance":
        return Stance(self.figure, self.turned[which], self.placed[which])

    def shoulder(self, side: str) -> F8:
        """Where an unshrugged arm begins, (k, 3)."""
        skeleton = self.figure.skeleton
        offset = skeleton.offsets[skeleton.index(f"{side}Shoulder")] + skeleton.offsets[skeleton.index(f"{side}Arm")]
        chest = skeleton.index("Spine2")
        return np.asarray(self.placed[:, chest] + self.turned[:, chest] @ offset)

    def outward(self, side: str, vectors: F8) -> F8:
        """From (outwards, forwards, upwards) of a side to the stage, (k, 3)."""
        local = np.broadcast_to(vectors, (len(self.placed), 3)) * [1.0 if side == "Left" else -1.0, -1.0, 1.0]
        return np.asarray(np.einsum("kij,kj->ki", self.turned[:, self.figure.skeleton.index("Spine2")], local))


@dataclass(frozen=True, slots=True)
class Company:
    """What hands may reach for: the own body, the partner's with what it does, the thing's frame (k, 4, 4), the ground around a spot."""

    own: Stance
    partner: Stance | None = None
    partner_keys: tuple[Sequence[tuple[float, HandKey]], Sequence[tuple[float, HandKey]]] | None = None  # left, right
    frame: F8 | None = None
    prop: F8 | None = None  # (k, 4, 4) of the thing itself
    anchors: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)
    spot: Spot | None = None
    mirrored: bool = False  # left and right change places


def has_goals(keyed: Sequence[tuple[float, HandKey]]) -> bool:
    return any(_goal(hand) for _, hand in keyed)


def _goal(hand: HandKey) -> bool:
    return hand.anchor is not None or hand.touch is not None or hand.meets is not None or hand.grips is not None or hand.ground is not None


def aimed_path(company: Company, side: str, keyed: Sequence[tuple[float, HandKey]], natural: F8, aim: F8 | None) -> HandPath:
    """The keyed path with every goal where it is at each sample; twice, for the wrist may not bend as far as it should."""
    rows, at = hand_rows(keyed, aim), [time for time, _ in keyed]
    plain = keyed_curve(at, rows, natural)
    goals = [
        (i, point) for i, (_, hand) in enumerate(keyed) if _goal(hand) and (point := _point(company, side, i, keyed, rows)) is not None
    ]
    path = path_of(plain)
    for again in range(3):
        ahead, inward = _hand_axes(company.own, side, path, bent=again > 0)
        reach = plain[:, :3].copy()
        for i, point in goals:
            wrist = (
                point - ahead * _along(company.own, keyed[i][1]) - inward * _THICK[keyed[i][1].part] * size_of(company.own.figure.skeleton)
            )
            share = _weight(at, i, natural)[:, None]
            reach += share * (_reach(company.own, side, wrist) - rows[i, :3])
        path = HandPath(reach, path.fingers, path.palm, path.elbow, path.curl, path.index)
    return path


def _along(stance: Stance, hand: HandKey) -> float:
    return _ALONG[hand.part] * size_of(stance.figure.skeleton)


def _weight(at: list[float], i: int, times: F8) -> F8:
    """1 at a key, 0 at its neighbours; held before the first and after the last."""
    rising = smooth((times - at[i - 1]) / (at[i] - at[i - 1])) if i > 0 else np.ones_like(times)
    falling = smooth((at[i + 1] - times) / (at[i + 1] - at[i])) if i + 1 < len(at) else np.ones_like(times)
    return np.asarray(np.minimum(rising, falling))


def _hand_axes(stance: Stance, side: str, path: HandPath, *, bent: bool) -> tuple[F8, F8]:
    """Stage directions (k, 3) of fingers and palm: as keyed, or as the arm can have them."""
    if not bent:
        ahead, inward = stance.outward(side, path.fingers), stance.outward(side, path.palm)
        ahead = ahead / np.maximum(np.linalg.norm(ahead, axis=1, keepdims=True), 1e-9)
        inward = inward - ahead * (ahead * inward).sum(1, keepdims=True)
        return ahead, inward / np.maximum(np.linalg.norm(inward, axis=1, keepdims=True), 1e-9)
    skeleton = stance.figure.skeleton
    hand = stance.turned[:, skeleton.index("Spine2")]
    for turn in arm_turns(skeleton, side, path):
        hand = hand @ qt.matrix(turn)
    return -hand[:, :, 2], hand[:, :, 0] * (-1.0 if side == "Left" else 1.0)


def _reach(stance: Stance, side: str, wrist: F8) -> F8:
    skeleton = stance.figure.skeleton
    way = np.einsum("kji,kj->ki", stance.turned[:, skeleton.index("Spine2")], wrist - stance.shoulder(side))
    return np.asarray(way * [1.0 if side == "Left" else -1.0, -1.0, 1.0] / skeleton.length(f"{side}Arm", f"{side}Hand"))


def _point(company: Company, side: str, i: int, keyed: Sequence[tuple[float, HandKey]], rows: F8) -> F8 | None:
    """Where on the stage a key's goal is, (k, 3); None when there is nobody to reach for."""
    hand, own = keyed[i][1], company.own
    size = size_of(own.figure.skeleton)
    anchor = company.anchors.get(f"{hand.anchor}_{side.lower()}", company.anchors.get(hand.anchor or ""))
    if anchor is not None and company.prop is not None:
        at = company.prop[:, :3, 3] + company.prop[:, :3, :3] @ np.array(anchor)
        return np.asarray(at + own.outward(side, np.array(hand.by) * size))
    if hand.touch is not None:
        return spot_at(own.figure, hand.touch, side, own.turned, own.placed, np.array(hand.by) * size)
    if hand.meets is not None:
        return _meeting(company, side, hand, rows[i])
    if hand.grips is not None and company.frame is not None:
        x, y, z = np.array(hand.grips) * size
        return np.asarray(company.frame[:, :3, 3] + company.frame[:, :3, :3] @ np.array([x, -y, z]))
    if hand.ground is not None and company.spot is not None:
        spot, leg = company.spot, own.figure.skeleton.length("LeftUpLeg", "LeftFoot")
        out, ahead, up = np.array(hand.ground) * leg
        out *= 1.0 if side == "Left" else -1.0
        cos, sin = np.cos(spot.heading), np.sin(spot.heading)
        place = [spot.place[0] + cos * out + sin * ahead, spot.place[1] + sin * out - cos * ahead, spot.height + up]
        return np.tile(place, (len(own.placed), 1))
    return None


def _meeting(company: Company, side: str, hand: HandKey, row: F8) -> F8 | None:
    """On the partner's body; `hand` is half way between where the two hands would go by themselves."""
    if company.partner is None or hand.meets is None:
        return None
    name, _, theirs = hand.meets.partition(".")
    if name != "hand":
        partner = company.partner
        return spot_at(partner.figure, hand.meets, _OTHER[side], partner.turned, partner.placed, np.array(hand.by))
    theirs = theirs or (_OTHER[side] if company.mirrored else side)
    if company.mirrored:
        theirs = _OTHER[theirs]
    mine = _palm(company.own, side, hand, row)
    keys = company.partner_keys[0 if theirs == "Left" else 1] if company.partner_keys else ()
    same = next((k for k, (_, other) in enumerate(keys) if other.meets is not None), None)
    if same is None:
        return mine
    return (mine + _palm(company.partner, theirs, keys[same][1], hand_rows(keys)[same])) / 2


def _palm(stance: Stance, side: str, hand: HandKey, row: F8) -> F8:
    """Where a key's hand touches by itself, (k, 3)."""
    skeleton = stance.figure.skeleton
    reach = np.tile(row[:3] * skeleton.length(f"{side}Arm", f"{side}Hand"), (len(stance.placed), 1))
    fingers = np.tile(row[3:6] / np.linalg.norm(row[3:6]), (len(stance.placed), 1))
    return np.asarray(stance.shoulder(side) + stance.outward(side, reach + fingers * _along(stance, hand)))
