"""Movement that starts and stops gently."""

import numpy as np

from kinora_world.scene import F8


def ease(share: F8) -> F8:
    """0..1 with level ends (smootherstep, Perlin 2002)."""
    s = np.clip(share, 0, 1)
    return np.asarray(s * s * s * (s * (s * 6 - 15) + 10))


def averaged(track: F8, reach: int) -> F8:
    """The mean (n,) of each value and those up to `reach` before and after it, by a Hann window; the ends go on as they are."""
    return np.convolve(np.pad(track, reach, mode="edge"), _hann(reach), mode="valid")


def steadied(track: F8, reach: int) -> F8:
    """A track (n, k) without its shaking and without lag, as by an operator who knows what comes; the ends go on as they went."""
    reach = min(reach, len(track) - 1)
    longer = np.pad(track, ((reach, reach), (0, 0)), mode="reflect", reflect_type="odd")
    return np.column_stack([np.convolve(column, _hann(reach), mode="valid") for column in longer.T])


def _hann(reach: int) -> F8:
    weights = np.hanning(2 * reach + 3)[1:-1]
    return np.asarray(weights / weights.sum())


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
