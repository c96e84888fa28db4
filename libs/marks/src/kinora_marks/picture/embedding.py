"""Writing the mark: one pass over luma, before the one encode."""

import cv2
from kinora_media.planes import Planes

from kinora_marks.keys import KeyRing
from kinora_marks.picture.masking import strength
from kinora_marks.picture.pattern import Pattern


class Marker:
    """Marks the frames of one video: `marker = Marker(identity, ring, 1280, 720)`, then `out.frame(marker.mark(planes))`."""

    def __init__(self, identity: int, ring: KeyRing, width: int, height: int) -> None:
        if not 0 <= identity < 2**64:
            raise ValueError(f"An id has 64 bits; {identity} has not.")
        self._plane = Pattern(ring.current).plane(identity, width, height)

    def mark(self, planes: Planes) -> Planes:
        """The same picture with its mark; what was given stays as it is."""
        height, width = self._plane.shape
        if planes.shape != (height * 3 // 2, width):
            raise ValueError(f"Planes of {width}x{height} have the shape {(height * 3 // 2, width)}, not {planes.shape}.")
        allowed = cv2.resize(strength(planes[:height]), (width, height), interpolation=cv2.INTER_LINEAR)
        marked = planes.copy()
        cv2.add(planes[:height], cv2.multiply(allowed, self._plane, dst=allowed), dst=marked[:height], dtype=cv2.CV_8U)
        return marked
