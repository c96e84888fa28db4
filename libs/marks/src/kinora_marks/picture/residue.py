"""What is left of frames when the picture itself is taken away as far as can be: where a mark that every frame carries adds up."""

from collections.abc import Iterable
from typing import cast

import cv2
import numpy as np

from kinora_marks.picture.frames import Frame
from kinora_marks.picture.pattern import F4

SHORTER = 450  # pixels of the shorter side in the search: enough for a mark at 0.4 of its size
_SEGMENT_S = 1.0
# Weights of a whole frame that are tried. It alone is sure to carry the mark afresh: after a hard encode of a fast pan the others show it
# displaced, after a gentle one each is a look of its own.
MIXES = (4.0, 16.0, 1.0)
_CLIP = 2.5
_COARSE = 0.0139  # of the shorter side: the deviation of the blur that takes the picture away
_AROUND = 0.058  # of the shorter side: where loudness is evened out


class Residue:
    """Sums over segments of _SEGMENT_S, of frames coded by others and of whole ones apart; `spans` are the segments' seconds."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        sums: dict[int, list[F4]] = {}
        counts: dict[int, list[int]] = {}
        shape = None
        for frame in frames:
            rest, segment = residue(frame), int(frame.time_s / _SEGMENT_S)
            shape = shape or rest.shape
            if rest.shape != shape:
                rest = cv2.resize(rest, shape[::-1])  # a clip may change its size on the way
            total = sums.setdefault(segment, [np.zeros_like(rest), np.zeros_like(rest)])[frame.whole]
            cv2.add(total, rest, dst=total)
            counts.setdefault(segment, [0, 0])[frame.whole] += 1
        self._sums, self._counts = list(sums.values()), list(counts.values())
        self.spans = [(segment * _SEGMENT_S, (segment + 1) * _SEGMENT_S) for segment in sums]

    def mean(self, weight: float = MIXES[0], only: int | None = None) -> F4:
        """Of all segments or only one; a whole frame counts `weight` times."""
        chosen = slice(None) if only is None else slice(only, only + 1)
        total = sum(weight * whole + others for others, whole in self._sums[chosen])
        count = sum(weight * whole + others for others, whole in self._counts[chosen])
        return cast("F4", (total / np.float32(count)).astype(np.float32))


def residue(frame: Frame) -> F4:
    """(height, width) with SHORTER as the shorter side; about 0, of deviation 1 at most, 0 where the picture is plain."""
    scale = SHORTER / min(frame.luma.shape)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    luma = cv2.resize(frame.luma, None, fx=scale, fy=scale, interpolation=way).astype(np.float32)
    around = _odd(_AROUND * SHORTER)
    luma -= _blurred(luma)
    power = cv2.blur(cv2.multiply(luma, luma), (around, around))
    loudness = cv2.sqrt(cv2.max(power, 0)) + 2  # sums of squares may be rounded below 0
    return cast("F4", np.clip(cv2.divide(luma, loudness, dst=luma), -_CLIP, _CLIP, out=luma))


def _blurred(luma: F4) -> F4:
    """Three boxes are near to a Gaussian and cost a tenth of it."""
    side = _odd(2 * _COARSE * SHORTER)
    return cast("F4", cv2.blur(cv2.blur(cv2.blur(luma, (side, side)), (side, side)), (side, side)))


def _odd(size: float) -> int:
    return 2 * int(size / 2) + 1
