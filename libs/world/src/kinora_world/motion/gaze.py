"""Where people look: at what they act on, at whom they speak with, at whoever speaks; eyes first, then head and neck."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.gesture import window
from kinora_world.motion.track import RATE, Track
from kinora_world.scene import F8

_YAW, _PITCH = np.radians(72), np.radians(38)
Points = Callable[[str], F8 | None]  # (k, 3) stage positions of an eye or prop through the shot


@dataclass(frozen=True, slots=True)
class Glance:
    """Look at `target` from `start` to `end`; later entries of a list win."""

    start: float
    end: float
    target: str
    weight: float = 1.0


def look(skeleton: Skeleton, track: Track, times: F8, glances: list[Glance], points: Points) -> F8:
    """Turn neck and head in `track`; returns what is left for the eyes: yaw (left) and pitch (up), radians (k, 2)."""
    turned, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    eyes = placed[:, skeleton.index("Head")] + [0, 0, 0.07 * skeleton.offsets[0, 2]]
    yaw, pitch, weight = np.zeros(len(times)), np.zeros(len(times)), np.zeros(len(times))
    for glance in glances:
        target = points(glance.target)
        if target is None:
            continue
        way = target - eyes
        local = np.einsum("kji,kj->ki", turned[:, skeleton.index("Spine2")], way)
        share = window(times, glance.start - 0.1, glance.end + 0.25, 0.3, 0.3) * glance.weight
        side, up = np.arctan2(local[:, 0], -local[:, 1]), np.arctan2(local[:, 2], np.hypot(local[:, 0], local[:, 1]))
        share = share * np.clip((2.5 - np.abs(side)) / 0.4, 0, 1) * (np.hypot(way[:, 0], way[:, 1]) > 0.2)
        yaw, pitch, weight = yaw * (1 - share) + side * share, pitch * (1 - share) + up * share, np.maximum(weight, share)
    upright = np.clip((turned[:, skeleton.index("Spine2"), 2, 2] - 0.6) / 0.3, 0, 1)
    aim = np.column_stack([np.clip(yaw, -_YAW, _YAW), np.clip(pitch, -_PITCH, _PITCH)]) * upright[:, None]
    slow = gaussian_filter1d(aim, 0.16 * RATE, axis=0, mode="nearest")
    quick = gaussian_filter1d(aim, 0.05 * RATE, axis=0, mode="nearest")
    for bone, part in (("Neck", 0.34), ("Head", 0.44)):
        turn = qt.times(qt.about("z", slow[:, 0] * part), qt.about("x", -slow[:, 1] * part))
        i = skeleton.index(bone)
        calm = qt.scaled(track.turns[:, i], 1 - 0.5 * weight * upright)  # a recorded head gives way to a purpose
        track.turns[:, i] = qt.times(turn, calm)
    return np.asarray(quick - slow * 0.78)
