"""A residue straightened again, as if a picture had been filmed from the front and held upright."""

from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kinora_marks.picture.pattern import F4

F8 = NDArray[np.float64]

_AWAY = 2.0  # widths: from where a tilted picture is taken to be seen


class Pose(NamedTuple):
    """Degrees: turned clockwise, and tilted about the upright and the level line through the middle."""

    turned: float = 0.0
    tilted: float = 0.0
    leaning: float = 0.0


UPRIGHT = Pose()


def straightened(rest: F4, pose: Pose) -> F4:
    """Turned and tilted back; what lay outside is 0."""
    if pose == UPRIGHT:
        return rest
    height, width = rest.shape
    middle = np.array((width - 1, height - 1)) / 2
    corners = np.array([(x, y) for x in (-0.5, 0.5) for y in (-0.5, 0.5)]) * (width, height)
    seen = _seen(corners, np.radians(pose[1:]), _AWAY * width) @ _turn(pose.turned) + middle
    matrix = cv2.getPerspectiveTransform(seen.astype(np.float32), (corners + middle).astype(np.float32))
    return cast("F4", cv2.warpPerspective(rest, matrix, (width, height)))


def _seen(corners: F8, angles: F8, away: float) -> F8:
    """Where points of a tilted plane appear: (points, 2), from the middle."""
    return corners * np.cos(angles) / (1 + corners @ np.sin(angles)[:, None] / away)


def _turn(degrees: float) -> F8:
    angle = np.radians(degrees)
    return np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
