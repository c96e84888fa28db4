"""What is left of pictures when the picture itself is taken away as far as can be."""

from typing import cast

import cv2
import numpy as np
import scipy.fft

from kinora_marks.picture.frames import Luma
from kinora_marks.picture.pattern import F4

SHORTER = 450  # pixels of the shorter side in the search: enough for a mark at 0.4 of its size
_CLIP = 2.5
_COARSE = 0.0139  # of the shorter side: the deviation of the blur that takes the picture away
_AROUND = 0.058  # of the shorter side: where loudness is evened out
_EVENED = (15, 11)  # pixels around, in the first and the second turn
_LOUDEST = 1.6  # deviations
_LIKE = 9  # coefficients around: what is periodic in a picture is louder than they


def residue(luma: Luma) -> F4:
    """(height, width) with SHORTER as the shorter side; about 0, of deviation 1 at most, 0 where the picture is plain."""
    scale = SHORTER / min(luma.shape)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    rest = cv2.resize(luma, None, fx=scale, fy=scale, interpolation=way).astype(np.float32)
    rest -= _blurred(rest)
    loudness = _loudness(rest, _odd(_AROUND * SHORTER)) + 2
    return cast("F4", np.clip(cv2.divide(rest, loudness, dst=rest), -_CLIP, _CLIP, out=rest))


def evened(total: F4) -> F4:
    """Of summed residues what is no more loud anywhere, neither at a place nor at a frequency: edges and lines of a picture that stays do
    not drown the mark. Twice, as each undoes some of the other.
    """
    for around in _EVENED:
        total = _whitened(_levelled(total, around))
    return total


def _levelled(rest: F4, around: int) -> F4:
    loudness = _loudness(rest, around)
    loudness += 0.3 * float(loudness.mean())
    return cast("F4", np.clip(rest / np.maximum(loudness, 1e-6), -_LOUDEST, _LOUDEST))


def _whitened(rest: F4) -> F4:
    spectrum = scipy.fft.rfft2(rest)
    power = cv2.blur((spectrum.real**2 + spectrum.imag**2).astype(np.float32), (_LIKE, _LIKE))
    spectrum /= np.sqrt(power + 0.01 * power.mean() + 1e-6)
    return cast("F4", scipy.fft.irfft2(spectrum, s=rest.shape).astype(np.float32))


def _loudness(rest: F4, around: int) -> F4:
    """Sums of squares may be rounded below 0."""
    return cast("F4", cv2.sqrt(cv2.max(cv2.blur(cv2.multiply(rest, rest), (around, around)), 0)))


def _blurred(luma: F4) -> F4:
    """Three boxes are near to a Gaussian and cost a tenth of it."""
    side = _odd(2 * _COARSE * SHORTER)
    return cast("F4", cv2.blur(cv2.blur(cv2.blur(luma, (side, side)), (side, side)), (side, side)))


def _odd(size: float) -> int:
    return 2 * int(size / 2) + 1
