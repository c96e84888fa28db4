"""How strong a mark may be where, unseen: more in texture, less on plain areas, along lone edges, in the dark and in glare."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

F4 = NDArray[np.float32]
Luma = NDArray[np.uint8]

PLAIN, BUSIEST = 0.55, 4.0  # standard deviations of the mark, in grey levels
_GAIN = 0.28  # grey levels for each grey level of texture
_EDGE = 9  # a lone edge counts as no more texture than this
_LOUDEST = 255 / 10 ** (44.4 / 20)  # over the whole picture: 44.4 dB
_NEAR = (7, 7)


def strength(luma: Luma) -> F4:
    """(height / 4, width / 4): the standard deviation that the mark may have, in grey levels."""
    half = cv2.resize(luma, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    small = cv2.resize(half, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    detail = cv2.min(cv2.absdiff(half, cv2.blur(half, _NEAR)), _EDGE)
    detail = cv2.resize(detail, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA).astype(np.float32)
    allowed = np.minimum(PLAIN + _GAIN * cv2.blur(detail, _NEAR), BUSIEST)
    allowed *= _LIGHT[cv2.blur(small, _NEAR)]
    return cast("F4", allowed * min(1.0, _LOUDEST / float(np.sqrt(np.mean(allowed * allowed)))))


def _light() -> F4:
    """For each grey level: shadows and highlights bear less."""
    level = np.arange(256, dtype=np.float32)
    return cast("F4", np.clip(0.5 + level / 90, 0.5, 1) * np.clip((275 - level) / 60, 0.4, 1))


_LIGHT = _light()
