"""Hands that go to a spot on the stage, such as a thing on the floor that is picked up."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from kinora_world.cast.skeleton import Skeleton, unit
from kinora_world.motion import quaternion as qt
from kinora_world.motion.gesture import window
from kinora_world.motion.limbs import aimed, bend
from kinora_world.motion.timeline import Doing
from kinora_world.motion.track import Track
from kinora_world.scene import F8


def reach_down(
    skeleton: Skeleton, track: Track, doings: Sequence[Doing], times: F8, spots: Mapping[str, F8], hands: Mapping[str, str]
) -> None:
    """Bring the hands of every grabbing action to its prop at the moment of the grab."""
    for doing in doings:
        prop = doing.action.prop or doing.action.target
        if doing.kind.grab is None or doing.kind.verb in ("catch", "receive") or prop is None or prop not in spots:
            continue
        at = doing.moment(doing.kind.grab)
        share = window(times, at - 0.35, at + 0.3, 0.3, 0.28)
        near = share > 0
        grip = hands.get(prop, doing.kind.grip)
        sides = ("Left", "Right") if grip == "Both" else (grip,)
        for side in sides:
            _reach(skeleton, track, near, share[near], side, spots[prop], both=len(sides) == 2)


def _reach(skeleton: Skeleton, track: Track, near: NDArray[np.bool_], share: F8, side: str, spot: F8, *, both: bool) -> None:
    part = track.part(near)
    turned, placed = skeleton.forward(qt.matrix(part.turns), part.hips)
    upper, lower, hand = (skeleton.index(side + b) for b in ("Arm", "ForeArm", "Hand"))
    across = turned[:, 0, :, 0] * ((0.11 if side == "Left" else -0.11) if both else 0.0)
    goal = np.array(spot) + across + [0, 0, 0.06]
    mixed = placed[:, hand] * (1 - share[:, None]) + goal * share[:, None]
    lengths = [float(np.linalg.norm(skeleton.offsets[i])) for i in (lower, hand)]
    pole = -np.cross(turned[:, upper, :, 0], unit(mixed - placed[:, upper]))
    first, second = bend(mixed - placed[:, upper], pole, *lengths)
    hinge = unit(np.cross(unit(mixed - placed[:, upper]), pole))
    sideways = np.array([1.0, 0.0, 0.0])
    arm, forearm = aimed(skeleton.offsets[lower], sideways, first, hinge), aimed(skeleton.offsets[hand], sideways, second, hinge)
    parent = turned[:, skeleton.index(f"{side}Shoulder")]
    track.turns[near, upper] = qt.of_matrix(parent.transpose(0, 2, 1) @ arm)
    track.turns[near, lower] = qt.of_matrix(arm.transpose(0, 2, 1) @ forearm)
