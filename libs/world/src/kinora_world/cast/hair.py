"""Hair: a shell over the scalp whose border follows a smooth hairline, and for longer hair a curtain that hangs from it."""

from dataclasses import replace

import numpy as np
import scipy.sparse as sp

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
    return combined([cap, _curtain(m, volume, long=style == "long")])


def _polar(points: F8, m: Measures) -> tuple[F8, F8]:
    """Degrees from the front (unsigned) and height over the eyes in adult metres."""
    eye = m.landmarks["eye_left"]
    middle = eye[1] + 0.085 * m.face
    angle = np.degrees(np.arctan2(np.abs(points[:, 0]), middle - points[:, 1]))
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
    rise = inner * (2 - inner) * top * (1 + 0.25 * feminine)
    wave = 1 + 0.10 * np.sin(scalp.positions[:, 0] / m.face * 130 + 3 * np.sin(scalp.positions[:, 1] / m.face * 45))
    outward = normals(scalp.positions, scalp.triangles)
    sunk = ((ears.positions - scalp.positions) * outward).sum(1)
    lift = np.maximum((0.0012 + thickness * rise * wave) * m.face - sunk, 0)
    return smoothed(replace(ears, positions=ears.positions + outward * lift[:, None]), 1, pinned=inner < 0.02)


def _curtain(m: Measures, volume: float, *, long: bool) -> Surface:
    """A sheet around the back of the head, from under the crown down to the chin or the shoulder blades."""
    eye, chin, crown, neck = (m.landmarks[k] for k in ("eye_left", "chin", "crown", "neck"))
    middle = np.array([0.0, eye[1] + 0.085 * m.face, eye[2]])
    bottom = neck[2] - 0.16 * m.unit if long else chin[2] - 0.025 * m.face
    angles, heights = np.radians(np.linspace(38, 322, 73)), np.linspace(eye[2] + 0.062 * m.face, bottom, 34)
    grid_angle, grid_height = np.meshgrid(angles, heights)
    wide, deep = _head_radii(m, middle)
    swell = 0.97 + (0.19 * volume) * np.clip((eye[2] + 0.062 * m.face - grid_height) / (0.1 * m.face), 0, 1) ** 0.7
    dome = np.sqrt(
        np.clip(1 - np.clip((grid_height - eye[2] - 0.02 * m.face) / (crown[2] + 0.012 - eye[2] - 0.02 * m.face), 0, 1) ** 2.4, 0.0, 1)
    )
    hang = np.clip((eye[2] - grid_height) / (eye[2] - bottom), 0, 1)
    swell *= 1 - 0.10 * hang * hang
    x = np.sin(grid_angle) * wide * dome * swell
    y = middle[1] - np.cos(grid_angle) * deep * dome * swell
    y = np.maximum(
        y,
        np.where(np.abs(x) < 0.16 * m.unit, _back(m, grid_height) + 0.018 * m.unit, -9) * (grid_height < chin[2])
        - 9 * (grid_height >= chin[2]),
    )
    ripple = 1 + 0.012 * np.sin(grid_angle * 19) * hang
    points = np.stack([x * ripple, middle[1] + (y - middle[1]) * ripple, grid_height], -1)
    return _sheet(m, points, grid_angle, neck, chin)


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
    return hemmed(smoothed(cut(Surface(mix, flat, triangles), opening - degrees), 3), 0.007 * m.face, 0.003 * m.face)


def _anchor(m: Measures, bone: str) -> int:
    """A vertex that follows one bone alone and no face shape."""
    column = np.asarray(m.data.weights[:, m.data.bones.index(bone)].todense()).ravel().copy()
    column[m.data.face.vertices] = 0
    return int(column.argmax())


def _head_radii(m: Measures, middle: F8) -> tuple[float, float]:
    weight = np.asarray(m.data.weights[:, m.data.bones.index("Head")].todense()).ravel()
    body = np.unique(m.data.groups["body"])
    head = m.vertices[body[weight[body] > 0.6]]
    over = head[(head[:, 2] > middle[2] + 0.04 * m.face)]
    return float(np.abs(over[:, 0]).max()) + 0.012 * m.face, float(over[:, 1].max() - middle[1]) + 0.012 * m.face


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
