"""Where a creature looks: at whoever speaks or acts with it; neck and head turn, the eyes do the rest."""

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion.creatures.limbs import about, turn
from kinora_world.motion.gaze import Glance, Points
from kinora_world.motion.gesture import window
from kinora_world.motion.track import RATE
from kinora_world.scene import F8

_YAW, _PITCH = np.radians(80), np.radians(42)
_SHARES = (("Neck", 0.3), ("Neck1", 0.22), ("Head", 0.38))


def look(skeleton: Skeleton, local: F8, hips: F8, times: F8, glances: list[Glance], points: Points, free: F8) -> F8:
    """Turn neck and head in `local` where they are `free` (k,) to; returns yaw (left) and pitch (up) left for the eyes, (k, 2)."""
    turned, placed = skeleton.forward(local, hips)
    chest = skeleton.index("Spine2") if "Spine2" in skeleton.bones else 0
    eyes = placed[:, skeleton.index("Head")]
    yaw, pitch = np.zeros(len(times)), np.zeros(len(times))
    for glance in glances:
        target = points(glance.target)
        if target is None:
            continue
        way = np.einsum("kji,kj->ki", turned[:, chest], target - eyes)
        share = window(times, glance.start - 0.1, glance.end + 0.25, 0.3, 0.4) * glance.weight
        side, up = np.arctan2(way[:, 0], -way[:, 1]), np.arctan2(way[:, 2], np.hypot(way[:, 0], way[:, 1]))
        share = share * np.clip((2.6 - np.abs(side)) / 0.5, 0, 1)
        yaw, pitch = yaw * (1 - share) + side * share, pitch * (1 - share) + up * share
    aim = np.column_stack([np.clip(yaw, -_YAW, _YAW), np.clip(pitch, -_PITCH, _PITCH)]) * free[:, None]
    slow = gaussian_filter1d(aim, 0.14 * RATE, axis=0, mode="nearest")
    quick = gaussian_filter1d(aim, 0.04 * RATE, axis=0, mode="nearest")
    for bone, part in _SHARES:
        turn(local, skeleton, bone, about("z", slow[:, 0] * part), about("x", -slow[:, 1] * part))
    return np.asarray(quick - slow * sum(part for _, part in _SHARES))
