"""A body's bones: the canonical stance every pose is measured from, and forward kinematics.

Canonical stance: upright, legs straight, arms hanging, elbows and knees bending about the X axis, palms towards the thighs. The rest
pose of the mesh differs (arms at about 48 degrees); `canonical` turns rest bones into canonical ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinora_world.assets import BodyData
from kinora_world.scene import F8

SIDES = (("Left", 1.0), ("Right", -1.0))
DOWN = np.array([0.0, 0.0, -1.0])


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)  # compared and hashed by identity, so that fitted clips can be cached
class Skeleton:
    """Bones of one body. `offsets` are from the parent's head in canonical axes; the root's is from the body's origin on the floor."""

    bones: tuple[str, ...]
    parents: tuple[int, ...]
    heads: F8  # (b, 3) in the rest pose
    canonical: F8  # (b, 3, 3) rest to canonical
    offsets: F8  # (b, 3)
    soles: dict[str, F8]  # per foot bone (k, 3): points of the sole from the bone's head, canonical axes
    tips: dict[str, F8]  # further points that may touch the ground, from their bone's head
    clearance: float = 0.1  # radians a hanging arm is held out, so that it clears the hips

    def index(self, bone: str) -> int:
        return self.bones.index(bone)

    def length(self, bone: str, child: str) -> float:
        """Metres from a bone's head to that of a bone below it, along the canonical stance."""
        total, at = 0.0, self.index(child)
        while at != self.index(bone):
            total += float(np.linalg.norm(self.offsets[at]))
            at = self.parents[at]
        return total

    def forward(self, rotations: F8, hips: F8) -> tuple[F8, F8]:
        """Local rotations (..., b, 3, 3) and hip positions (..., 3) to stage rotations (..., b, 3, 3) and head positions (..., b, 3)."""
        turned, placed = np.empty_like(rotations), np.empty(rotations.shape[:-1])
        for i, parent in enumerate(self.parents):
            if parent < 0:
                turned[..., i, :, :], placed[..., i, :] = rotations[..., i, :, :], hips
            else:
                turned[..., i, :, :] = turned[..., parent, :, :] @ rotations[..., i, :, :]
                placed[..., i, :] = placed[..., parent, :] + turned[..., parent, :, :] @ self.offsets[i]
        return turned, placed


def unit(vector: F8) -> F8:
    """Along the last axis."""
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.maximum(length, 1e-12))


def frame(along: F8, beside: F8) -> F8:
    """Right-handed axes (3, 3) in columns: `along`, then what is left of `beside`, then their cross product."""
    first = unit(along)
    second = unit(beside - first * (first @ beside))
    return np.stack([first, second, np.cross(first, second)], 1)


def make_skeleton(data: BodyData, vertices: F8, sole_points: dict[str, F8], tip_points: dict[str, F8], width: float) -> Skeleton:
    """Bones for rest-pose vertices (n, 3). Point sets are in rest coordinates, by bone; `width` is half the clothed hips'."""
    heads = data.heads @ vertices
    canonical = _canonical(data.bones, data.parents, heads)
    offsets = np.zeros_like(heads)
    for i, parent in enumerate(data.parents):
        if parent >= 0:
            offsets[i] = canonical[parent] @ (heads[i] - heads[parent])

    def around(points: dict[str, F8]) -> dict[str, F8]:
        return {b: (p - heads[data.bones.index(b)]) @ canonical[data.bones.index(b)].T for b, p in points.items()}

    shoulder, elbow, wrist = (heads[data.bones.index(f"Left{b}")] for b in ("Arm", "ForeArm", "Hand"))
    arm = float(np.linalg.norm(elbow - shoulder) + np.linalg.norm(wrist - elbow))
    clearance = float(np.clip((width - shoulder[0]) / arm + 0.09, 0.07, 0.45))
    skeleton = Skeleton(data.bones, data.parents, heads, canonical, offsets, around(sole_points), around(tip_points), clearance)
    return _standing(skeleton)


def _standing(skeleton: Skeleton) -> Skeleton:
    """Put the hips where the canonical stance has its soles on the floor."""
    still = np.broadcast_to(np.eye(3), (len(skeleton.bones), 3, 3))
    _, placed = skeleton.forward(still, np.zeros(3))
    lowest = min((placed[skeleton.index(b)] + points)[:, 2].min() for b, points in skeleton.soles.items())
    skeleton.offsets[0] = (0.0, 0.0, -lowest)
    return skeleton


def _canonical(bones: Sequence[str], parents: Sequence[int], heads: F8) -> F8:
    at = {name: heads[i] for i, name in enumerate(bones)}
    turned = {name: np.eye(3) for name in bones}
    for side, sign in SIDES:
        turned |= _arm(at, side, sign) | _leg(at, side, sign)
        for name in bones:
            if name.startswith(f"{side}Hand"):
                turned[name] = _beside(at, name.rstrip("123"), turned[f"{side}Hand"])
    del parents
    return np.stack([turned[name] for name in bones])


def _beside(at: dict[str, F8], finger: str, hand: F8) -> F8:
    """The hand's turn, and for the four fingers one more about X that lays them side by side: each bends in its own plane."""
    if f"{finger}1" not in at or finger.endswith("Thumb"):
        return hand
    along = hand @ (at[f"{finger}2"] - at[f"{finger}1"])
    fan = np.arctan2(along[1], -along[2])
    c, s = np.cos(fan), np.sin(fan)
    return np.array([[1, 0, 0], [0, c, s], [0, -s, c]]) @ hand


def _arm(at: dict[str, F8], side: str, sign: float) -> dict[str, F8]:
    shoulder, elbow, wrist = (at[side + b] for b in ("Arm", "ForeArm", "Hand"))
    hinge = np.cross(elbow - shoulder, wrist - elbow)  # rest elbows are bent a little, forwards
    hanging, flexing = np.array([sign * 0.03, 0.0, -1.0]), np.array([-1.0, 0.0, 0.0])
    fingers = at[f"{side}HandMiddle1"] - wrist
    across = at[f"{side}HandIndex1"] - at[f"{side}HandPinky1"]
    return {
        f"{side}Arm": frame(hanging, flexing) @ frame(elbow - shoulder, hinge).T,
        f"{side}ForeArm": frame(hanging, flexing) @ frame(wrist - elbow, hinge).T,
        f"{side}Hand": frame(hanging, np.array([0.0, -1.0, 0.0])) @ frame(fingers, across).T,
    }


def _leg(at: dict[str, F8], side: str, sign: float) -> dict[str, F8]:
    hip, knee, ankle = (at[side + b] for b in ("UpLeg", "Leg", "Foot"))
    hanging, sideways = np.array([sign * 0.03, 0.0, -1.0]), np.array([1.0, 0.0, 0.0])
    return {
        f"{side}UpLeg": frame(hanging, sideways) @ frame(knee - hip, sideways).T,
        f"{side}Leg": frame(hanging, sideways) @ frame(ankle - knee, sideways).T,
    }
