"""Finding faces and their landmarks with MediaPipe. Importing this costs 1.5 s: only where pictures are looked at."""

from types import TracebackType
from typing import Any, Self

import cv2
import mediapipe as mp
import numpy as np
from kinora_media.image import Rgb
from numpy.typing import NDArray

from kinora_faces.landmarks import F8

_SIDE = 256  # of the picture in which a face is looked at again
_ROOM = (1.5, 2.0, 2.6)  # face widths


class FaceMesh:
    """`with FaceMesh(still=True) as mesh: faces = mesh.find(rgb)`. Not for use from several threads."""

    def __init__(self, *, still: bool, most: int = 1) -> None:
        """still: pictures have nothing to do with each other; otherwise faces are followed from one to the next."""
        self._mesh: Any = mp.solutions.face_mesh.FaceMesh(
            static_image_mode=still, max_num_faces=most, refine_landmarks=True, min_detection_confidence=0.5
        )

    def find(self, rgb: Rgb) -> list[F8]:
        """Every face's landmarks, the widest face first."""
        height, wide = rgb.shape[:2]
        found = self._mesh.process(np.ascontiguousarray(rgb)).multi_face_landmarks or []
        faces = [np.array([(p.x * wide, p.y * height, p.z * wide) for p in face.landmark]) for face in found]
        return sorted(faces, key=lambda face: -float(np.ptp(face[:, 0])))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._mesh.close()


class FaceDetector:
    """Sees faces that the mesh may miss: small ones, far ones."""

    def __init__(self) -> None:
        self._near, self._far = (mp.solutions.face_detection.FaceDetection(model_selection=model) for model in (0, 1))

    def count(self, rgb: Rgb) -> int:
        """Faces up to some 5 m away."""
        return len(_found(self._far, rgb))

    def sureness(self, rgb: Rgb) -> float:
        """Of the surest face, 0..1, in a picture held at any angle.

        Whatever looks like a face to either model is looked at again, upright and large, at three sizes, and the second best counts: a
        clock resembles a face at one of them.
        """
        views = [np.ascontiguousarray(np.rot90(rgb, turns)) for turns in range(4)]
        seen = [(view, face) for view in views for model in (self._near, self._far) for face in _found(model, view)]
        return max((self._again(view, face) for view, face in seen), default=0.0)

    def _again(self, rgb: Rgb, face: Any) -> float:
        sizes = [[score for found in _found(self._near, _upright(rgb, face, room)) for score in found.score] for room in _ROOM]
        return sorted(max(scores, default=0.0) for scores in sizes)[1]


def _found(model: Any, rgb: Rgb) -> list[Any]:
    return model.process(np.ascontiguousarray(rgb)).detections or []


def _upright(rgb: Rgb, face: Any, room: float) -> Rgb:
    """A square `room` times as wide as the face, its eyes level."""
    height, width = rgb.shape[:2]
    box = face.location_data.relative_bounding_box
    middle = np.array([(box.xmin + box.width / 2) * width, (box.ymin + box.height / 2) * height])
    right, left = (np.array([eye.x * width, eye.y * height]) for eye in face.location_data.relative_keypoints[:2])
    roll = float(np.degrees(np.arctan2(*(left - right)[::-1])))
    placed = cv2.getRotationMatrix2D(middle.tolist(), roll, _SIDE / (room * max(box.width * width, box.height * height)))
    placed[:, 2] += _SIDE / 2 - middle
    return np.asarray(cv2.warpAffine(rgb, placed, (_SIDE, _SIDE), borderValue=(128, 128, 128)), np.uint8)


def person_mask(rgb: Rgb) -> NDArray[np.float32]:
    """How much each pixel belongs to a person, 0..1, shape (height, width)."""
    with mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as segmentation:
        return np.asarray(segmentation.process(np.ascontiguousarray(rgb)).segmentation_mask, np.float32)
