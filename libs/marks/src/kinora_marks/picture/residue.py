"""What is left of frames when the picture itself is taken away as far as can be: where a mark that every frame carries adds up."""

from collections.abc import Iterable
from typing import cast

import cv2
import numpy as np

from kinora_marks.picture.frames import Frame
from kinora_marks.picture.pattern import F4

SHORTER = 450  # pixels of the shorter side in the search: enough for a mark at 0.4 of its size
_SEGMENT_S = 1.0
_WHOLE = 3.0  # weight of a frame coded without others, which alone is sure to carry the mark afresh
_CLIP = 2.5
_COARSE = 0.0139  # of the shorter side: the deviation of the blur that takes the picture away
_AROUND = 0.058  # of the shorter side: where loudness is evened out


class Residue:
    """Sums by segments of _SEGMENT_S: `sums` (segments, height, width), `weights` and `times` (segments,)."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        sums: dict[int, F4] = {}
        weights: dict[int, float] = {}
        for frame in frames:
            segment = int(frame.time_s / _SEGMENT_S)
            weight = _WHOLE if frame.whole else 1.0
            rest = residue(frame)
            if segment in sums:
                cv2.scaleAdd(rest, weight, sums[segment], dst=sums[segment])
            else:
                sums[segment] = weight * rest
            weights[segment] = weights.get(segment, 0.0) + weight
        self.sums = [sums[segment] for segment in sorted(sums)]
        self.weights = [weights[segment] for segment in sorted(sums)]
        self.spans = [(segment * _SEGMENT_S, (segment + 1) * _SEGMENT_S) for segment in sorted(sums)]

    def mean(self, first: int = 0, last: int | None = None) -> F4:
        """Of some segments, all of them unless told."""
        return cast("F4", (sum(self.sums[first:last]) / np.float32(sum(self.weights[first:last]))).astype(np.float32))


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
