"""Finding faces and their landmarks with MediaPipe. Importing this costs 1.5 s: only where pictures are looked at."""

from types import TracebackType
from typing import Any, Self

import mediapipe as mp
import numpy as np
from kinora_media.image import Rgb
from numpy.typing import NDArray

from kinora_faces.landmarks import F8


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
    """Counts faces that the mesh may miss: small ones, far ones."""

    def __init__(self) -> None:
        self._detector: Any = mp.solutions.face_detection.FaceDetection(model_selection=1, min_detection_confidence=0.5)

    def count(self, rgb: Rgb) -> int:
        return len(self._detector.process(np.ascontiguousarray(rgb)).detections or [])


def person_mask(rgb: Rgb) -> NDArray[np.float32]:
    """How much each pixel belongs to a person, 0..1, shape (height, width)."""
    with mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0) as segmentation:
        return np.asarray(segmentation.process(np.ascontiguousarray(rgb)).segmentation_mask, np.float32)
