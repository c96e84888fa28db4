"""Where a sound is heard from: left or right, near or far."""

from collections.abc import Callable

import numpy as np

from kinora_world.scene import F4, F8, SAMPLE_RATE, View

_STEP_S = 0.05
_WIDTH = 0.8  # how far to the side the very edge goes; 1 would leave the other ear empty


def heard(position: F8, view: View) -> tuple[float, float]:
    """(pan -1..1, distance in metres) of a stage position (3,) for a camera."""
    eye, target = np.asarray(view.eye, float), np.asarray(view.target, float)
    ahead = target - eye
    right = np.cross(ahead, (0.0, 0.0, 1.0))
    right /= np.linalg.norm(right) or 1.0
    offset = np.asarray(position, float) - eye
    distance = float(np.linalg.norm(offset))
    return float(np.clip(offset @ right / max(distance, 1e-6), -1, 1)), distance


def gains(pan: F8, level: F8) -> F8:
    """(n, 2) left and right gains of constant power."""
    angle = (np.clip(pan * _WIDTH, -1, 1) + 1) * np.pi / 4
    return np.stack([np.cos(angle), np.sin(angle)], axis=-1) * np.asarray(level)[..., None]


def placed(sound: F4 | F8, where: Callable[[float], tuple[float, float]], loudness: Callable[[float], float]) -> F8:
    """A mono sound of a moving source as (n, 2). `where(seconds into it)` gives (pan, distance), `loudness(distance)` a gain."""
    seconds = np.arange(0, len(sound) / SAMPLE_RATE + _STEP_S, _STEP_S)
    track = [where(float(t)) for t in seconds]
    ears = gains(np.array([pan for pan, _ in track]), np.array([loudness(d) for _, d in track]))
    clock = np.arange(len(sound)) / SAMPLE_RATE
    curve = np.stack([np.interp(clock, seconds, ears[:, ear]) for ear in (0, 1)], axis=-1)
    return np.asarray(curve * sound[:, None])
