"""Two-bone limbs: where elbow or knee goes, and rotations that aim a bone."""

import numpy as np

from kinora_world.cast.skeleton import unit
from kinora_world.scene import F8


def bend(reach: F8, pole: F8, upper: float, lower: float) -> tuple[F8, F8]:
    """Unit directions (k, 3) of both bones so that they span `reach` (k, 3) with the joint towards `pole` (k, 3).

    Too far a reach is shortened to the limb, too near a one lengthened.
    """
    distance = np.clip(np.linalg.norm(reach, axis=-1), abs(upper - lower) + 0.02 * upper, 0.9995 * (upper + lower))
    along = unit(reach)
    aside = unit(pole - along * (pole * along).sum(-1, keepdims=True))
    cosine = np.clip((upper**2 + distance**2 - lower**2) / (2 * upper * distance), -1, 1)[..., None]  # law of cosines
    first = along * cosine + aside * np.sqrt(1 - cosine**2)
    return first, unit(along * distance[..., None] - first * upper)


def frames(along: F8, beside: F8) -> F8:
    """Right-handed axes (..., 3, 3) in columns: `along`, what is left of `beside`, their cross product."""
    first = unit(along)
    second = unit(beside - first * (first * beside).sum(-1, keepdims=True))
    return np.stack([first, second, np.cross(first, second)], -1)


def aimed(bone: F8, side: F8, direction: F8, beside: F8) -> F8:
    """Rotations (k, 3, 3) that take a canonical bone (3,) and side axis (3,) to `direction` and `beside` (k, 3)."""
    return frames(direction, beside) @ frames(bone, side).T
