"""How the camera moves: a mark that moves with the picture costs an encoder next to nothing, and what follows the picture adds it up again.

Writer and reader both estimate the motion from what they see: the writer to lay the mark, the reader to sum frames. So nothing about it has
to be kept. Points of a grid are followed (B. D. Lucas, T. Kanade, "An iterative image registration technique", IJCAI 1981) and what most
of them agree on is taken (M. A. Fischler, R. C. Bolles, "Random sample consensus", Comm. ACM 24, 1981).
"""

from functools import lru_cache
from typing import NamedTuple, cast

import cv2
import numpy as np
from numpy.typing import NDArray

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
Luma = NDArray[np.uint8]

ZOOMED = 1.25  # a mark that has grown or shrunk so far with the picture starts anew
_SHORTER = 180  # pixels of the shorter side in which points are followed
_APART = 20  # pixels between points
_AGREE = 0.5  # pixels
_FEWEST = 14  # points that could be followed, of which a share must agree; else the camera is taken to stand still
_SHARE, _SURE, _LITTLE = 0.6, 0.9, 0.15  # nearly all where it moves by few pixels: falling snow and a crowd are no camera
_ENOUGH = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 10, 0.02)  # turns, pixels


class Motion(NamedTuple):
    """A point p of the picture, from its middle, in shorter sides, goes to zoom * p + (across, down)."""

    zoom: float = 1.0
    across: float = 0.0
    down: float = 0.0

    def then(self, later: "Motion") -> "Motion":
        return Motion(later.zoom * self.zoom, later.zoom * self.across + later.across, later.zoom * self.down + later.down)

    def undone(self) -> "Motion":
        return Motion(1 / self.zoom, -self.across / self.zoom, -self.down / self.zoom)

    def matrix(self, source: tuple[int, ...], target: tuple[int, ...], unit: float) -> F8:
        """(2, 3), for warps of pixels between pictures of these shapes (height, width), whose middles lie on each other before the motion;
        `unit` is the shorter side of what moves, in pixels.
        """
        middle = [((side - 1) / 2, (other - 1) / 2) for side, other in zip(source[::-1], target[::-1], strict=True)]
        shifts = [there + move * unit - self.zoom * here for (here, there), move in zip(middle, self[1:], strict=True)]
        return np.array([[self.zoom, 0, shifts[0]], [0, self.zoom, shifts[1]]])


STILL = Motion()


class Camera:
    """Follows pictures as they are shown to it."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        self._before: Luma | None = None
        self._moved = STILL

    def follow(self, luma: Luma) -> Motion:
        """From the first picture to this one."""
        now = _small(luma)
        if self._before is not None and self._before.shape == now.shape:
            self._moved = self._moved.then(_between(self._before, now))
        self._before = now
        return self._moved


def _small(luma: Luma) -> Luma:
    """Halved as often as can be: OpenCV does that many times faster than anything between."""
    while min(luma.shape) >= 2 * _SHORTER:
        luma = cast("Luma", cv2.resize(luma, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA))
    scale = _SHORTER / min(luma.shape)
    return cast("Luma", cv2.resize(luma, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR))


def _between(before: Luma, after: Luma) -> Motion:
    points = _grid(*before.shape)
    followed, status, _ = cv2.calcOpticalFlowPyrLK(
        before, after, points, np.empty_like(points), winSize=(11, 11), criteria=_ENOUGH, minEigThreshold=1e-3
    )
    seen = status.ravel() == 1
    if np.count_nonzero(seen) < _FEWEST:
        return STILL
    middle = (np.array(before.shape[::-1], np.float32) - 1) / 2
    matrix, agreed = cv2.estimateAffinePartial2D(points[seen] - middle, followed[seen] - middle, ransacReprojThreshold=_AGREE, maxIters=200)
    if matrix is None or np.mean(agreed) < (_SURE if np.hypot(*matrix[:, 2]) < _LITTLE else _SHARE):
        return STILL
    return Motion(float(np.hypot(*matrix[:, 0])), *(float(part) / _SHORTER for part in matrix[:, 2]))


@lru_cache(maxsize=4)
def _grid(height: int, width: int) -> F4:
    """(points, 1, 2)."""
    across, down = (np.linspace(_APART / 2, side - _APART / 2, max(2, side // _APART)) for side in (width, height))
    return np.stack(np.meshgrid(across, down), -1).reshape(-1, 1, 2).astype(np.float32)
