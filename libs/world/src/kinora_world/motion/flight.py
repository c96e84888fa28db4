"""Who has left the ground flies as a thrown stone does: the centre of mass on a parabola from take-off to landing."""

import numpy as np

from kinora_world.cast.skeleton import Skeleton
from kinora_world.motion import quaternion as qt
from kinora_world.motion.clips import ground_points
from kinora_world.motion.mass import centre
from kinora_world.motion.track import RATE, Track
from kinora_world.scene import F8

GRAVITY = 9.81
_CLEAR = 0.03  # metres that everything is above the ground in flight
_SHORTEST = round(0.12 * RATE)  # samples
_NATURAL = (0.35, 2.2)  # shares of gravity: what flies slower or faster than that was never meant to be a leap


def fly(skeleton: Skeleton, track: Track) -> None:
    """Corrects the hips of `track` wherever the body is in the air. Takes off and lands where it did."""
    heights, _ = ground_points(skeleton, track.turns, track.hips)
    lowest = heights.min(1)
    _, placed = skeleton.forward(qt.matrix(track.turns), track.hips)
    weight = centre(lambda name: placed[:, skeleton.index(name)])
    for first, last in _flights(lowest):
        path = weight[first : last + 1]
        times = np.arange(len(path)) / RATE
        if _NATURAL[0] * GRAVITY < -2 * float(np.polyfit(times, path[:, 2], 2)[0]) < _NATURAL[1] * GRAVITY:
            off = parabola(path[0], path[-1], times) - path
            off[:, 2] = np.maximum(off[:, 2], -lowest[first : last + 1])  # nobody flies through the ground
            track.hips[first : last + 1] += off


def parabola(start: F8, end: F8, times: F8) -> F8:
    """(n, 3) from start to end under gravity alone; `times` (n,) begin at 0."""
    share = (times / times[-1])[:, None]
    path = start * (1 - share) + end * share
    path[:, 2] += GRAVITY / 2 * times * (times[-1] - times)
    return np.asarray(path)


def _flights(lowest: F8) -> list[tuple[int, int]]:
    """First and last sample of every stretch in the air, both still on the ground's edge; none that the shot cuts off."""
    up = np.concatenate([[0], (lowest > _CLEAR).astype(int), [0]])
    starts, ends = np.flatnonzero(np.diff(up) == 1), np.flatnonzero(np.diff(up) == -1)
    return [(int(a) - 1, int(b)) for a, b in zip(starts, ends, strict=True) if b - a >= _SHORTEST and a > 0 and b < len(lowest)]
