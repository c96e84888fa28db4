"""Bodies at rest in a posture: sitting, kneeling, lying, riding; breath and small shifts go on."""

import numpy as np

from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.catalogue import Posture
from kinora_world.motion.idle import hang, stand
from kinora_world.motion.track import Track
from kinora_world.scene import F8

_DANGLE = 0.14  # metres by which a seat may be too high before the feet dangle


def posed(skeleton: Skeleton, person: str, posture: Posture, times: F8, place: F8, heading: F8, surface: F8) -> Track:
    """A posture over `place` (k, 2) facing `heading` (k,), on or above a surface at heights (k,)."""
    track = stand(skeleton, person, times, place, heading)
    leg = skeleton.length("LeftUpLeg", "LeftFoot")
    turns = track.turns
    pitch, twist, roll = np.radians(posture.turn)
    tilt = qt.times(qt.about("x", pitch), qt.times(qt.about("y", roll), qt.about("z", twist)))
    turns[:, 0] = qt.times(qt.about("z", heading), np.broadcast_to(tilt, (len(times), 4)))
    _bend(turns, skeleton, posture)
    left, ahead, up = np.array(posture.hips) * leg
    rest = surface + up if posture.raised else surface + skeleton.offsets[0, 2] + up
    forward = np.column_stack([np.sin(heading), -np.cos(heading)])
    hips = np.column_stack([place + ahead * forward + left * np.column_stack([np.cos(heading), np.sin(heading)]), rest])
    planted = (
        posture.planted and float(rest.min(initial=np.inf)) - 0.05 * leg < skeleton.length("LeftLeg", "LeftFoot") + 0.11 * leg + _DANGLE
    )
    _set_legs(turns, skeleton, posture, flat=planted)
    count = len(times)
    stands = np.full((count, 2), float(planted))
    return Track(turns, hips, track.heading, stands, np.zeros(count) if planted else np.ones(count), np.zeros((count, 3)))


def _bend(turns: F8, skeleton: Skeleton, posture: Posture) -> None:
    for angles, bones in ((posture.spine, ("Spine", "Spine1", "Spine2")), (posture.head, ("Neck", "Head"))):
        x, z, y = np.radians(angles) / len(bones)
        turn = qt.times(qt.about("z", z), qt.times(qt.about("x", x), qt.about("y", y)))
        for bone in bones:
            i = skeleton.index(bone)
            turns[:, i] = qt.times(np.broadcast_to(turn, turns[:, i].shape), turns[:, i])
    hang(turns, skeleton, np.full(len(turns), posture.turn[0] + posture.spine[0]))


def _set_legs(turns: F8, skeleton: Skeleton, posture: Posture, *, flat: bool) -> None:
    for side, sign in SIDES:
        keyed = (posture.left_leg if side == "Left" else posture.right_leg) or posture.legs or (3.0, 6.0, 0.0)
        thigh, knee, toes, out, twist = np.radians((*keyed, *(0.0, 0.0, 0.0, 3.0, 6.0)[len(keyed) :]))
        upper = qt.times(qt.about("x", -thigh), qt.times(qt.about("y", -sign * out), qt.about("z", sign * twist)))
        turns[:, skeleton.index(f"{side}UpLeg")] = upper
        turns[:, skeleton.index(f"{side}Leg")] = qt.about("x", knee)
        foot = qt.about("x", toes)
        if flat:
            pitch = np.radians(posture.turn[0])
            foot = qt.inverse(qt.times(qt.about("x", pitch), qt.times(upper, qt.about("x", knee))))
            foot = qt.times(foot, qt.about("z", sign * 0.15))
        turns[:, skeleton.index(f"{side}Foot")] = foot
