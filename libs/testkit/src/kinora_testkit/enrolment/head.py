"""A portrait as a relief that can be turned before a camera.

Axes: x right, y down, z away from the camera, in pixels of the portrait. Points of the relief are splatted far to near.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from kinora_faces.landmarks import CHIN, F8, LEFT_EDGE, MESH, OVAL, RIGHT_EDGE
from kinora_faces.mesh import FaceMesh, person_mask
from kinora_media.image import Rgb
from numpy.typing import NDArray
from scipy.interpolate import LinearNDInterpolator

from kinora_testkit.enrolment.features import Lids, Mouth

WIDTH, HEIGHT = 480, 360
FOCAL = 525.0
_FACE_WIDTH = 135
F4 = NDArray[np.float32]


@dataclass(frozen=True)
class Pose:
    """Degrees as in `kinora_faces.landmarks.angles`; mouth and eyes from 0 (at rest) to 1 (wide open, shut); shift in pixels."""

    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    mouth: float = 0.0
    shut: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    nearer: float = 1.0


def rotation(yaw: float, pitch: float, roll: float) -> F8:
    t, p, r = np.radians([-yaw, -pitch, roll])
    about_y = np.array([[np.cos(t), 0, np.sin(t)], [0, 1, 0], [-np.sin(t), 0, np.cos(t)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), -np.sin(p)], [0, np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    return np.asarray(about_y @ about_x @ about_z)


class Head:
    """One person, ready to be rendered at any pose up to some 35°."""

    def __init__(self, portrait: Rgb) -> None:
        with FaceMesh(still=True) as mesh:
            face = mesh.find(portrait)[0]
            scale = _FACE_WIDTH / np.ptp(face[:, 0])
            x, y = face[list(OVAL), :2].mean(0)
            placed = np.array([[scale, 0, WIDTH / 2 - scale * x], [0, scale, 0.45 * HEIGHT - scale * y]])
            self.portrait = cv2.warpAffine(portrait, placed, (WIDTH, HEIGHT), flags=cv2.INTER_AREA, borderMode=cv2.BORDER_REPLICATE)
            self.face = mesh.find(self.portrait)[0]
        depth, skin = _relief(self.face)
        self.centre_z = float(depth[skin].mean())
        self._points, self._colours = _points(self.portrait, depth, skin, person_mask(self.portrait) > 0.5)
        self._turning = _turning(self.face, self._points)
        self._pivot = _pivot(self.face)
        self._mouth, self._lids = Mouth(self.face, self._points), Lids(self.face, self._points)

    def render(self, pose: Pose, background: Rgb) -> Rgb:
        points, colours, turning = self._points.copy(), self._colours, self._turning
        self._lids.close(points, pose.shut)
        inside = self._mouth.open(points, pose.mouth)
        if len(inside):
            points, colours = np.concatenate([points, inside]), np.concatenate([colours, Mouth.colours(inside)])
            turning = np.concatenate([turning, np.ones(len(inside), np.float32)])
        turned = (points - self._pivot) @ rotation(pose.yaw, pose.pitch, pose.roll).T.astype(np.float32) + self._pivot
        points += (turned - points) * turning[:, None]
        return _splat(points, colours, pose, self.centre_z, background)


def _relief(face: F8) -> tuple[F4, NDArray[np.bool_]]:
    """Depth of every pixel: the mesh inside the face, falling away around it."""
    across, down = np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))
    depth = LinearNDInterpolator(face[:MESH, :2], face[:MESH, 2])(across, down)
    skin = np.isfinite(depth)
    away, label = cv2.distanceTransformWithLabels((~skin).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL)
    nearest = np.zeros(label.max() + 1)
    nearest[label[skin]] = depth[skin]
    around = cv2.GaussianBlur(nearest[label].astype(np.float32), (0, 0), 4)
    full = np.where(skin, depth, around + np.minimum(1.1 * away, 0.55 * np.ptp(face[:, 0]))).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(full, (0, 0), 1.5)), skin


def _points(portrait: Rgb, depth: F4, skin: NDArray[np.bool_], person: NDArray[np.bool_]) -> tuple[F4, NDArray[np.uint8]]:
    """Positions and colours: twice as dense on the face as elsewhere, so that a turned cheek has no holes."""
    size = (2 * WIDTH, 2 * HEIGHT)
    across, down = np.meshgrid(np.arange(size[0]) / 2, np.arange(size[1]) / 2)
    dense = cv2.resize(cv2.dilate(skin.astype(np.uint8), np.ones((13, 13), np.uint8)), size, interpolation=cv2.INTER_NEAREST) > 0
    dense[::2, ::2] = True
    chosen = dense & (cv2.resize((person | skin).astype(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0)
    fine = cv2.resize(portrait, size, interpolation=cv2.INTER_CUBIC)
    points = np.stack([across[chosen], down[chosen], cv2.resize(depth, size)[chosen]], 1)
    return points.astype(np.float32), fine[chosen]


def _turning(face: F8, points: F4) -> F4:
    """How far each point goes along with the head: wholly above the chin, less and less down the neck."""
    return np.asarray(np.clip(1 - (points[:, 1] - face[CHIN, 1]) / (0.55 * np.ptp(face[:MESH, 1])), 0, 1), np.float32)


def _pivot(face: F8) -> F4:
    edge = face[list(OVAL)]
    behind = edge[:, 2].mean() + 0.1 * np.ptp(face[:, 0])
    return np.array([edge[:, 0].mean(), face[[LEFT_EDGE, RIGHT_EDGE], 1].mean(), behind], np.float32)


def _splat(points: F4, colours: NDArray[np.uint8], pose: Pose, centre_z: float, background: Rgb) -> Rgb:
    away = FOCAL / pose.nearer + points[:, 2] - centre_z
    x = np.rint((points[:, 0] - WIDTH / 2) * FOCAL / away + WIDTH / 2 + pose.shift[0]).astype(np.int32)
    y = np.rint((points[:, 1] - HEIGHT / 2) * FOCAL / away + HEIGHT / 2 + pose.shift[1]).astype(np.int32)
    seen = (x >= 0) & (x < WIDTH) & (y >= 0) & (y < HEIGHT)
    rank = np.clip(32768 - 64 * points[seen, 2], 0, 65535).astype(np.uint16)  # 16 bits sort in linear time
    order = np.argsort(rank, kind="stable")
    at = (y[seen] * WIDTH + x[seen])[order]
    picture, covered = np.zeros((HEIGHT * WIDTH, 3), np.uint8), np.zeros(HEIGHT * WIDTH, np.uint8)
    picture[at], covered[at] = colours[seen][order], 1
    return _composed(picture.reshape(HEIGHT, WIDTH, 3), covered.reshape(HEIGHT, WIDTH), background)


def _composed(picture: Rgb, covered: NDArray[np.uint8], background: Rgb) -> Rgb:
    """Holes filled from around them, the outline softened."""
    whole = cv2.morphologyEx(covered, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    for reach in (3, 7, 13):
        hole = (whole > 0) & (covered == 0)
        if not hole.any():
            break
        weight = cv2.blur(covered.astype(np.float32), (reach, reach))
        mean = cv2.blur(picture.astype(np.float32) * covered[..., None], (reach, reach))
        fill = hole & (weight > 0)
        picture[fill] = (mean[fill] / weight[fill][:, None]).astype(np.uint8)
        covered[fill] = 1
    share = cv2.GaussianBlur(whole.astype(np.float32), (5, 5), 0)[..., None] * whole[..., None]
    return np.asarray(picture * share + background * (1 - share), np.uint8)
