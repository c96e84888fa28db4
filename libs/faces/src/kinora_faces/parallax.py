"""Does what is on the skin move like a thing with depth? A flat picture, however it is turned, moves by one homography."""

import itertools
from collections.abc import Iterable

import cv2
import numpy as np
from kinora_media.image import Rgb

from kinora_faces.landmarks import F8, MESH, MOUTH, width

_FEWEST = 15
_KEPT = 0.9  # of the residuals: the worst are lost tracks


def residual(frames: Iterable[Rgb], face: F8) -> float:
    """RMS distance, in face widths, of the last frame's tracked texture from the best homography of the first; NaN with too few tracks.

    `face` lies in the first frame; after it no landmark is used, since the mesh would invent depth (Lucas-Kanade tracks, kept where they
    lead back to their beginning).
    """
    grey = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    start = cv2.goodFeaturesToTrack(grey[0], 200, 0.005, 5, mask=_skin(grey[0].shape, face))
    if start is None:
        return float("nan")
    points, good = start.copy(), np.ones(len(start), bool)
    for before, after in itertools.pairwise(grey):
        moved, there, _ = cv2.calcOpticalFlowPyrLK(before, after, points, None, winSize=(17, 17), maxLevel=3)
        back, again, _ = cv2.calcOpticalFlowPyrLK(after, before, moved, None, winSize=(17, 17), maxLevel=3)
        good &= (there.ravel() == 1) & (again.ravel() == 1) & (np.linalg.norm(back - points, axis=2).ravel() < 1)
        points = moved
    if good.sum() < _FEWEST:
        return float("nan")
    here, there = start[good, 0].astype(np.float64), points[good, 0].astype(np.float64)
    plane, _ = cv2.findHomography(here, there, cv2.LMEDS)
    if plane is None:
        return float("nan")
    error = np.sort(np.linalg.norm(cv2.perspectiveTransform(here[None], plane)[0] - there, axis=1))
    return float(np.sqrt(np.mean(error[: int(_KEPT * len(error))] ** 2)) / width(face))


def _skin(shape: tuple[int, ...], face: F8) -> Rgb:
    """The face without its rim, where the background shows, and without the mouth, which moves by itself."""
    mask = np.zeros(shape, np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(face[:MESH, :2].astype(np.int32)), 255)
    mask = cv2.erode(mask, np.ones((7, 7), np.uint8))
    cv2.fillConvexPoly(mask, cv2.convexHull(face[list(MOUTH), :2].astype(np.int32)), 0)
    return np.asarray(mask, np.uint8)
