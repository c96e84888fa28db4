"""Faces to vectors: dlib's ResNet descriptor. `matching` compares them."""

from functools import cache
from typing import Any

import dlib
import numpy as np
from kinora_media.image import Rgb

from kinora_faces import assets
from kinora_faces.landmarks import F8, MESH

_FIVE = (263, 362, 33, 133, 2)  # the order of dlib's five points: corners of the eyes, outer first, then under the nose
_CHIP_SIDE, _CHIP_PADDING = 150, 0.25  # what the network was trained on


def face_vector(rgb: Rgb, face: F8) -> F8:
    """The descriptor (128,) of the face at these landmarks. Takes some 60 ms. Raises assets.AssetsMissing."""
    points = dlib.points([dlib.point(round(float(x)), round(float(y))) for x, y in face[list(_FIVE), :2]])
    left, top, right, bottom = (round(float(v)) for v in (*face[:MESH, :2].min(0), *face[:MESH, :2].max(0)))
    placed = dlib.full_object_detection(dlib.rectangle(left, top, right, bottom), points)
    chip = dlib.get_face_chip(np.ascontiguousarray(rgb), placed, _CHIP_SIDE, _CHIP_PADDING)
    return np.array(_network().compute_face_descriptor(chip))


@cache
def _network() -> Any:
    return dlib.face_recognition_model_v1(str(assets.path_of("recogniser.dat")))
