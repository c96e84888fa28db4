"""Those without legs: fish and whales that swim with a travelling wave, octopuses, ghosts that hover, snowmen that hop."""

import numpy as np

from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion.creatures.channels import Channels
from kinora_world.motion.creatures.limbs import about, turn
from kinora_world.motion.creatures.moved import Moved, flight
from kinora_world.motion.creatures.route import Going
from kinora_world.motion.idle import wander
from kinora_world.scene import F8

_TAIL = ("Tail1", "Tail2", "Tail3", "Tail4")


def go_without_legs(who: str, skeleton: Skeleton, going: Going, c: Channels, size: float) -> Moved:
    """The whole body but for its gaze."""
    count, hips = len(going.heading), skeleton.index("Hips")
    local = np.broadcast_to(np.eye(3), (count, len(skeleton.bones), 3, 3)).copy()
    rest, wave = skeleton.heads[hips], 2 * np.pi * going.phase
    unit = float(rest[2])
    floats = "Arm0_0" in skeleton.bones or "Tail1" in skeleton.bones  # a snowman has neither, and hops
    drift = 0.03 * wander(who, "drift", c.times, 3.9) if floats else np.zeros(count)
    hop = 0.0 if floats else 0.28 * np.abs(np.sin(wave)) * going.share
    squash = 0.0 if floats else 5.0 * np.sin(2 * wave) * going.share
    bank = -np.clip(np.gradient(going.heading, c.times), -1.5, 1.5) * 0.25 * floats
    pitch = np.radians(c["rear"] + squash) + np.clip(np.gradient(flight(going, size), c.times), -1, 1) * 0.25
    local[:, hips] = about("z", going.heading) @ about("x", -pitch) @ about("y", np.radians(c["roll"]) + bank)
    place = np.column_stack([going.place, rest[2] + (drift + hop + c["lift"] + c["pelvis"]) * unit + flight(going, size)])
    _swimming(skeleton, going, c, local)
    _arms(who, skeleton, going, c, local)
    head = np.radians(c["head"] + c["neck"]) + 0.05 * wander(who, "nod", c.times, 3.3)
    turn(local, skeleton, "Head", about("z", np.radians(c["turn"])), about("x", head), about("y", np.radians(c["tilt"])))
    return Moved(local, place, {})


def _swimming(skeleton: Skeleton, going: Going, c: Channels, local: F8) -> None:
    """A wave that grows towards the tail: sideways for fish, up and down for whales, gently for a ghost's sheet."""
    if "Tail1" not in skeleton.bones:
        return
    way = skeleton.heads[skeleton.index("Tail4")] - skeleton.heads[skeleton.index("Tail1")]
    hanging = abs(way[2]) > abs(way[1])
    flat = "LeftFluke" in skeleton.bones
    beat = 2 * np.pi * (0.55 * c.times + 1.1 * going.phase)
    for k, bone in enumerate(_TAIL):
        strength = (0.07 + 0.05 * k) * (0.55 + 0.9 * going.share + 0.6 * np.clip(c["wag"], 0, 1))
        bend = strength * np.sin(beat - 0.85 * k)
        if hanging:
            turn(local, skeleton, bone, about("x", 0.5 * bend + 0.1 * going.share), about("y", 0.35 * bend))
        else:
            turn(local, skeleton, bone, about("x" if flat else "z", bend))
    turn(local, skeleton, "Head", about("x" if flat else "z", 0.06 * np.sin(beat + 2.2)))


def _arms(who: str, skeleton: Skeleton, going: Going, c: Channels, local: F8) -> None:
    """Fins that steer, sleeves and sticks that wave, an octopus' arms that pulse together."""
    for side, sign in SIDES:
        scull = 0.25 * np.sin(2 * np.pi * 0.8 * c.times + 1.0) + 0.15 * wander(who, side, c.times, 2.7)
        raised = np.radians(c["paw"] * 55) * (sign < 0) + np.radians(40 * np.clip(c["spread"], 0, 1))
        waved = 0.35 * np.sin(2 * np.pi * 2.4 * c.times) * np.clip(c["paw"] * (sign < 0) + c["flap"], 0, 1)
        turn(local, skeleton, f"{side}Arm", about("y", -sign * (raised + waved + 0.5 * scull)), about("x", 0.3 * scull))
    if "Arm0_0" not in skeleton.bones:
        return
    count = sum(bone.endswith("_0") for bone in skeleton.bones if bone.startswith("Arm"))
    pulse = np.sin(2 * np.pi * (0.45 * c.times + 1.3 * going.phase))
    for k in range(count):
        angle = 2 * np.pi * (k + 0.5) / count
        for joint in range(4):
            lift = (0.16 - 0.02 * joint) * np.roll(pulse, 4 * joint) * (0.6 + 0.6 * going.share) + 0.1 * wander(
                who, f"arm{k}", c.times - 0.2 * joint, 2.9
            )
            turn(local, skeleton, f"Arm{k}_{joint}", about("x", -np.cos(angle) * lift), about("y", -np.sin(angle) * lift))
