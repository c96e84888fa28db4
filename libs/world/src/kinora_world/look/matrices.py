"""Camera and light matrices, acting on column vectors, for OpenGL's clip space."""

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
