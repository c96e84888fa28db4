"""Things that are worn, ridden, played or used: where they are at every moment of their use."""

from dataclasses import dataclass

import numpy as np

from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.catalogue import ActionKind, Thing
from kinora_world.motion.furniture import Furniture
from kinora_world.motion.gesture import keyed_curve
from kinora_world.motion.spots import size_of
from kinora_world.motion.timeline import Doing
from kinora_world.motion.track import RATE, Track
from kinora_world.scene import F8, PropKind
from kinora_world.solids import bounds

_PALM, _THICK = 0.09, 0.02  # metres from the wrist to the middle of a closed hand, and out of its plane
_SEAT = 0.11  # metres from the seat up to the hips


def frames_of(skeleton: Skeleton, track: Track, doing: Doing, times: F8) -> F8:
    """The frame (k, 4, 4) that a doing's thing is in: X left, -Y forwards, Z up where nothing is turned."""
    thing = doing.kind.thing
    assert thing is not None  # noqa: S101 - asked only of kinds that have one
    base = _carrier(skeleton, track, thing.frame)
    size = size_of(skeleton)
    natural = doing.natural(times)
    shift, turn = _keyed(doing.kind, "move", natural), _keyed(doing.kind, "turn", natural)
    offset = (np.array(thing.at) + shift) * [size, -size, size]
    angles = np.radians(np.array(thing.turn) + turn)
    turns = qt.times(qt.about("z", angles[:, 1]), qt.times(qt.about("x", angles[:, 0]), qt.about("y", angles[:, 2])))
    local = np.broadcast_to(np.eye(4), (len(times), 4, 4)).copy()
    local[:, :3, :3] = qt.matrix(turns)
    local[:, :3, 3] = offset
    return np.asarray(base @ local)


def _keyed(kind: ActionKind, name: str, natural: F8) -> F8:
    keyed = [(key.at, value) for key in kind.keys if (value := getattr(key, name)) is not None]
    if not keyed:
        return np.zeros((len(natural), 3))
    return keyed_curve([at for at, _ in keyed], np.array([v for _, v in keyed]), natural)


def _carrier(skeleton: Skeleton, track: Track, on: str) -> F8:
    turned, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    size = size_of(skeleton)
    frame = np.broadcast_to(np.eye(4), (len(track), 4, 4)).copy()
    yaw = qt.matrix(qt.about("z", track.heading))
    if on in ("Chest", "Hips", "Head"):
        bone = skeleton.index({"Chest": "Spine2"}.get(on, on))
        frame[:, :3, :3], frame[:, :3, 3] = turned[:, bone], placed[:, bone]
    elif on in ("LeftHand", "RightHand"):
        bone, sign = skeleton.index(on), 1.0 if on == "LeftHand" else -1.0
        across, ahead = turned[:, bone, :, 0], -turned[:, bone, :, 2]
        frame[:, :3, :3] = np.stack([across, -ahead, np.cross(across, -ahead)], -1)
        frame[:, :3, 3] = placed[:, bone] + (ahead * _PALM - sign * across * _THICK) * size
    elif on == "Feet":
        feet = placed[:, [skeleton.index(f"{side}ToeBase") for side, _ in SIDES] + [skeleton.index(f"{side}Foot") for side, _ in SIDES]]
        frame[:, :3, :3], frame[:, :3, 3] = yaw, feet.mean(1)
        frame[:, 2, 3] = feet[:, :2, 2].mean(1) - 0.055 * size
    elif on == "Seat":
        frame[:, :3, :3], frame[:, :3, 3] = yaw, placed[:, 0] - [0, 0, _SEAT * size]
    else:
        frame[:, :3, :3], frame[:, :3, 3] = yaw, placed[:, 0]
        frame[:, 2, 3] = 0.0
    return frame


def seated(thing: Thing, item: Furniture, frames: F8) -> F8:
    """The pose (k, 4, 4) of a prop in a frame: its grip or middle there, turned the way it is used."""
    turn = _aligned(item.kind, thing.along)
    anchor = np.array(item.kind.anchors.get(thing.anchor, item.kind.anchors.get("grip_right", (0.0, 0.0, 0.0))))
    if thing.frame in ("LeftHand", "RightHand") and not anchor.any():
        low, high = bounds(item.kind.shapes)
        anchor = (low + high) / 2
    local = np.eye(4)
    local[:3, :3] = turn
    local[:3, 3] = -turn @ anchor
    if thing.frame == "Ground":
        local[2, 3] = 0.0  # it stands on the ground
    return np.asarray(frames @ local)


def _aligned(kind: PropKind, along: str) -> F8:
    """Turns the thing's longest axis up, or its longest level axis forwards."""
    low, high = bounds(kind.shapes)
    longest = int((high - low)[:2].argmax()) if along == "forwards" else int((high - low).argmax())
    if along == "up" and longest != 2:
        return qt.matrix(qt.about("y", -np.pi / 2) if longest == 0 else qt.about("x", -np.pi / 2))
    if along == "forwards" and longest == 0:
        return qt.matrix(qt.about("z", -np.pi / 2))
    return np.eye(3)


@dataclass(frozen=True, slots=True)
class PosePath:
    """Callable: shot time to a (4, 4) pose, between samples at RATE."""

    poses: F8  # (k, 4, 4)
    turns: F8  # (k, 4)

    def __call__(self, time: float) -> F8:
        place = min(max(time * RATE, 0.0), len(self.poses) - 1.001)
        low = int(place)
        share = place - low
        pose = np.eye(4)
        pose[:3, :3] = qt.matrix(qt.slerp(self.turns[low], self.turns[low + 1], share))
        pose[:3, 3] = self.poses[low, :3, 3] * (1 - share) + self.poses[low + 1, :3, 3] * share
        return pose


def pose_path(poses: F8) -> PosePath:
    return PosePath(poses, qt.continuous(qt.of_matrix(poses[:, :3, :3])))


def still_at(item: Furniture, count: int) -> PosePath:
    """A thing that stays where it is while somebody sits on it."""
    return pose_path(np.repeat(item.pose[None], count, 0))
