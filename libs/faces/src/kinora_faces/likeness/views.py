"""Which frames of a clip show a person best."""

from dataclasses import dataclass

import cv2
import numpy as np
from kinora_media.image import Rgb
from numpy.typing import NDArray

from kinora_faces import landmarks
from kinora_faces.landmarks import F8, MESH
from kinora_faces.mesh import FaceMesh

_ASIDE_DEG = 22.0  # views beyond show less than they hide: landmarks slip, the far cheek is gone
_CROP = 2.1  # face heights
_LARGEST_CROP = 512  # pixels: five of them and a texture stay below 6 MiB, however noisy
_UP = 0.08  # of the crop: more room above the face than below


class NoFace(ValueError):
    """No frame shows a face from the front."""


@dataclass(frozen=True)
class Frame:
    """One frame with a face: degrees from rest, and how little it blinks, speaks and blurs (more is better)."""

    picture: Rgb
    face: F8
    yaw: float
    pitch: float
    calm: float


def with_face(frames: NDArray[np.uint8]) -> list[Frame]:
    """Every frame in which the face was found. Raises NoFace when none was."""
    with FaceMesh(still=False) as mesh:
        faces = [(frame, found[0]) for frame in frames if (found := mesh.find(frame))]
    if not faces:
        raise NoFace("No face was seen in the clip.")
    turned = np.array([landmarks.angles(landmarks.axes(face))[:2] for _, face in faces])
    eyes = np.array([landmarks.eyes_open(face) for _, face in faces])
    lips = np.array([landmarks.lips_apart(face) for _, face in faces])
    sharp = np.array([_sharpness(frame, face) for frame, face in faces])
    calm = np.minimum(eyes / np.median(eyes), 1) - np.maximum(lips - np.median(lips), 0) * 3 + 0.3 * sharp / sharp.max()
    rest = np.median(turned[:10], axis=0)
    away = turned - rest
    return [Frame(*faces[i], float(away[i, 0]), float(away[i, 1]), float(calm[i])) for i in range(len(faces))]


def frontal(frames: list[Frame], count: int) -> list[Frame]:
    """The calmest frames that look ahead, at most `count`. Raises NoFace."""
    ahead = [frame for frame in frames if abs(frame.yaw) < 5 and abs(frame.pitch) < 5]
    if not ahead:
        raise NoFace("The face never looked straight ahead.")
    return sorted(ahead, key=lambda frame: -frame.calm)[:count]


def aside(frames: list[Frame]) -> list[Frame]:
    """The best frame of each of four directions, as far as the head turned there: left, right, up, down."""
    found = []
    for yaw, pitch in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        far = [(min(yaw * f.yaw + pitch * f.pitch, _ASIDE_DEG), f) for f in frames]
        there = [(turn, f) for turn, f in far if turn > 8 and abs(f.pitch if yaw else f.yaw) < 10]
        if there:
            found.append(max(there, key=lambda pair: pair[0] + 5 * pair[1].calm)[1])
    return found


def five(frames: list[Frame]) -> list[Frame]:
    """Frontal, then those aside; where a direction was not asked for, half a turn in one that was."""
    first, turned = frontal(frames, 1), aside(frames)
    while turned and len(first) + len(turned) < 5:
        widest = max(turned, key=lambda frame: abs(frame.yaw) + abs(frame.pitch))
        share = 0.5 if len(first) + len(turned) == 4 else 0.75
        halfway = min(frames, key=lambda f: abs(f.yaw - share * widest.yaw) + abs(f.pitch - share * widest.pitch) - 20 * f.calm)
        turned.append(halfway)
    return [*first, *turned]


def cropped(frame: Frame) -> tuple[Rgb, F8]:
    """A square around the head, shrunk to _LARGEST_CROP, black where it reaches beyond the picture, and the face within it."""
    low, high = frame.face[:MESH, :2].min(0), frame.face[:MESH, :2].max(0)
    side = round(_CROP * float(high[1] - low[1]))
    corner = np.round((low + high) / 2 - [side / 2, side * (0.5 + _UP)]).astype(int)
    matrix = np.array([[1.0, 0, -corner[0]], [0, 1, -corner[1]]])
    crop, moved = cv2.warpAffine(frame.picture, matrix, (side, side)), frame.face - [corner[0], corner[1], 0]
    if side > _LARGEST_CROP:
        crop, moved = cv2.resize(crop, (_LARGEST_CROP, _LARGEST_CROP), interpolation=cv2.INTER_AREA), moved * (_LARGEST_CROP / side)
    return np.asarray(crop, np.uint8), moved


def _sharpness(rgb: Rgb, face: F8) -> float:
    left, top = np.maximum(face[:MESH, :2].min(0), 0).astype(int)
    right, bottom = face[:MESH, :2].max(0).astype(int)
    part = cv2.cvtColor(np.ascontiguousarray(rgb[top : bottom + 1, left : right + 1]), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(part, cv2.CV_32F).var()) if part.size else 0.0
