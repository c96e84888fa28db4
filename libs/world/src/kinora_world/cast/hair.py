"""Hair: a shell over the scalp whose border follows a smooth hairline, and for longer hair a curtain that hangs from it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import scipy.sparse as sp
from scipy.spatial import cKDTree

from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface, combined, cut, from_base, hemmed, inflated, normals, smoothed, subdivided
from kinora_world.scene import F8
from kinora_world.storyboard import Character

# The hairline: degrees from the face's middle to height over the eyes, in metres of an adult head.
_ANGLES = (0, 22, 40, 52, 62, 72, 82, 100, 112, 125, 150, 180)
_HEIGHTS = (0.066, 0.066, 0.058, 0.036, 0.002, -0.022, 0.020, 0.030, -0.005, -0.045, -0.075, -0.085)
_VOLUME = {"short": 0.014, "medium": 0.017, "long": 0.017}


def make_hair(character: Character, m: Measures, volume: float) -> Surface | None:
    """None for the bald. `volume` scales thickness."""
    style = character.hair.style
    if style == "bald":
        return None
    cap = _cap(m, _VOLUME[style] * volume, feminine=character.feminine)
    if style == "short":
        return cap
    return combined([cap, _curtain(m, cap, volume, long=style == "long")])


def _polar(points: F8, m: Measures) -> tuple[F8, F8]:
    """Degrees from the front (unsigned) and height over the eyes in adult metres."""
    eye, middle = m.landmarks["eye_left"], _middle(m)
    angle = np.degrees(np.arctan2(np.abs(points[:, 0]), middle[1] - points[:, 1]))
    return angle, (points[:, 2] - eye[2]) / m.face


def _cap(m: Measures, thickness: float, *, feminine: float) -> Surface:
    body = from_base(m.vertices, m.data.groups["body"])
    weights = body.mix @ m.data.weights
    head = np.asarray(weights[:, [m.data.bones.index(b) for b in ("Head", "Neck")]].sum(1)).ravel() > 0.6
    angle, height = _polar(body.positions, m)
    field = np.where(head, height - np.interp(angle, _ANGLES, _HEIGHTS), -0.2)
    scalp = cut(body, np.where(height > 0.105, 0.1, field))
    angle, height = _polar(scalp.positions, m)
    inner = np.clip((height - np.interp(angle, _ANGLES, _HEIGHTS)) / 0.028, 0, 1)
    ears = smoothed(scalp, 14, pinned=inner < 0.02)  # irons out what is left of the ears
    top = 0.55 + 0.45 * np.clip((height - 0.02) / 0.08, 0, 1)
    top *= 1 - 0.45 * np.clip((35 - angle) / 35, 0, 1) * np.clip((0.115 - height) / 0.04, 0, 1)  # flatter over the forehead
    rise = inner * (2 - inner) * top * (1 + 0.25 * feminine)
    wave = 1 + 0.10 * np.sin(scalp.positions[:, 0] / m.face * 130 + 3 * np.sin(scalp.positions[:, 1] / m.face * 45))
    outward = normals(scalp.positions, scalp.triangles)
    sunk = ((ears.positions - scalp.positions) * outward).sum(1)
    lift = np.maximum((0.0012 + thickness * rise * wave) * m.face - sunk, 0)
    return smoothed(replace(ears, positions=ears.positions + outward * lift[:, None]), 1, pinned=inner < 0.02)


def _curtain(m: Measures, cap: Surface, volume: float, *, long: bool) -> Surface:
    """A sheet around the back of the head that leaves the cap over the ears and hangs to the chin or the shoulder blades."""
    eye, chin, neck = (m.landmarks[k] for k in ("eye_left", "chin", "neck"))
    middle = _middle(m)
    bottom = neck[2] - 0.16 * m.unit if long else chin[2] - 0.020 * m.face
    top, leave = eye[2] + 0.085 * m.face, eye[2] + 0.050 * m.face
    angle, height = np.meshgrid(np.radians(np.linspace(38, 322, 73)), np.linspace(top, bottom, 36))
    radius = _radius_of(cap, middle)(angle, np.maximum(height, leave))
    outside = np.clip((top - height) / (0.03 * m.face), 0, 1)
    hang = np.clip((leave - height) / (leave - bottom), 0, 1)
    radius += (0.014 * outside - 0.012) * m.face + 0.018 * min(volume, 1.2) * m.face * np.sin(
        np.pi * np.clip(hang * (1.0 if long else 0.8), 0, 1)
    ) * (hang > 0)
    radius *= 1 + 0.010 * np.sin(angle * 19) * hang
    x, y = np.sin(angle) * radius, middle[1] - np.cos(angle) * radius
    if long:
        behind = (np.abs(x) < 0.16 * m.unit) & (height < chin[2])
        y = np.where(behind, np.maximum(y, _back(m, height) + 0.018 * m.unit), y)
    return _sheet(m, np.stack([x, y, height], -1), angle, neck, chin)


def _middle(m: Measures) -> F8:
    """A point of the head's upright axis."""
    eye = m.landmarks["eye_left"]
    return np.array([0.0, eye[1] + 0.085 * m.face, eye[2]])


