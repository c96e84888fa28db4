"""What every rig's motion shares: its result, the running gait's numbers, flight, tails."""

from dataclasses import dataclass

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion.creatures.channels import Channels
from kinora_world.motion.creatures.feet import Steps
from kinora_world.motion.creatures.limbs import about, turn
from kinora_world.motion.creatures.rigs import Gait
from kinora_world.motion.creatures.route import Going
from kinora_world.motion.idle import wander
from kinora_world.motion.track import smooth
from kinora_world.scene import F8

_REST = Gait(speed=1, stride=1, duty=0.5, step=0, bounce=0, nod=0, crouch=0)


@dataclass(frozen=True, slots=True)
class Moved:
    """Local rotations (k, b, 3, 3) except the hips', which are the stage's; hips (k, 3); the feet's steps by first bone."""

    local: F8
    hips: F8
    steps: dict[str, Steps]


def per_sample(going: Going, name: str) -> F8:
    """A number of the running gait at every sample, fading in and out with it."""
    values = np.array([getattr(leg.gait, name) for leg in going.legs] + [getattr(_REST, name)], float)
    return np.asarray(values[going.which.astype(int)] * going.share)


def flight(going: Going, size: float) -> F8:
    """Height of flight, metres: it climbs over the first part of the way and comes down over the last."""
    total = np.zeros(len(going.heading))
    for number, leg in enumerate(going.legs):
        if leg.gait.height:
            rows = going.which == number
            share = np.clip(going.phase[rows] * leg.stride / max(leg.length, 1e-6), 0, 1)
            total[rows] = leg.gait.height * size * smooth(share / 0.3) * smooth((1 - share) / 0.25)
    return total


def swayed_tail(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8) -> None:
    wag = np.clip(c["wag"], 0, 1.5)
    for k in range(4):
        beat = np.sin(2 * np.pi * 2.4 * c.times - 0.65 * k)
        idle = 0.16 * wander(who, "tail", c.times - 0.18 * k, 2.9)
        curve = np.clip(np.gradient(going.heading, c.times), -2.5, 2.5) * 0.08
        sideways = 0.34 * wag * beat + idle * (1 - 0.6 * wag.clip(0, 1)) + curve
        up = np.radians(c["tail"]) * (1.0 if k == 0 else 0.25) + 0.12 * going.share * np.cos(4 * np.pi * going.phase - 0.7 * k) * (k > 0)
        turn(local, skeleton, f"Tail{k + 1}", about("z", sideways), about("x", up))
