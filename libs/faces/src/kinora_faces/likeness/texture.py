"""A face's skin unrolled onto the layout, blended from several views."""

from collections.abc import Sequence
from functools import cache

import cv2
import numpy as np
from kinora_media.image import Rgb
from numpy.typing import NDArray

from kinora_faces.landmarks import F8, MESH, axes
from kinora_faces.likeness.geometry import upright
from kinora_faces.likeness.layout import SIDE, layout

F4 = NDArray[np.float32]
_SHARPNESS = 6  # power of the weight: the view that sees a spot best prevails, seams stay soft
_ASLANT, _SQUARE = 0.25, 0.6  # cosines: skin seen more aslant is not seen, from the other on surely


def texture(views: Sequence[tuple[Rgb, F8]]) -> tuple[Rgb, NDArray[np.uint8]]:
    """The texture (SIDE, SIDE, 3) and how surely each spot was seen, 0-255, from pictures and the faces (478, 3) in them.

    Where nothing was seen lies the face's mean colour.
    """
    triangle, shares = _texels()
    corners = layout().triangles[triangle]
    total, weights, best = np.zeros((SIDE, SIDE, 3)), np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    level = _mean_colour(views[0])
    for picture, face in views:
        places = np.einsum("hwc,hwcd->hwd", shares, face[corners, :2]).astype(np.float32)
        seen = cv2.remap(picture, places[..., 0], places[..., 1], cv2.INTER_LINEAR).astype(np.float64)
        cosine = np.einsum("hwc,hwc->hw", shares, _facing(face)[corners])
        weight = np.maximum(cosine, 1e-3) ** _SHARPNESS
        total += weight[..., None] * np.clip(seen * level / _mean_colour((picture, face)), 0, 255)
        weights, best = weights + weight, np.maximum(best, cosine)
    sure = np.clip((best - _ASLANT) / (_SQUARE - _ASLANT), 0, 1) * (triangle >= 0)
    sure = np.minimum(sure, cv2.GaussianBlur(cv2.erode(sure, np.ones((9, 9))), (0, 0), 4))[..., None]
    blended = sure * total / weights[..., None] + (1 - sure) * level
    return blended.astype(np.uint8), np.asarray(255 * sure[..., 0], np.uint8)


@cache
def _texels() -> tuple[NDArray[np.int32], F4]:
    """For each texel its triangle, -1 outside, and its barycentric coordinates in it (SIDE, SIDE, 3)."""
    uv, triangles = layout().uv * SIDE, layout().triangles
    index = np.full((SIDE, SIDE), -1, np.int32)
    for number, corners in enumerate(triangles):
        cv2.fillConvexPoly(index, np.round(uv[corners] * 16 - 8).astype(np.int32), number, shift=4)
    down, across = np.mgrid[:SIDE, :SIDE] + 0.5
    a, b, c = (uv[triangles[index, corner]] for corner in range(3))
    whole, here = _area(b - a, c - a), np.stack([across, down], -1)
    whole = np.where(np.abs(whole) < 1e-9, 1e-9, whole)
    second, third = _area(here - a, c - a) / whole, _area(b - a, here - a) / whole
    shares = np.clip(np.stack([1 - second - third, second, third], -1), 0, 1)
    return index, (shares / shares.sum(-1, keepdims=True)).astype(np.float32)


def _area(one: F8, other: F8) -> F8:
    """Twice the signed area between vectors (…, 2)."""
    return np.asarray(one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0])


def _facing(face: F8) -> F8:
    """How squarely the camera sees the skin at each landmark: the cosine (468,), 0 where it looks away."""
    seen = upright(face) @ axes(face).T  # turned back as the camera sees it
    normals, turned = _normals(layout().positions), _normals(seen)
    turned *= np.where(normals[:, 2:] > 0, -1, 1)  # Delaunay's triangles have no common direction: towards the camera is outward
    at = np.zeros((MESH, 3))
    for corner in range(3):
        np.add.at(at, layout().triangles[:, corner], turned)
    return np.asarray(np.clip(-at[:, 2] / np.maximum(np.linalg.norm(at, axis=1), 1e-12), 0, 1))


def _normals(points: F8) -> F8:
    """Of each triangle, as long as its area."""
    a, b, c = (points[layout().triangles[:, corner]] for corner in range(3))
    return np.asarray(np.cross(b - a, c - a))


def _mean_colour(view: tuple[Rgb, F8]) -> F8:
    """Of the face: it differs a little from frame to frame."""
    picture, face = view
    mask = np.zeros(picture.shape[:2], np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(face[:MESH, :2].astype(np.int32)), 255)
    return np.asarray(np.maximum(cv2.mean(picture, mask)[:3], 1.0), np.float64)
