"""A pattern laid over pictures of one size, wherever the camera has moved them."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kinora_marks.picture.motion import Motion
from kinora_marks.picture.pattern import F4, REFERENCE, TILE

I2 = NDArray[np.int16]
FINE = 256  # steps to one standard deviation of the pattern: whole numbers are laid, added and multiplied in half the time
_SPARE = 24  # pixels around the picture that are laid too, so that small moves need no new laying
_ZOOM = 0.002  # a change of zoom that needs none either: 1.3 pixels at the edge of 1280


class Laid:
    """Of a (TILE, TILE) tile, for pictures of `width` x `height` pixels."""

    def __init__(self, tile: F4, width: int, height: int) -> None:
        self._shape, self._unit = (height, width), min(width, height)
        rows, columns = (int(np.ceil(side / self._unit * REFERENCE / TILE)) for side in (height, width))
        size = [round(count * TILE * self._unit / REFERENCE) for count in (columns, rows)]
        tiles = cv2.resize(np.tile(tile, (rows, columns)), size, interpolation=cv2.INTER_CUBIC)
        self._tiles = np.rint(FINE * tiles).astype(np.int16)
        self._lie(Motion())

    def at(self, motion: Motion) -> I2:
        """(height, width), in steps of 1 / FINE: with a tile's corner in the middle and moved so. It is only to be read, and only until the
        next call.
        """
        left, top = (round((there - here) * self._unit) for here, there in zip(motion[1:], self._motion[1:], strict=True))
        if max(abs(left), abs(top)) > _SPARE or abs(motion.zoom / self._motion.zoom - 1) > _ZOOM:
            self._lie(motion)
            left = top = 0
        height, width = self._shape
        return cast("I2", self._lying[_SPARE + top : _SPARE + top + height, _SPARE + left : _SPARE + left + width])

    def _lie(self, motion: Motion) -> None:
        self._motion = motion
        height, width = (side + 2 * _SPARE for side in self._shape)
        matrix = motion.matrix((1, 1), (height, width), self._unit)
        self._lying = cv2.warpAffine(self._tiles, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
