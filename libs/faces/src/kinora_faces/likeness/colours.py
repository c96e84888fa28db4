"""The colours of skin, hair and clothes, as hex triplets."""

import cv2
import numpy as np
from kinora_media.image import Rgb
from numpy.typing import NDArray

from kinora_faces.landmarks import CHIN, F8, FOREHEAD, LEFT_EDGE, MESH, RIGHT_EDGE

_CHEEKS = (50, 280, 101, 330, 151, 9, 205, 425)  # without beard, brows and shadow, as far as a face has such places
_TONES = 3


def skin(rgb: Rgb, face: F8) -> str:
    """The median of spots on cheeks and forehead."""
    reach = max(2, round(0.03 * np.ptp(face[:MESH, 0])))
    spots = [_around(rgb, face[spot, :2], reach) for spot in _CHEEKS]
    return _hex(np.median(np.concatenate(spots), axis=0))


def hair(rgb: Rgb, face: F8, person: NDArray[np.uint8]) -> str:
    """What lies above and beside the face and belongs to the person: hair, or what covers it; the skin's own tone where nothing does."""
    wide, tall = np.ptp(face[:MESH, 0]), np.ptp(face[:MESH, 1])
    down, across = np.mgrid[: rgb.shape[0], : rgb.shape[1]]
    beside = (across > face[LEFT_EDGE, 0] - 0.35 * wide) & (across < face[RIGHT_EDGE, 0] + 0.35 * wide)
    above = (down > face[FOREHEAD, 1] - 0.5 * tall) & (down < face[LEFT_EDGE, 1])
    hull = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(face[:MESH, :2].astype(np.int32)), 255)
    apart = cv2.dilate(hull, np.ones((7, 7), np.uint8)) == 0
    found = rgb[beside & above & apart & (person > 200)]
    return _tones(found)[0] if len(found) > 50 else skin(rgb, face)


def clothes(rgb: Rgb, face: F8, person: NDArray[np.uint8]) -> tuple[str, ...]:
    """Up to three, the most frequent first; none when no clothes are in the picture."""
    below = round(face[CHIN, 1] + 0.35 * np.ptp(face[:MESH, 1]))
    found = rgb[below:][person[below:] > 200]
    return _tones(found) if len(found) > 200 else ()


def main_tones(rgb: Rgb, mask: NDArray[np.uint8]) -> tuple[str, ...]:
    return _tones(rgb[mask > 200])


def _tones(pixels: NDArray[np.uint8]) -> tuple[str, ...]:
    """Cluster centres in CIE Lab, the largest first; those of a tenth at least."""
    if not len(pixels):
        return ()
    some = pixels[:: max(1, len(pixels) // 5000)].reshape(1, -1, 3)
    lab = cv2.cvtColor(np.ascontiguousarray(some), cv2.COLOR_RGB2LAB).reshape(-1, 3).astype(np.float32)
    cv2.setRNGSeed(1)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 20, 1.0)
    count = min(_TONES, len(lab))
    _, label, centre = cv2.kmeans(lab, count, None, stop, 2, cv2.KMEANS_PP_CENTERS)
    sizes = np.bincount(label.ravel(), minlength=count)
    order = [i for i in np.argsort(-sizes) if sizes[i] >= len(lab) / 10]
    back = cv2.cvtColor(centre[order].round().astype(np.uint8).reshape(1, -1, 3), cv2.COLOR_LAB2RGB).reshape(-1, 3)
    return tuple(_hex(tone) for tone in back)


def _around(rgb: Rgb, at: F8, reach: int) -> NDArray[np.uint8]:
    x, y = (round(float(v)) for v in at)
    return rgb[max(0, y - reach) : y + reach + 1, max(0, x - reach) : x + reach + 1].reshape(-1, 3)


def _hex(colour: NDArray[np.floating] | NDArray[np.uint8]) -> str:
    return "#" + "".join(f"{round(float(part)):02x}" for part in colour)
