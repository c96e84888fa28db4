"""Trunk and legs: the segments of a timeline with the gestures' bends, lifted legs and hops laid over them."""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.bearing import bear
from kinora_world.motion.gesture import hops, lay_trunk, lifted, window
from kinora_world.motion.segments import assembled
from kinora_world.motion.spots import size_of
from kinora_world.motion.timeline import Doing, Timeline
from kinora_world.motion.track import Track
from kinora_world.scene import F8

# Metres from a joint of a grown-up to the skin below it.
_THICK = {"Hips": 0.1, "Spine1": 0.11, "Spine2": 0.12, "Head": 0.09, "LeftLeg": 0.055, "RightLeg": 0.055}
GESTURES = ("gesture", "twirl", "ride", "travel", "posture")


def acted(line: Timeline, times: F8, moods: list[tuple[str, float, float]], age_years: float) -> Track:
    """The whole body but for its hands, without feet on the floor and without gaze."""
    track = assembled(line.segments, times)
    bear(track, line.skeleton, times, moods, age_years)
    for doing in line.doings:
        if doing.kind.kind in GESTURES and doing.kind.keys:
            _bend(line, doing, track, times)
    _keep_above(line.skeleton, track)
    return track


def _keep_above(skeleton: Skeleton, track: Track) -> None:
    """Lift a body whose trunk, head or knees would go into the floor."""
    _, placed = skeleton.forward(qt.matrix(track.turns), track.hips + track.shift)
    size = size_of(skeleton)
    deep = np.max([radius * size - placed[:, skeleton.index(bone), 2] for bone, radius in _THICK.items()], axis=0)
    if (deep > 0).any():
        track.hips[:, 2] += gaussian_filter1d(maximum_filter1d(np.maximum(deep, 0), 7), 2.0)


def share_of(doing: Doing, times: F8) -> F8:
    """How far a doing has hold of the body, (k,): from the first moment on when the shot finds one doing it."""
    begin = -1.0 if doing.start <= 0 else doing.start
    return window(times, begin, doing.end)


def during(doing: Doing, times: F8) -> NDArray[np.bool_]:
    return np.asarray((times > doing.start - 0.05) & (times < doing.end + 0.05))


def _bend(line: Timeline, doing: Doing, track: Track, times: F8) -> None:
    near = during(doing, times)
    if not near.any():
        return
    moments = times[near]
    natural, share = doing.natural(moments), share_of(doing, moments)
    part = track.turns[near]
    sink = lay_trunk(part, line.skeleton, doing.kind, natural, share) * line.leg
    track.turns[near] = part
    track.grounded[near] *= 1 - lifted(doing.kind, natural)
    back, left = sink[:, 1], sink[:, 2]
    cos, sin = np.cos(track.heading[near]), np.sin(track.heading[near])
    track.shift[near] += np.column_stack([-sin * back + cos * left, cos * back + sin * left, -sink[:, 0]])
    track.hips[near, 2] += hops(doing.kind, natural) * share * line.leg
