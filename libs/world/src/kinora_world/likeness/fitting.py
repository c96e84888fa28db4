"""A person's face on the parametric head: its shape moves the head's vertices, its skin is laid over them.

Where each of the 468 landmarks lies on the base mesh is kept in `fit.json` (tools/head_fit.py).
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
from scipy.interpolate import LinearNDInterpolator
from scipy.spatial import cKDTree

from kinora_world.assets import BodyData
from kinora_world.likeness.blending import blended
from kinora_world.likeness.package import Likeness
from kinora_world.scene import F4, F8, I4, Portrait

_DEPTH = 0.9  # of the depth that one camera guesses is believed
_NEAREST, _SOFT = 12, 0.004  # landmarks that move a vertex; metres within which they count alike
_FADES = (0.012, 0.06)  # metres from the nearest landmark: moved wholly, not at all
_FACING = (0.05, 0.35)  # cosine to the outward direction: not painted, painted wholly
_EYES = (33, 263, 133, 362)
_RIGID = ("helper-upper-teeth", "helper-lower-teeth", "helper-tongue")  # moved without being bent, as are the eyes
_RIMS = {
    "left-eye": (263, 362, 386, 374, 385, 387, 380, 373),
    "right-eye": (33, 133, 159, 145, 158, 160, 153, 144),
}  # landmarks of the lids
_LID = 0.0008  # metres that lids are thick


def shaped(data: BodyData, vertices: F8, likeness: Likeness) -> F8:
    """The base mesh's vertices (n, 3) of a body, with the person's own face."""
    here = _places(vertices)
    away = _evened(_aligned(likeness, here) - here, here)
    distance, near = cKDTree(here).query(vertices, k=_NEAREST)
    weight = 1 / (distance**2 + _SOFT**2)
    moves = (away[near] * (weight / weight.sum(1, keepdims=True))[..., None]).sum(1) * _fading(distance[:, 0])[:, None]
    for name in _RIGID:
        part = np.unique(data.groups[name])
        moves[part] = moves[part].mean(0)
    for name, rim in _RIMS.items():
        moves[np.unique(data.groups[name])] = away[list(rim)].mean(0)
    return _over_eyes(data, vertices + moves)


def _over_eyes(data: BodyData, vertices: F8) -> F8:
    """Lids lie on the eyeballs, which would stand out between them else."""
    body = np.unique(data.groups["body"])
    for name in _RIMS:
        ball = vertices[np.unique(data.groups[name])]
        middle, radius = (ball.max(0) + ball.min(0)) / 2, float(np.ptp(ball[:, 0])) / 2
        out = vertices[body] - middle
        far = np.linalg.norm(out, axis=1)
        within = (far < radius + _LID) & (out[:, 1] < 0.3 * radius)
        vertices[body[within]] = middle + out[within] * ((radius + _LID) / far[within])[:, None]
    return vertices


def painted(vertices: F8, rest: tuple[F4, F4], skin: I4, likeness: Likeness) -> Portrait:
    """The texture on a finished body: `rest` are its positions and normals (m, 3), of which `skin` are skin; `vertices` the base mesh's."""
    here = _places(vertices)
    axis = float(here[list(_EYES), 1].mean()) + 0.09
    lies = LinearNDInterpolator(_unrolled(here, axis), likeness.uv)
    at = np.zeros((len(rest[0]), 3), np.float32)
    positions, normals = rest[0][skin].astype(np.float64), rest[1][skin].astype(np.float64)
    places = lies(_unrolled(positions, axis))
    angle = np.arctan2(positions[:, 0], axis - positions[:, 1])
    facing = normals[:, 0] * np.sin(angle) - normals[:, 1] * np.cos(angle)
    share = np.clip((facing - _FACING[0]) / (_FACING[1] - _FACING[0]), 0, 1) * np.isfinite(places[:, 0])
    at[skin] = np.column_stack([np.nan_to_num(places), share])
    return Portrait(at, blended(likeness))


def _places(vertices: F8) -> F8:
    """Where the landmarks (468, 3) lie on a body."""
    corners, shares = _fit()
    return np.asarray((vertices[corners] * shares[:, :, None]).sum(1))


def _aligned(likeness: Likeness, here: F8) -> F8:
    """The likeness's landmarks on a head whose own are `here`: turned, sized and placed by least squares (Umeyama, 1991)."""
    there = likeness.landmarks[:, [0, 2, 1]] * (1, 1, -1)
    a, b = there - there.mean(0), here - here.mean(0)
    u, s, vt = np.linalg.svd(b.T @ a)
    flip = np.array([1, 1, np.sign(np.linalg.det(u @ vt))])
    placed = a @ (u * flip @ vt).T * float((s * flip).sum() / (a**2).sum()) + here.mean(0)
    placed[:, 1] = here[:, 1] + _DEPTH * (placed[:, 1] - here[:, 1])
    return np.asarray(placed)


def _evened(away: F8, here: F8) -> F8:
    """Both sides made alike: what one camera guesses differs more between them than faces do."""
    mirror = np.array([-1.0, 1.0, 1.0])
    partner = cKDTree(here * mirror).query(here)[1]
    return np.asarray((away + away[partner] * mirror) / 2)


def _fading(distance: F8) -> F8:
    share = np.clip((_FADES[1] - distance) / (_FADES[1] - _FADES[0]), 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def _unrolled(points: F8, axis: float) -> F8:
    """Angle about an upright axis within the head, and height."""
    return np.column_stack([0.1 * np.arctan2(points[:, 0], axis - points[:, 1]), points[:, 2]])


@cache
def _fit() -> tuple[I4, F8]:
    fields = json.loads(Path(__file__).with_name("fit.json").read_text())
    return np.array(fields["corners"], np.int32), np.array(fields["shares"])