def _radius_of(cap: Surface, middle: F8) -> Callable[[F8, F8], F8]:
    """The cap's distance from the head's axis by angle (0 at the front) and height."""
    points = cap.positions
    angle = np.arctan2(points[:, 0], middle[1] - points[:, 1]) % (2 * np.pi)
    radius = np.hypot(points[:, 0], points[:, 1] - middle[1])
    scale = 0.1  # metres that count as much as one radian
    places = np.column_stack([np.concatenate([angle - 2 * np.pi, angle, angle + 2 * np.pi]) * scale, np.tile(points[:, 2], 3)])
    tree, radii = cKDTree(places), np.tile(radius, 3)

    def at(angles: F8, heights: F8) -> F8:
        distance, index = tree.query(np.stack([angles * scale, heights], -1), k=24)
        weight = 1 / (distance + 0.008) ** 2
        return np.asarray((radii[index] * weight).sum(-1) / weight.sum(-1))

    return at


def _sheet(m: Measures, points: F8, angle: F8, neck: F8, chin: F8) -> Surface:
    rows, columns = angle.shape
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1].ravel(), index[:-1, 1:].ravel(), index[1:, :-1].ravel(), index[1:, 1:].ravel()
    triangles = np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)]).astype(np.int32)
    flat = points.reshape(-1, 3)
    follow = np.clip((chin[2] - flat[:, 2]) / max(chin[2] - neck[2] + 0.08 * m.unit, 1e-3), 0, 1) * 0.85
    crown, back = _anchor(m, "Head"), _anchor(m, "Spine2")
    size = len(flat)
    mix = sp.csr_matrix(
        (np.concatenate([1 - follow, follow]), (np.tile(np.arange(size), 2), np.repeat([crown, back], size))), shape=(size, len(m.vertices))
    )
    degrees = np.abs(np.degrees(angle.ravel() - np.pi))  # 0 at the back
    over_eye = (flat[:, 2] - m.landmarks["eye_left"][2]) / m.face
    # The face stays open; below the chin the hair falls behind the shoulders.
    opening = np.interp(over_eye, (-0.40, -0.2, -0.13, -0.07, 0.03, 0.075, 0.1), (62, 74, 100, 116, 122, 138, 150))
    return hemmed(smoothed(cut(Surface(mix, flat, triangles), opening - degrees), 8), 0.006 * m.face)


def _anchor(m: Measures, bone: str) -> int:
    """A vertex that follows one bone alone and no face shape."""
    column = np.asarray(m.data.weights[:, m.data.bones.index(bone)].todense()).ravel().copy()
    column[m.data.face.vertices] = 0
    return int(column.argmax())


def _back(m: Measures, heights: F8) -> F8:
    """How far back the torso and neck reach at each height."""
    body = m.vertices[np.unique(m.data.groups["body"])]
    body = body[np.abs(body[:, 0]) < 0.12 * m.unit]
    levels = np.linspace(heights.min() - 0.02, heights.max() + 0.02, 40)
    reach = [body[np.abs(body[:, 2] - z) < 0.02, 1].max(initial=-9.0) for z in levels]
    return np.asarray(np.interp(heights, levels, reach))


def make_brows(m: Measures) -> Surface:
    """Two tapering strips of skin over the eyes, lifted a little, so they follow the face."""
    eye = m.landmarks["eye_left"]
    centres = m.vertices[m.data.groups["body"]].mean(1)
    near = (np.abs(np.abs(centres[:, 0]) - eye[0]) < 0.04 * m.face) & (np.abs(centres[:, 2] - eye[2] - 0.02 * m.face) < 0.03 * m.face)
    patch = from_base(m.vertices, m.data.groups["body"][near & (centres[:, 1] < eye[1] + 0.03 * m.face)])
    patch = subdivided(subdivided(patch))
    across = (np.abs(patch.positions[:, 0]) - eye[0]) / m.face
    height = (patch.positions[:, 2] - eye[2]) / m.face
    middle = np.interp(across, (-0.022, -0.005, 0.010, 0.027), (0.0178, 0.0205, 0.0215, 0.0165))
    thick = np.interp(across, (-0.024, -0.020, 0.0, 0.014, 0.027), (0.0, 0.0031, 0.0033, 0.0025, 0.0))
    brow = cut(patch, thick - np.abs(height - middle) - 2e-4)
    return inflated(replace(brow), 0.0011 * m.face)
