"""The frame in which likenesses are kept, and how a face is unrolled onto a texture.

The frame: origin between the outer corners of the eyes, one unit between them, x to the picture's right (the person's left), y down,
z away from the camera; the face looks straight ahead.
"""

import numpy as np

from kinora_faces.landmarks import CHIN, F8, FOREHEAD, LEFT_EDGE, MESH, RIGHT_EDGE, axes

_EYES = (33, 263)  # outer corners
_AXIS_BEHIND = 0.35  # of the cylinder, behind the edges of the face
_MARGIN = 0.06  # of the texture, above the forehead and below the chin


def upright(face: F8) -> F8:
    """The mesh (468, 3) of a face (478, 3) in pixels, in the likeness's frame."""
    straight = (face[:MESH] - face[list(_EYES)].mean(0)) @ axes(face)
    return np.asarray(straight / np.linalg.norm(straight[_EYES[0]] - straight[_EYES[1]]))


def unrolled(points: F8, mean: F8) -> F8:
    """Where points (n, 3) of a head, in the likeness's frame and shaped like `mean`, lie on the texture: (n, 2) in 0..1, v down.

    A cylinder about the upright axis behind the face: u goes with the angle, half a turn over the whole width, 0.5 straight ahead; v with
    the height between forehead and chin of `mean`.
    """
    axis = float(mean[[LEFT_EDGE, RIGHT_EDGE], 2].mean()) + _AXIS_BEHIND
    u = 0.5 + np.arctan2(points[:, 0], axis - points[:, 2]) / np.pi
    top, bottom = float(mean[FOREHEAD, 1]), float(mean[CHIN, 1])
    v = _MARGIN + (1 - 2 * _MARGIN) * (points[:, 1] - top) / (bottom - top)
    return np.stack([u, v], axis=1)
