"""Whose face is it: vectors of 128 numbers (`recogniser.face_vector`), near each other when they are of one person.

Seen with this alignment: one person within 30° of yaw 0.29 on the mean, 0.51 at most; two people 0.58 at least. Vectors of faces turned
less than FRONTAL_DEG are averaged before they are compared.
"""

from collections.abc import Sequence

import numpy as np

from kinora_faces.landmarks import F8

SAME = 0.5
FRONTAL_DEG = (18.0, 22.0)  # yaw, pitch


def distance(one: Sequence[float] | F8, other: Sequence[float] | F8) -> float:
    """Euclidean."""
    return float(np.linalg.norm(np.asarray(one) - np.asarray(other)))


def same_person(one: Sequence[float] | F8, other: Sequence[float] | F8) -> bool:
    return distance(one, other) < SAME
