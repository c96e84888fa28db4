"""Gestures: keyed hands, spine and head of the catalogue, laid over whatever the legs do."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator

from kinora_world.cast.skeleton import DOWN, SIDES, Skeleton, unit
from kinora_world.motion import quaternion as qt
from kinora_world.motion.catalogue import ActionKind, HandKey
from kinora_world.motion.idle import curl, hang
from kinora_world.motion.limbs import aimed, bend, frames
from kinora_world.motion.track import smooth
from kinora_world.scene import F8

_REST = {"reach": (0.10, 0.12, -0.93), "fingers": (0.0, 0.25, -1.0), "palm": (-1.0, 0.0, 0.0), "elbow": (0.35, -1.0, -0.35)}


@dataclass(frozen=True, slots=True)
class HandPath:
    """One hand over k samples, in the chest's axes of that side: (outwards, forwards, upwards)."""

    reach: F8  # (k, 3) arm lengths
    fingers: F8
    palm: F8
    elbow: F8
    curl: F8  # (k,)
    index: F8


def hand_keys(kind: ActionKind, side: str) -> list[tuple[float, HandKey]]:
    """The keys of one hand, the first at or before 0; empty when the gesture leaves it alone."""
    keyed = [(key.at, hand) for key in kind.keys if (hand := (getattr(key, side.lower()) or key.both)) is not None]
    if keyed and keyed[0][0] > 0:
        keyed.insert(0, (0.0, HandKey()))  # it comes from hanging down
    return keyed


def hand_rows(keyed: Sequence[tuple[float, HandKey]], aim: F8 | None = None) -> F8:
    """What every key says in full, (n, 14): reach, fingers, palm, elbow, curl, index. `aim` is the unit way to the target, (3,)."""
    rows, state = [], {name: np.array(value) for name, value in _REST.items()} | {"curl": np.array([0.2]), "index": np.array([-1.0])}
    for _, hand in keyed:
        state = state | _given(hand, aim)
        index = state["index"] if state["index"][0] >= 0 else state["curl"]
        rows.append(np.concatenate([state["reach"], state["fingers"], state["palm"], state["elbow"], state["curl"], index]))
    return np.stack(rows)


def hand_path(kind: ActionKind, side: str, times: F8, aim: F8 | None) -> HandPath | None:
    """The keyed path of one hand at natural times, None when the gesture leaves it alone."""
    keyed = hand_keys(kind, side)
    return path_of(keyed_curve([at for at, _ in keyed], hand_rows(keyed, aim), times)) if keyed else None


def path_of(table: F8) -> HandPath:
    """From rows as `hand_rows` has them, one per sample."""
    return HandPath(table[:, :3], table[:, 3:6], table[:, 6:9], table[:, 9:12], np.clip(table[:, 12], 0, 1), np.clip(table[:, 13], 0, 1))


def _given(hand: HandKey, aim: F8 | None) -> dict[str, F8]:
    found = {
        name: np.array(value, np.float64) for name in ("reach", "fingers", "palm", "elbow") if (value := getattr(hand, name)) is not None
    }
    found |= {name: np.array([value]) for name in ("curl", "index") if (value := getattr(hand, name)) is not None}
    if hand.aim is not None:
        way = aim if aim is not None else np.array([0.1, 0.97, 0.05])
        found |= {"reach": way * hand.aim, "fingers": way}
    return found


def keyed_curve(at: list[float], rows: F8, times: F8) -> F8:
    """Rows (n, c) at ascending keys through times (k,), without overshoot; held outside."""
    if len(at) == 1:
        return np.repeat(rows, len(times), axis=0)
    return np.asarray(PchipInterpolator(at, rows)(np.clip(times, at[0], at[-1])))


