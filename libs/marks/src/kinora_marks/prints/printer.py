"""Fingerprints taken while a film goes by."""

from collections.abc import Iterator
from math import gcd
from typing import NamedTuple

import cv2
import numpy as np
from kinora_media.planes import Planes
from numpy.typing import NDArray

from kinora_marks.prints.bars import inside
from kinora_marks.prints.chromaprint import RATE, Words, words
from kinora_marks.prints.patches import Place, patches
from kinora_marks.prints.pdq import Luma, pdq
from kinora_marks.resampling import resampled

EVERY_S = 0.5
_SOONEST_S = 0.1  # after the one before, however much is cut
_DETAILED = 2  # of so many pictures one is looked at in detail
_SIDE = 256  # pixels of the longer side: more than the hash sees
_CUT = 24  # mean change of luma from frame to frame
_POOREST = 50  # quality: below it pictures are blank or nearly so, and alike whatever they show


class PicturePrint(NamedTuple):
    """How a picture looks at `at_s` seconds: 32 bytes of PDQ and its quality (0 to 100), of all of it or of the patch at `place`."""

    at_s: float
    bits: bytes
    quality: int
    place: Place | None = None


class Prints(NamedTuple):
    """Pictures in order of time; blank ones are left out."""

    pictures: tuple[PicturePrint, ...]
    sound: Words


class Printer:
    """Collects during one pass: `picture` for every frame, `sound` for every stretch of sound, `finish` once.

    So many `details` are kept of a picture a second: a few of a film that is kept, more of one that is looked up. Both sides of what was
    looked at stay in memory, 37 kB a picture and 4 bytes a sample.
    """

    def __init__(self, *, details: int = 8) -> None:
        self._details = details
        self._last_s, self._before = float("-inf"), np.zeros(0, np.int16)
        self._pictures: list[tuple[float, Luma]] = []
        self._samples: list[NDArray[np.float32]] = []
        self._rate = RATE

    def picture(self, at_s: float, planes: Planes) -> None:
        """The frame at so many seconds, later than the one before."""
        self.luma(at_s, planes[: planes.shape[0] * 2 // 3])

    def luma(self, at_s: float, luma: Luma) -> None:
        """The same of its luma alone, of shape (height, width)."""
        cut, since_s = self._is_cut(luma), at_s - self._last_s + 1e-3
        if since_s >= EVERY_S or (cut and since_s >= _SOONEST_S):
            self._last_s = at_s
            self._pictures.append((at_s, self._small(luma)))

    def sound(self, samples: NDArray[np.float32], rate: int) -> None:
        """The next stretch, shape (samples, channels) or (samples,), values from -1 to 1; always of the same rate, in hertz."""
        self._rate = rate
        self._samples.append(samples.mean(1) if samples.ndim == 2 else samples)

    def finish(self) -> Prints:
        """What was seen and heard; the same for the same input."""
        return Prints(tuple(self._seen()), words(self._heard()))

    def _is_cut(self, luma: Luma) -> bool:
        rows, columns = (np.linspace(0, side - 1, 24).astype(int) for side in luma.shape)
        now, before = luma[np.ix_(rows, columns)].astype(np.int16).ravel(), self._before
        self._before = now
        return len(before) > 0 and float(np.abs(now - before).mean()) > _CUT

    def _small(self, luma: Luma) -> Luma:
        """Of the same shape as the first."""
        height, width = self._pictures[0][1].shape if self._pictures else luma.shape
        scale = min(1.0, _SIDE / max(height, width))
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        return np.asarray(cv2.resize(luma, size, interpolation=cv2.INTER_AREA), np.uint8)

    def _seen(self) -> Iterator[PicturePrint]:
        if not self._pictures:
            return
        rows, columns = inside([luma for _, luma in self._pictures])
        for number, (at_s, luma) in enumerate(self._pictures):
            shown = np.ascontiguousarray(luma[rows, columns])
            whole = pdq(shown)
            if whole.quality < _POOREST:
                continue
            yield PicturePrint(at_s, *whole)
            if number % _DETAILED == 0:
                yield from (PicturePrint(at_s, *seen, place) for place, seen in patches(shown, self._details))

    def _heard(self) -> NDArray[np.int16]:
        if not self._samples:
            return np.zeros(0, np.int16)
        shared = gcd(RATE, self._rate)
        mono = resampled(np.concatenate(self._samples), RATE // shared, self._rate // shared)
        heard: NDArray[np.int16] = (np.clip(mono, -1, 1) * 32767).astype(np.int16)
        return heard
