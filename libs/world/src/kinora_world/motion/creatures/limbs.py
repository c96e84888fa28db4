"""Legs of three segments that reach for the ground, and small turns."""

from dataclasses import dataclass

import numpy as np

from kinora_world.cast.skeleton import Skeleton, unit
from kinora_world.motion import quaternion as qt
from kinora_world.motion.limbs import aimed, bend
from kinora_world.scene import F8


@dataclass(frozen=True, slots=True)
class Limb:
    """Bones from hip to toes, as `upper`, `lower`, `cannon`, `paw`; `knee` +1 where the middle joint points backwards."""

    upper: str
    lower: str
    cannon: str
    paw: str
    knee: float


def fore(side: str) -> Limb:
    return Limb(f"{side}Arm", f"{side}ForeArm", f"{side}Hand", f"{side}HandTip", 1.0)


def hind(side: str) -> Limb:
    return Limb(f"{side}UpLeg", f"{side}Leg", f"{side}Foot", f"{side}ToeBase", -1.0)


def about(axis: str, angle: F8 | float) -> F8:
    """(k, 3, 3)."""
    return qt.matrix(qt.about(axis, angle))


def reach_ground(skeleton: Skeleton, local: F8, turned: F8, placed: F8, limb: Limb, toe: F8, cannon: F8, paw: F8, facing: F8) -> None:
    """Set a leg so that its paw's joint is at `toe` (k, 3), its cannon bone and paw turned by `cannon` and `paw` (k, 3, 3).

    `local` (k, b, 3, 3) is written; `turned` and `placed` are the stage rotations and heads of the bones above; `facing` (k, 3, 3).
    """
    up, low, can, tip = (skeleton.index(name) for name in (limb.upper, limb.lower, limb.cannon, limb.paw))
    offsets, parent = skeleton.offsets, skeleton.parents[skeleton.index(limb.upper)]
    hock = toe - cannon @ offsets[tip]
    hip = placed[:, parent] + turned[:, parent] @ offsets[up]
    reach = hock - hip
    pole = limb.knee * facing[:, :, 1]
    thigh, shin = bend(reach, pole, float(np.linalg.norm(offsets[low])), float(np.linalg.norm(offsets[can])))
    hinge = -limb.knee * unit(np.cross(pole, unit(reach)))
    side = np.array([1.0, 0.0, 0.0])
    upper, lower = aimed(offsets[low], side, thigh, hinge), aimed(offsets[can], side, shin, hinge)
    local[:, up] = turned[:, parent].transpose(0, 2, 1) @ upper
    local[:, low] = upper.transpose(0, 2, 1) @ lower
    local[:, can] = lower.transpose(0, 2, 1) @ cannon
    local[:, tip] = cannon.transpose(0, 2, 1) @ paw


def turn(local: F8, skeleton: Skeleton, bone: str, *rotations: F8) -> None:
    """Lay rotations (k, 3, 3) over a bone's own, the first outermost. A bone the body lacks is left out."""
    if bone in skeleton.bones:
        i = skeleton.index(bone)
        for rotation in reversed(rotations):
            local[:, i] = rotation @ local[:, i]
