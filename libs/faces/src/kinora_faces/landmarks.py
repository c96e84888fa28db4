"""MediaPipe's face mesh: which landmark is where, and what can be read off a face's landmarks.

A face is float64 (478, 3) in pixels: x right, y down, z away from the camera (MediaPipe scales z like x). Left and right of the names
are the picture's.
"""

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]

MESH = 468  # the rest are irises
FOREHEAD, CHIN, LEFT_EDGE, RIGHT_EDGE = 10, 152, 234, 454
UPPER_LIP, LOWER_LIP, MOUTH_LEFT, MOUTH_RIGHT = 13, 14, 78, 308
EYES = ((33, 160, 158, 133, 153, 144), (362, 385, 387, 263, 373, 380))  # corner, two above, corner, two below
MOUTH = (61, 291, 0, 17, 405, 181, 39, 269)
OVAL = (
    10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132,
    93, 234, 127, 162, 21, 54, 103, 67, 109,
)  # fmt: skip
# Pairs that mirror each other on parts of the face that neither speech nor expression moves: corners of the eyes, temples, edges, brows.
_PAIRS = ((33, 263), (133, 362), (127, 356), (234, 454), (54, 284), (67, 297), (109, 338), (116, 345), (50, 280))
_UPRIGHT = ((10, 2), (151, 2), (9, 2), (8, 1), (168, 1))  # from the forehead down to the nose


def axes(face: F8) -> F8:
    """The head's rotation matrix: its columns are the head's right (in the picture), down and away, in camera axes."""
    right = np.mean([face[b] - face[a] for a, b in _PAIRS], axis=0)
    right /= np.linalg.norm(right)
    down = np.mean([face[b] - face[a] for a, b in _UPRIGHT], axis=0)
    down -= right * (down @ right)
    down /= np.linalg.norm(down)
    return np.stack([right, down, np.cross(right, down)], axis=1)


def angles(rotation: F8) -> F8:
    """Yaw, pitch, roll in degrees: yaw is positive with the nose to the picture's right (the person's own left), pitch with the nose up."""
    nose = -rotation[:, 2]
    yaw, pitch = np.arctan2(nose[0], -nose[2]), np.arctan2(-nose[1], np.hypot(nose[0], nose[2]))
    return np.degrees([yaw, pitch, np.arctan2(rotation[1, 0], rotation[0, 0])])


def width(face: F8) -> float:
    return float(np.ptp(face[:MESH, 0]))


def lips_apart(face: F8) -> float:
    """The gap between the lips, in lengths from the forehead to between the eyes."""
    return float(np.linalg.norm(face[UPPER_LIP, :2] - face[LOWER_LIP, :2]) / np.linalg.norm(face[FOREHEAD, :2] - face[168, :2]))


def eyes_open(face: F8) -> float:
    """The eye aspect ratio of Soukupová and Čech (2016), mean of both eyes."""

    def far(a: int, b: int) -> float:
        return float(np.linalg.norm(face[a, :2] - face[b, :2]))

    return sum((far(e[1], e[5]) + far(e[2], e[4])) / (2 * far(e[0], e[3])) for e in EYES) / 2
