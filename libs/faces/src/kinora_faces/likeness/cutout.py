"""A person or a thing cut out of a picture."""

import cv2
import numpy as np
from kinora_media.image import Rgb
from numpy.typing import NDArray

Mask = NDArray[np.uint8]
"""Shape (height, width): 255 inside, 0 outside, softened between."""

_ROUNDS = 4
_UNSURE = 9  # pixels on either side of a rough outline
_SPECK = 0.02  # of the largest piece


def refined(rgb: Rgb, share: NDArray[np.float32]) -> Mask:
    """A rough mask (0..1) drawn to the picture's own edges (GrabCut, Rother et al. 2004)."""
    inside = (share > 0.5).astype(np.uint8)
    ring = np.ones((_UNSURE, _UNSURE), np.uint8)
    trimap = np.where(inside > 0, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    trimap[cv2.erode(inside, ring) > 0] = cv2.GC_FGD
    trimap[cv2.dilate(inside, ring) == 0] = cv2.GC_BGD
    return grown(rgb, trimap)


def grown(rgb: Rgb, trimap: Mask) -> Mask:
    """GrabCut from OpenCV's four labels; as it was when they name no inside or no outside."""
    labels = trimap.copy()
    sure = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD))
    if sure.any() and not sure.all():
        cv2.setRNGSeed(1)
        cv2.grabCut(rgb, labels, None, np.zeros((1, 65)), np.zeros((1, 65)), _ROUNDS, cv2.GC_INIT_WITH_MASK)
    inside = np.isin(labels, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8) * 255
    return np.asarray(cv2.GaussianBlur(_without_specks(inside), (0, 0), 1.0), np.uint8)


def _without_specks(inside: Mask) -> Mask:
    _, label, about, _ = cv2.connectedComponentsWithStats(inside)
    sizes = about[:, cv2.CC_STAT_AREA]
    specks = sizes < _SPECK * sizes[1:].max(initial=0)
    return np.where(specks[label], 0, inside).astype(np.uint8)
