"""Details of a picture that are found again when it was cropped, mirrored, framed or partly covered: where SIFT sees the strongest blobs
(D. Lowe, Int. J. Computer Vision 60, 2004), with the PDQ hash of what lies around each.
"""

from collections.abc import Iterator
from typing import NamedTuple

import cv2
import numpy as np

from kinora_marks.prints.pdq import Luma, Pdq, pdq

_AROUND = 10  # sides of a patch to the blob's diameter
_SMALLEST, _LARGEST = 0.15, 0.5  # of the picture's shorter side: what is left of most crops, and is in them
_POOREST = 50  # quality


class Place(NamedTuple):
    """Middle and side of a square patch, in heights of the picture, from its left upper corner."""

    x: float
    y: float
    side: float


class Patch(NamedTuple):
    place: Place
    pdq: Pdq


def patches(luma: Luma, count: int) -> list[Patch]:
    """At most so many, the clearest first."""
    found: list[Patch] = []
    for place in _apart(luma, count * 3):
        seen = pdq(_cut(luma, place))
        if seen.quality >= _POOREST:
            found.append(Patch(place, seen))
        if len(found) == count:
            break
    return found


def _apart(luma: Luma, count: int) -> list[Place]:
    """Places that do not show much the same."""
    chosen: list[Place] = []
    for place in _blobs(luma):
        if all(
            abs(place.x - other.x) + abs(place.y - other.y) > 0.3 * place.side or not 0.7 < place.side / other.side < 1.4
            for other in chosen
        ):
            chosen.append(place)
        if len(chosen) == count:
            break
    return chosen


def _blobs(luma: Luma) -> Iterator[Place]:
    height, width = luma.shape
    points = cv2.SIFT.create(contrastThreshold=0.02, edgeThreshold=8).detect(luma, None)
    for point in sorted(points, key=lambda point: (-point.response, point.pt)):
        side = _AROUND * point.size
        x, y = point.pt
        inside = min(x, y, width - x, height - y) >= side / 2
        if inside and _SMALLEST <= side / min(height, width) <= _LARGEST:
            yield Place(x / height, y / height, side / height)


def _cut(luma: Luma, place: Place) -> Luma:
    height = luma.shape[0]
    side = max(round(place.side * height), 1)
    return np.asarray(cv2.getRectSubPix(luma, (side, side), (place.x * height, place.y * height)), np.uint8)
