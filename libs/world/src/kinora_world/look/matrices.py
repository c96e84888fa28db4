"""Camera and light matrices, acting on column vectors, for OpenGL's clip space."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kinora_world.scene import F8, View

NEAR, FAR = 0.1, 900.0


def look_at(eye: F8, target: F8) -> F8:
    """World to camera; Z is up in the world, the camera looks along its -Z."""
    forward = (target - eye) / max(float(np.linalg.norm(target - eye)), 1e-9)
    side = np.cross(forward, (0.0, 0.0, 1.0) if abs(forward[2]) < 0.999 else (0.0, 1.0, 0.0))
    side /= np.linalg.norm(side)
    matrix = np.eye(4)
    matrix[:3, :3] = side, np.cross(side, forward), -forward
    matrix[:3, 3] = -matrix[:3, :3] @ eye
    return matrix


def perspective(fov: float, aspect: float, near: float = NEAR, far: float = FAR) -> F8:
    """`fov` is vertical, in degrees; `aspect` is width over height."""
    focal = 1 / np.tan(np.radians(fov) / 2)
    matrix = np.zeros((4, 4))
    matrix[0, 0], matrix[1, 1] = focal / aspect, focal
    matrix[2, 2], matrix[2, 3] = (far + near) / (near - far), 2 * far * near / (near - far)
    matrix[3, 2] = -1
    return matrix


def orthographic(half: float, near: float, far: float) -> F8:
    matrix = np.eye(4)
    matrix[0, 0] = matrix[1, 1] = 1 / half
    matrix[2, 2], matrix[2, 3] = -2 / (far - near), -(far + near) / (far - near)
    return matrix


@lru_cache(8)
def view_projection(view: View, aspect: float) -> F8:
    """Stage to clip space."""
    return (
        perspective(view.fov, aspect) @ rolled(view.roll) @ look_at(np.asarray(view.eye, np.float64), np.asarray(view.target, np.float64))
    )


def rolled(degrees: float) -> F8:
    """Tips the camera so that the picture turns clockwise."""
    angle = np.radians(degrees)
    matrix = np.eye(4)
    matrix[:2, :2] = (np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))
    return matrix


def column_major(matrix: NDArray[np.floating[Any]]) -> bytes:
    return np.asarray(matrix.T, np.float32).tobytes(order="C")


def on_screen(corners: F8, view_projection: F8, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """The rectangle of pixels (x, y, width, height) that holds the space between corners (n, 3), or all if some are behind the eye."""
    at = np.column_stack([corners, np.ones(len(corners))]) @ view_projection.T
    if len(at) and at[:, 3].min() < NEAR:
        return (0, 0, *size)
    place = (at[:, :2] / at[:, 3:] * 0.5 + 0.5) * size
    low = np.clip(np.floor(place.min(0, initial=np.inf)), 0, size)
    high = np.clip(np.ceil(place.max(0, initial=-np.inf)), low, size)
    x, y, right, top = (int(v) for v in (*low, *high))
    return x, y, right - x, top - y


def pixel_size(view: View, at: F8, height: int) -> float:
    """Metres that a pixel of a picture `height` pixels high measures at a place (3,) of the stage."""
    away = float(np.linalg.norm(at - np.asarray(view.eye, np.float64)))
    return 2 * away * float(np.tan(np.radians(view.fov) / 2)) / height
