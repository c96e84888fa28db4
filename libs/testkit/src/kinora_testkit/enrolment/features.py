"""The parts of a head's relief that move by themselves: jaw and lids."""

from collections.abc import Callable

import numpy as np
from kinora_faces.landmarks import CHIN, F8, MESH, MOUTH_LEFT, MOUTH_RIGHT, UPPER_LIP
from numpy.typing import NDArray

F4 = NDArray[np.float32]
_LOWER_LIP = [78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308]
_LIDS = (
    ([33, 246, 161, 160, 159, 158, 157, 173, 133], [33, 7, 163, 144, 145, 153, 154, 155, 133]),
    ([362, 398, 384, 385, 386, 387, 388, 466, 263], [362, 382, 381, 380, 374, 373, 390, 249, 263]),
)


class Mouth:
    """Opens by lowering what lies under the inner line of the lower lip; the gap is dark."""

    def __init__(self, face: F8, points: F4) -> None:
        self._tall, wide = float(np.ptp(face[:MESH, 1])), float(np.ptp(face[:, 0]))
        left, right = face[MOUTH_LEFT, 0], face[MOUTH_RIGHT, 0]
        line = _line(face, _LOWER_LIP)
        aside = np.abs((points[:, 0] - (left + right) / 2) / ((right - left) / 2))
        below_chin = np.clip(1 - (points[:, 1] - face[CHIN, 1]) / (0.25 * self._tall), 0, 1)
        self._jaw: F4 = (np.sqrt(np.clip(1 - aside**2, 0, 1)) * (points[:, 1] > line(points[:, 0])) * below_chin).astype(np.float32)
        across, self._share = np.meshgrid(np.linspace(left + 2, right - 2, 160), np.linspace(0, 1, 80))
        middle = (across - (left + right) / 2) / ((right - left) / 2)
        self._across, self._top, self._round = across, line(across.ravel()).reshape(across.shape), np.sqrt(np.clip(1 - middle**2, 0, 1))
        self._deep = float(face[UPPER_LIP, 2]) + 0.06 * wide

    def open(self, points: F4, share: float) -> F4:
        """Moves the jaw's points in place; the points (n, 3) of the dark inside."""
        drop = 0.13 * self._tall * share
        if drop < 0.5:
            return np.zeros((0, 3), np.float32)
        points[:, 1] += self._jaw * drop
        down = self._top + self._share * drop * self._round
        return np.stack([self._across, down, np.full_like(down, self._deep)], -1).reshape(-1, 3).astype(np.float32)

    @staticmethod
    def colours(inside: F4) -> NDArray[np.uint8]:
        return np.tile(np.array([[58, 18, 20]], np.uint8), (len(inside), 1))


class Lids:
    """Close by drawing the upper lid's skin down over the eye."""

    def __init__(self, face: F8, points: F4) -> None:
        x, y = points[:, 0], points[:, 1]
        tall = float(np.ptp(face[:MESH, 1]))
        self._drawn, self._ball = np.zeros(len(points), np.float32), np.zeros(len(points), bool)
        for upper, lower in _LIDS:
            top, bottom, fold = _line(face, upper)(x), _line(face, lower)(x), 0.09 * tall
            here = (x > face[upper, 0].min()) & (x < face[upper, 0].max())
            lid = here & (y <= top + 1) & (y > top - fold)
            self._drawn[lid] = (np.clip(1 - (top - y) / fold, 0, 1) * np.maximum(bottom - top, 0))[lid]
            self._ball |= here & (y > top + 1) & (y < bottom)

    def close(self, points: F4, share: float) -> None:
        """Moves the points in place."""
        if share <= 0:
            return
        points[:, 1] += self._drawn * share * 1.05
        points[:, 2] += 3.0 * self._ball - 2.0 * (self._drawn > 1)


def _line(face: F8, ids: list[int]) -> Callable[[NDArray[np.floating]], F8]:
    order = np.argsort(face[ids, 0])
    x, y = face[ids, 0][order], face[ids, 1][order]
    return lambda at: np.asarray(np.interp(at, x, y))
