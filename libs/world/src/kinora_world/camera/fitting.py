"""The nearest camera of a given direction that sees given points: exact, without search; and one that keeps up with them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import maximum_filter1d

from kinora_world.camera.smoothing import averaged
from kinora_world.scene import F8


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the picture that points may use, as tangents from its centre: left and bottom are negative."""

    left: float
    right: float
    bottom: float
    top: float


def axes(yaw: float, pitch: float) -> F8:
    """Rows right, up, forward (3, 3). Degrees; yaw 0 looks along +Y from the audience, positive yaw turns the camera to its left."""
    y, p = np.radians(yaw), np.radians(pitch)
    forward = np.array([-np.sin(y) * np.cos(p), np.cos(y) * np.cos(p), np.sin(p)])
    right = np.array([np.cos(y), np.sin(y), 0.0])
    return np.array([right, np.cross(right, forward), forward])


def fit(points: F8, window: Window, lift: float = 0.5) -> F8:
    """Camera position (3,) in the frame of `points` (n, 3: right, up, forward), as far forward as the window allows.

    Left over height is shared out: `lift` 0 keeps the subject at the window's top, 1 at its bottom.
    """
    position: F8 = keep_up([points], window, lift, 0)[0]
    return position


def keep_up(points: Sequence[F8], window: Window, lift: float, reach: int) -> F8:
    """Camera positions (n, 3) by `fit`, of points that change over n times, smooth over `reach` times before and after each."""
    low_x, high_x, low_y, high_y = np.array([_limits(each, window) for each in points]).T
    low_x, low_y, high_x, high_y = hull(low_x, reach), hull(low_y, reach), -hull(-high_x, reach), -hull(-high_y, reach)
    across, tall = window.right - window.left, window.top - window.bottom
    depth = -hull(-np.minimum((high_x - low_x) / across, (high_y - low_y) / tall), reach)
    x = (low_x + window.right * depth + high_x + window.left * depth) / 2
    y0, y1 = low_y + window.top * depth, high_y + window.bottom * depth
    return np.column_stack([x, y0 + (y1 - y0) * lift, depth])


def _limits(points: F8, window: Window) -> tuple[float, float, float, float]:
    """Where the four planes through the window's edges touch the points."""
    right, up, forward = points.T
    low_x, high_x = (right - window.right * forward).max(), (right - window.left * forward).min()
    return low_x, high_x, (up - window.top * forward).max(), (up - window.bottom * forward).min()


def hull(track: F8, reach: int) -> F8:
    """A smooth curve (n,) that is nowhere below the given one: the mean of the highest values around, each of which covers the place."""
    return track if reach == 0 else averaged(maximum_filter1d(track, 2 * reach + 1, mode="nearest"), reach)


def needed(points: F8, eye: F8, frame: F8) -> tuple[float, float]:
    """Largest tangents, sideways and upwards, at which points (n, 3) appear from `eye` with axes `frame`."""
    right, up, forward = ((points - eye) @ frame.T).T
    ahead = np.maximum(forward, 0.05)
    return float(np.abs(right / ahead).max()), float(np.abs(up / ahead).max())