def arm_turns(skeleton: Skeleton, side: str, path: HandPath) -> tuple[F8, F8, F8, F8]:
    """Local quaternions (k, 4) of shoulder, upper arm, forearm and hand that put the hand where the path has it."""
    sign = 1.0 if side == "Left" else -1.0
    axes = np.array([sign, -1.0, 1.0])

    def chest(vectors: F8) -> F8:
        return np.asarray(vectors[:, [0, 1, 2]] * axes)

    upper, lower, hand = (skeleton.index(side + b) for b in ("Arm", "ForeArm", "Hand"))
    length = float(np.linalg.norm(skeleton.offsets[lower]) + np.linalg.norm(skeleton.offsets[hand]))
    shrug = qt.times(
        qt.about("y", -sign * 0.38 * np.clip(path.reach[:, 2] + 0.15, 0, 1)),
        qt.about("z", -sign * 0.22 * np.clip(path.reach[:, 1] - 0.4, 0, 1)),
    )
    moved = qt.matrix(shrug) @ skeleton.offsets[upper] - skeleton.offsets[upper]
    reach, pole = chest(path.reach) * length - moved, chest(path.elbow)
    first, second = bend(reach, pole, float(np.linalg.norm(skeleton.offsets[lower])), float(np.linalg.norm(skeleton.offsets[hand])))
    hinge = unit(np.cross(unit(reach), pole))
    sideways = np.array([1.0, 0.0, 0.0])
    arm, forearm = aimed(skeleton.offsets[lower], sideways, first, hinge), aimed(skeleton.offsets[hand], sideways, second, hinge)
    inward = np.array([-sign, 0.0, 0.0])
    palm = frames(chest(path.fingers), chest(path.palm)) @ frames(DOWN, inward).T
    wrist = _eased(qt.of_matrix(forearm.transpose(0, 2, 1) @ palm))
    local = qt.matrix(qt.inverse(shrug)) @ arm
    return shrug, qt.of_matrix(local), qt.of_matrix(arm.transpose(0, 2, 1) @ forearm), wrist


def _eased(wrist: F8) -> F8:
    """Keep a wrist's bend (not its twist, which the forearm shares) within about 65 degrees."""
    along = wrist.copy()
    along[:, 1:3] = 0  # twist about the forearm, which hangs along Z in the canonical stance
    twist = along / np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    swing = qt.times(wrist, qt.inverse(twist))
    angle = 2 * np.arccos(np.clip(np.abs(swing[:, 0]), 0, 1))
    return qt.times(qt.scaled(swing, np.minimum(1, 1.13 / np.maximum(angle, 1e-6))), twist)


def lay_hand(turns: F8, skeleton: Skeleton, side: str, path: HandPath, share: F8) -> None:
    """Blend a hand's path into `turns` (k, b, 4) by `share` (k,)."""
    bones = [skeleton.index(side + b) for b in ("Shoulder", "Arm", "ForeArm", "Hand")]
    for bone, turn in zip(bones, arm_turns(skeleton, side, path), strict=True):
        turns[:, bone] = qt.slerp(turns[:, bone], turn, share)
    before = turns.copy()
    curl(turns, skeleton, side, path.curl, index=path.index)
    fingers = [i for i, name in enumerate(skeleton.bones) if name.startswith(f"{side}Hand") and name != f"{side}Hand"]
    turns[:, fingers] = qt.slerp(before[:, fingers], turns[:, fingers], np.broadcast_to(share[:, None], (len(turns), len(fingers))))


