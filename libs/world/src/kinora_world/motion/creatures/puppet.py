"""Puppets: cut-outs that hop along, waddle, breathe, and always show their picture."""

import numpy as np

from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion.creatures.channels import Channels
from kinora_world.motion.creatures.limbs import about, turn
from kinora_world.motion.creatures.moved import Moved
from kinora_world.motion.creatures.route import Going
from kinora_world.motion.idle import wander

_ASIDE = 0.55  # radians that it turns aside at most: further round there is no picture of it
_HOP, _WADDLE, _LEAN = 0.5, 0.12, 0.1  # of the hips' height; radians
_BREATH_HZ = 0.4


def hop_along(who: str, skeleton: Skeleton, going: Going, c: Channels, _size: float) -> Moved:
    """The whole body but for its gaze. At rest the picture is the stage's audience's; the camera turns it to itself."""
    count, hips = len(going.heading), skeleton.index("Hips")
    local = np.broadcast_to(np.eye(3), (count, len(skeleton.bones), 3, 3)).copy()
    rest, wave = skeleton.heads[hips], 2 * np.pi * going.phase
    aside = _ASIDE * np.sin(going.heading)
    waddle = np.radians(c["roll"]) + _WADDLE * np.sin(wave) * going.share + 0.02 * wander(who, "sway", c.times, 3.1)
    lean = np.radians(c["rear"]) - _LEAN * np.sin(2 * wave) * going.share
    local[:, hips] = about("z", aside) @ about("x", -lean) @ about("y", waddle)
    hop = _HOP * np.abs(np.sin(wave)) * going.share
    place = np.column_stack([going.place, rest[2] * (1 + hop + c["lift"] + c["pelvis"])])
    breath = 0.1 * np.sin(2 * np.pi * _BREATH_HZ * c.times + wander(who, "breath", c.times, 9.0))
    flap = 0.3 * np.sin(2 * np.pi * 2.4 * c.times) * np.clip(c["flap"] + c["paw"], 0, 1)
    for side, sign in SIDES:
        turn(local, skeleton, f"{side}Arm", about("y", -sign * (breath + flap + np.radians(30) * np.clip(c["spread"], 0, 1))))
    head = np.radians(c["head"] + c["neck"]) + 0.06 * wander(who, "nod", c.times, 3.3)
    turn(local, skeleton, "Head", about("z", np.radians(c["turn"])), about("x", head), about("y", np.radians(c["tilt"])))
    return Moved(local, place, {})
