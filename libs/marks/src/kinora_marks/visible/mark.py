"""The mark, laid over pictures on their way to the encoder."""

from typing import Any

import numpy as np
from kinora_media.planes import Planes, planes
from numpy.typing import NDArray

from kinora_marks.visible.brand import KINORA, Brand
from kinora_marks.visible.lettering import lettering
from kinora_marks.visible.wandering import place

_Layer = tuple[NDArray[np.uint16], NDArray[np.uint16]]  # what is left of the picture of 256, and what is added to it times 256


class VisibleMark:
    """For pictures of one size with even sides. `credit` names the maker, "@ada"; it may be empty."""

    def __init__(self, credit: str, width: int, height: int, brand: Brand = KINORA) -> None:
        drawn = lettering(credit, brand, width, height)[: height // 2 * 2, : width // 2 * 2]
        self._picture, self.size = (width, height), (drawn.shape[1], drawn.shape[0])
        coloured, rows = planes(np.ascontiguousarray(drawn[..., :3])), drawn.shape[0]
        covered = drawn[..., 3].astype(np.float32) / 255
        halved = covered.reshape(rows // 2, 2, -1, 2).mean(axis=(1, 3))
        chroma = coloured[rows:].reshape(2, rows // 2, -1)
        self._layers = _layer(covered, coloured[:rows]), _layer(halved, chroma[0]), _layer(halved, chroma[1])

    def put(self, pictured: Planes, at_s: float) -> Planes:
        """The same picture, `at_s` seconds from the beginning, with the mark; what was given stays as it is."""
        width, height = self._picture
        if pictured.shape != (height * 3 // 2, width):
            raise ValueError(f"Planes of {width}x{height} have the shape {(height * 3 // 2, width)}, not {pictured.shape}.")
        marked = pictured.copy()
        left, top = place(at_s, self._picture, self.size)
        chroma = marked[height:].reshape(2, height // 2, width // 2)
        _lay(self._layers[0], marked[:height], left, top)
        _lay(self._layers[1], chroma[0], left // 2, top // 2)
        _lay(self._layers[2], chroma[1], left // 2, top // 2)
        return marked


def _layer(covered: NDArray[np.floating[Any]], values: NDArray[np.uint8]) -> _Layer:
    share = np.rint(covered * 256).astype(np.uint16)
    return 256 - share, share * values.astype(np.uint16) + np.uint16(128) * (share < 256)


def _lay(layer: _Layer, plane: NDArray[np.uint8], left: int, top: int) -> None:
    kept, added = layer
    beneath = plane[top : top + kept.shape[0], left : left + kept.shape[1]]
    beneath[...] = (beneath * kept + added) >> 8
