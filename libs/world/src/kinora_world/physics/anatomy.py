"""The human body as jointed limbs: which bone each follows, what it is made of, how far its joint gives."""

from dataclasses import dataclass

import numpy as np

from kinora_world.cast.skeleton import SIDES
from kinora_world.scene import F8, Pose


@dataclass(frozen=True, slots=True)
class Limb:
    """`capsules` are (from joint, to joint, radius, metres beyond). A hinge `bends` between two angles about X; a ball joint gives `reach`.

    Angles in degrees; a ball joint's from the pose in which the body was let go.
    """

    bone: str
    parent: str | None
    capsules: tuple[tuple[str, str, float, float], ...]
    bends: tuple[float, float] | None = None
    reach: float = 60.0


LIMBS: tuple[Limb, ...] = (
    Limb("Hips", None, (("LeftUpLeg", "RightUpLeg", 0.095, 0.0), ("Hips", "Spine1", 0.11, 0.0))),
    Limb("Spine2", "Hips", (("Spine2", "Neck", 0.115, 0.0), ("LeftArm", "RightArm", 0.06, 0.0)), reach=40),
    Limb("Head", "Spine2", (("Neck", "Head", 0.085, 0.11),), reach=45),
    *(
        limb
        for side, _ in SIDES
        for limb in (
            Limb(f"{side}Arm", "Spine2", ((f"{side}Arm", f"{side}ForeArm", 0.045, 0.0),), reach=95),
            Limb(f"{side}ForeArm", f"{side}Arm", ((f"{side}ForeArm", f"{side}Hand", 0.038, 0.13),), bends=(-145, 2)),
            Limb(f"{side}UpLeg", "Hips", ((f"{side}UpLeg", f"{side}Leg", 0.075, 0.0),), reach=80),
            Limb(
                f"{side}Leg", f"{side}UpLeg",
                ((f"{side}Leg", f"{side}Foot", 0.052, 0.0), (f"{side}Foot", f"{side}ToeBase", 0.028, 0.06)), bends=(-2, 140),
            ),
        )
    ),
)  # fmt: skip

_SPINE = ("Hips", "Spine", "Spine1", "Spine2", "Neck", "Head")
PARENTS: dict[str, str] = {
    "Hips": "",
    **dict(zip(_SPINE[1:], _SPINE, strict=False)),
    **{
        f"{side}{bone}": above.format(side=side)
        for side, _ in SIDES
        for bone, above in (
            ("Shoulder", "Spine2"), ("Arm", "{side}Shoulder"), ("ForeArm", "{side}Arm"), ("Hand", "{side}ForeArm"),
            ("UpLeg", "Hips"), ("Leg", "{side}UpLeg"), ("Foot", "{side}Leg"), ("ToeBase", "{side}Foot"),
        )
    },
}  # fmt: skip


def chain(pose: Pose, bone: str) -> F8:
    """(3, 3): a bone's turn on the stage."""
    turn = np.eye(3)
    while bone:
        turn = pose.rotations.get(bone, np.eye(3)) @ turn
        bone = PARENTS[bone]
    return np.asarray(pose.root[:3, :3] @ turn)
