"""A photo or a screen in front of the camera, turned by hand: flat, or bent around an upright axis."""

import itertools

import cv2
import numpy as np
from kinora_faces.landmarks import F8
from kinora_media.image import Rgb

from kinora_testkit.enrolment.head import FOCAL, HEIGHT, WIDTH, rotation

_SIZE = 0.95
_BEND = np.radians(70)  # between its two edges


def turned(photo: Rgb, yaw: float, pitch: float, roll: float, behind: Rgb) -> Rgb:
    """A homography: what a flat thing does."""
    corners = np.array([[-WIDTH, -HEIGHT, 0], [WIDTH, -HEIGHT, 0], [WIDTH, HEIGHT, 0], [-WIDTH, HEIGHT, 0]], float) / 2
    to = _seen(_SIZE * corners @ rotation(yaw, pitch, roll).T)
    matrix = cv2.getPerspectiveTransform((corners[:, :2] + [WIDTH / 2, HEIGHT / 2]).astype(np.float32), to.astype(np.float32))
    mask = cv2.warpPerspective(np.full((HEIGHT, WIDTH), 255, np.uint8), matrix, (WIDTH, HEIGHT))
    shown = cv2.warpPerspective(photo, matrix, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    return np.where(mask[..., None] > 127, shown, behind)


def curved(photo: Rgb, yaw: float, pitch: float, roll: float, behind: Rgb) -> Rgb:
    """Bent towards the camera's left and right, in narrow flat strips, the nearest last."""
    picture, radius = behind.copy(), WIDTH / _BEND
    around = np.linspace(-_BEND / 2, _BEND / 2, 33)
    strips = sorted(itertools.pairwise(around), key=lambda pair: -abs(sum(pair)))
    for left, right in strips:
        x, z = radius * np.sin([left, right, right, left]), radius * (1 - np.cos([left, right, right, left]))
        y = np.array([-HEIGHT, -HEIGHT, HEIGHT, HEIGHT]) / 2
        to = _seen(_SIZE * np.stack([x, y, z], 1) @ rotation(yaw, pitch, roll).T)
        at = WIDTH / 2 + radius * np.array([left, right, right, left])
        matrix = cv2.getPerspectiveTransform(np.stack([at, y + HEIGHT / 2], 1).astype(np.float32), to.astype(np.float32))
        strip = np.zeros((HEIGHT, WIDTH), np.uint8)
        strip[:, int(at[0]) : int(np.ceil(at[1])) + 1] = 255
        mask = cv2.warpPerspective(strip, matrix, (WIDTH, HEIGHT)) > 127
        picture[mask] = cv2.warpPerspective(photo, matrix, (WIDTH, HEIGHT))[mask]
    return picture


def _seen(points: F8) -> F8:
    away = FOCAL + points[:, 2]
    return np.asarray(points[:, :2] * FOCAL / away[:, None] + [WIDTH / 2, HEIGHT / 2])