def lay_trunk(turns: F8, skeleton: Skeleton, kind: ActionKind, times: F8, share: F8) -> F8:
    """Bend spine, head and hips as keyed; returns how far the hips sink, move back and left (k, 3), in leg lengths."""
    bow = np.zeros(len(times))
    for name, bones in (("spine", ("Spine", "Spine1", "Spine2")), ("head", ("Neck", "Head"))):
        keyed = [(key.at, value) for key in kind.keys if (value := getattr(key, name)) is not None]
        if not keyed:
            continue
        angles = np.radians(keyed_curve([at for at, _ in keyed], np.array([v for _, v in keyed]), times)) * share[:, None] / len(bones)
        turn = qt.times(qt.about("z", angles[:, 1]), qt.times(qt.about("x", angles[:, 0]), qt.about("y", angles[:, 2])))
        for bone in bones:
            turns[:, skeleton.index(bone)] = qt.times(turn, turns[:, skeleton.index(bone)])
        bow += angles[:, 0] * len(bones) * (name == "spine")
    lean = _single(kind, "lean", times)
    if lean is not None:
        pitch = qt.about("x", np.radians(lean) * share)
        bow += np.radians(lean) * share
        turns[:, 0] = qt.times(turns[:, 0], pitch)
        for side in ("Left", "Right"):  # the legs stay where they were
            turns[:, skeleton.index(f"{side}UpLeg")] = qt.times(qt.inverse(pitch), turns[:, skeleton.index(f"{side}UpLeg")])
    hang(turns, skeleton, np.degrees(bow))
    _lay_legs(turns, skeleton, kind, times, share)
    sink, sway = _single(kind, "crouch", times), _single(kind, "sway", times)
    down = np.zeros(len(times)) if sink is None else sink * share
    bent = np.zeros(len(times)) if lean is None else np.sin(np.radians(lean)) * share
    aside = np.zeros(len(times)) if sway is None else sway * share
    return np.column_stack([down, 0.20 * down + 0.20 * bent, aside])  # hips go back, so that the body stays over the feet


def _leg_keys(kind: ActionKind, side: str) -> list[tuple[float, tuple[float, ...]]]:
    found = [(key.at, leg) for key in kind.keys if (leg := getattr(key, f"{side.lower()}_leg") or key.legs) is not None]
    return [(at, (*leg, 0.0, 0.0)[:5]) for at, leg in found]


def _lay_legs(turns: F8, skeleton: Skeleton, kind: ActionKind, times: F8, share: F8) -> None:
    for side, outwards in SIDES:
        if not (keyed := _leg_keys(kind, side)):
            continue
        angles = np.radians(keyed_curve([at for at, _ in keyed], np.array([v for _, v in keyed]), times)) * share[:, None]
        for bone, column, sign in (("UpLeg", 0, -1), ("Leg", 1, 1), ("Foot", 2, 1)):
            i = skeleton.index(f"{side}{bone}")
            turn = qt.about("x", sign * angles[:, column])
            if bone == "UpLeg":
                turn = qt.times(turn, qt.times(qt.about("y", -outwards * angles[:, 3]), qt.about("z", outwards * angles[:, 4])))
            turns[:, i] = qt.times(turn, turns[:, i])


def lifted(kind: ActionKind, times: F8) -> F8:
    """Whether the legs (left, right) are off the ground at natural times, (k, 2)."""
    found = np.zeros((len(times), 2))
    for column, (side, _) in enumerate(SIDES):
        if keyed := _leg_keys(kind, side):
            angles = keyed_curve([at for at, _ in keyed], np.array([v for _, v in keyed]), times)
            found[:, column] = np.abs(angles).sum(1) > 12
    hop = hops(kind, times)
    found[hop > 0.012] = 1.0
    return found


def hops(kind: ActionKind, times: F8) -> F8:
    """How far the body is above where it was, leg lengths (k,)."""
    hop = _single(kind, "hop", times)
    return np.zeros(len(times)) if hop is None else hop


def _single(kind: ActionKind, name: str, times: F8) -> F8 | None:
    keyed = [(key.at, value) for key in kind.keys if (value := getattr(key, name)) is not None]
    return keyed_curve([at for at, _ in keyed], np.array([[v] for _, v in keyed]), times)[:, 0] if keyed else None


def window(times: F8, start: float, end: float, rise: float = 0.26, fall: float = 0.34) -> F8:
    """0 outside, 1 inside, smooth at both ends."""
    return np.asarray(smooth((times - start) / rise) * smooth((end - times) / fall))
