"""How strong a mark may be where, unseen: more in texture, less on plain areas, along lone edges, in the dark and in glare."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

F4 = NDArray[np.float32]
Luma = NDArray[np.uint8]

PLAIN, BUSIEST = 0.45, 4.0  # standard deviations of the mark, in grey levels
_GAIN = 0.28  # grey levels for each grey level of texture
_EDGE = 9  # a lone edge counts as no more texture than this
_NEAR = (7, 7)
_WITHIN = np.ones((5, 5), np.uint8)
_FLAT = 2.0  # grey levels of texture: a place with less is flat
# How faint the mark is at least over the whole picture, in dB below 255, by how much of the picture is flat.
_FLATS, _FAINT_DB = (0.4, 0.58), (44.35, 46.35)


def strength(luma: Luma) -> F4:
    """(height / 4, width / 4): the standard deviation that the mark may have, in grey levels."""
    half = cv2.resize(luma, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    small = cv2.resize(half, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    detail = cv2.min(cv2.absdiff(half, cv2.blur(half, _NEAR)), _EDGE)
    detail = cv2.resize(detail, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA).astype(np.float32)
    texture = cv2.blur(detail, _NEAR)
    loudest = 255 / 10 ** (np.interp(np.mean(texture < _FLAT), _FLATS, _FAINT_DB) / 20)
    texture = cv2.erode(texture, _WITHIN)  # what lies beside texture is plain
    allowed = np.minimum(PLAIN + _GAIN * texture, BUSIEST)
    allowed *= cv2.LUT(cv2.blur(small, _NEAR), _LIGHT)
    return cast("F4", allowed * min(1.0, float(loudest / np.sqrt(np.mean(allowed * allowed)))))


def _light() -> F4:
    """For each grey level: shadows and highlights bear less."""
    level = np.arange(256, dtype=np.float32)
    return cast("F4", np.clip(0.5 + level / 90, 0.5, 1) * np.clip((275 - level) / 60, 0.4, 1))


_LIGHT = _light()
