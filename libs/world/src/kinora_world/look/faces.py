"""What the face's drawing needs to know of a body: where its features rest, how the head is turned, how far the eyes are open."""

from dataclasses import dataclass

import numpy as np

from kinora_world.scene import F4, F8, I4, Body

ADULT_EYES = 0.062  # metres between an adult's eyes


@dataclass(frozen=True, slots=True)
class Face:
    unit: float  # 1 for an adult's face, less for a child's
    ball: float  # metres, radius of an eyeball
    skull: I4  # vertices that move with the head alone
    lids: tuple[tuple[int, int], tuple[int, int]]  # upper and lower lid vertex, left and right
    rims: tuple[float, float]  # heights of the upper and lower rim above the eye's centre, metres of an adult's face


def study(body: Body, skin: I4, eyes: I4) -> Face:
    """Finds the landmarks' vertices among those of skin and eyes."""
    positions = body.rest[0]
    marks = {name: np.asarray(at, np.float64) for name, at in body.landmarks.items()}
    unit = float(np.linalg.norm(marks["eye_left"] - marks["eye_right"])) / ADULT_EYES
    left_eye = positions[eyes[positions[eyes, 0] > 0], 0]
    ball = float(np.ptp(left_eye)) / 2 if len(left_eye) else 0.0148 * unit
    brow = marks["eye_left"][2] + 0.035 * unit
    skull = skin[positions[skin, 2] > brow]
    left, right = (_lids(positions, skin, marks[name], unit) for name in ("eye_left", "eye_right"))
    upper, lower = (float(positions[v, 2] - marks["eye_left"][2]) / unit for v in left)
    return Face(unit, ball, skull[:: max(1, len(skull) // 60)], (left, right), (upper, lower))


def _lids(positions: F4, skin: I4, eye: F8, unit: float) -> tuple[int, int]:
    """The rims of the lids straight above and below the pupil."""
    away = positions[skin] - eye
    ahead = (np.abs(away[:, 0]) < 0.005 * unit) & (away[:, 1] < -0.004 * unit) & (np.abs(away[:, 2]) < 0.02 * unit)
    near, height = skin[ahead], away[ahead, 2]
    above, below = height > 0, height <= 0
    if not (above.any() and below.any()):
        return 0, 0
    return int(near[above][height[above].argmin()]), int(near[below][height[below].argmax()])


def eye_opening(face: Face, rest: F4, posed: F4, turn: F8) -> tuple[float, float]:
    """Left and right, 0 shut to 1 open: how much of the lids' distance at rest is left along its direction. Lids that overlap are shut."""
    left, right = (_opening(rest[up] - rest[down], posed[up] - posed[down], turn) for up, down in face.lids)
    return left, right


def _opening(rest: F4, posed: F4, turn: F8) -> float:
    gap = float(np.linalg.norm(rest))
    if gap < 1e-6:
        return 1.0
    return float(np.clip((turn @ rest @ posed / gap**2 - 0.15) / 0.7, 0, 1))


def head_turn(face: Face, rest: F4, posed: F4) -> F8:
    """Rotation (3, 3) that carries the resting skull onto the posed one (Kabsch, 1976)."""
    if len(face.skull) < 3:
        return np.eye(3)
    a, b = rest[face.skull].astype(np.float64), posed[face.skull].astype(np.float64)
    u, _, vt = np.linalg.svd((a - a.mean(0)).T @ (b - b.mean(0)))
    flip = np.diag([1.0, 1.0, np.sign(np.linalg.det(vt.T @ u.T))])
    return np.asarray(vt.T @ flip @ u.T)
