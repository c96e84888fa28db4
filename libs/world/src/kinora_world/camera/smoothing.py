"""Movement that starts and stops gently."""

import numpy as np

from kinora_world.scene import F8


def ease(share: F8) -> F8:
    """0..1 with level ends (smootherstep, Perlin 2002)."""
    s = np.clip(share, 0, 1)
    return np.asarray(s * s * s * (s * (s * 6 - 15) + 10))


def damped(track: F8, step: float, settling: float = 0.55) -> F8:
    """A track (n, k) followed by a critically damped spring that starts at rest on it; `settling` is about its lag in seconds."""
    omega = 2 / settling
    decay = np.exp(-omega * step)
    out = np.empty_like(track)
    position, velocity = track[0].copy(), np.zeros(track.shape[1])
    for index, goal in enumerate(track):
        away = position - goal
        drift = (velocity + omega * away) * step
        velocity = (velocity - omega * drift) * decay
        position = goal + (away + drift) * decay
        out[index] = position
    return out
