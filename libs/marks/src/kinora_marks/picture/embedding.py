"""Writing the mark: one pass over luma, before the one encode."""

import cv2
import numpy as np
from kinora_media.planes import Planes

from kinora_marks.keys import KeyRing
from kinora_marks.picture.frames import Luma
from kinora_marks.picture.laying import FINE, Laid
from kinora_marks.picture.masking import strength
from kinora_marks.picture.motion import ZOOMED, Camera, Motion
from kinora_marks.picture.pattern import REFERENCE, Pattern
from kinora_marks.picture.residue import evened, residue
from kinora_marks.picture.search import likest

_FINE = 64  # steps to a grey level of strength
_FAINT = 0.01  # of what is left of a picture


class Marker:
    """Marks frames of one video in their order: `marker = Marker(identity, ring, 1280, 720)`, then `out.frame(marker.mark(planes))`."""

    def __init__(self, identity: int, ring: KeyRing, width: int, height: int) -> None:
        if not 0 <= identity < 2**64:
            raise ValueError(f"An id has 64 bits; {identity} has not.")
        self._shape, self._identity, self._pattern = (height, width), identity, Pattern.of(ring.current, identity)
        self._laid = Laid(self._pattern.tile(identity), width, height)
        self._camera = Camera()
        self._start: Motion | None = None

    def mark(self, planes: Planes) -> Planes:
        """The same picture with its mark; what was given stays as it is."""
        height, width = self._shape
        if planes.shape != (height * 3 // 2, width):
            raise ValueError(f"Planes of {width}x{height} have the shape {(height * 3 // 2, width)}, not {planes.shape}.")
        luma, marked = planes[:height], planes.copy()
        allowed = np.rint(_FINE * strength(luma)).astype(np.int16)
        mark = cv2.resize(allowed, (width, height), interpolation=cv2.INTER_LINEAR)
        cv2.multiply(mark, self._laid.at(self._moved(luma)), dst=mark, scale=1 / (_FINE * FINE))
        cv2.add(luma, mark, dst=marked[:height], dtype=cv2.CV_8U)
        return marked

    def _moved(self, luma: Luma) -> Motion:
        """Where the pattern lies in this picture."""
        moved = self._camera.follow(luma)
        if self._start is None or not 1 / ZOOMED < moved.zoom < ZOOMED:
            self._camera.restart()
            moved, self._start = self._camera.follow(luma), self._best(luma)
        return self._start.then(moved)

    def _best(self, luma: Luma) -> Motion:
        """Of all places where the pattern could start the one where the picture itself looks most like it. A picture that stays then helps
        in reading instead of standing against it; and what marks have in common lies elsewhere in each video.
        """
        rest, key = residue(luma), self._pattern.carriers.key
        # Where there is no picture to speak of, the key decides.
        rest += _FAINT * key.signs(f"picture/start/{self._identity}", rest.size).reshape(rest.shape)
        row, column = likest(self._pattern, self._pattern.carriers.written(self._identity), evened(rest))
        middle = [(side - 1) / 2 / min(self._shape) for side in self._shape]
        return Motion(1.0, column / REFERENCE - middle[1], row / REFERENCE - middle[0])
