"""Glasses, goggles and patches: rims around the eyes, a bridge, and temples to the ears."""

import numpy as np

from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import Solid, joined, on_bone, tube
from kinora_world.cast.surface import Surface
from kinora_world.cast.wardrobe import Eyewear
from kinora_world.scene import F8

# Half-width, half-height, squareness (a superellipse's exponent), rim's radius, an adult's metres.
_SHAPES = {
    "square": (0.025, 0.018, 4.5, 0.0021),
    "round": (0.0225, 0.0225, 2.0, 0.0012),
    "aviator": (0.0255, 0.02, 2.6, 0.0014),
    "goggles": (0.034, 0.026, 3.0, 0.006),
    "patch": (0.024, 0.022, 2.2, 0.0012),
}
_TURN = np.linspace(0, 2 * np.pi, 24, endpoint=False)


def make_eyewear(entry: Eyewear, m: Measures) -> tuple[Surface, Surface | None]:
    """The frame, and dark lenses where it has them."""
    rims = [_rim(entry, m, sign) for sign in ((1.0,) if entry.shape == "patch" else (1.0, -1.0))]
    thick = _SHAPES[entry.shape][3] * m.face
    frame = [tube(rim, np.full(len(rim), thick), 5, closed=True) for rim in rims]
    frame += [_temple(entry, m, sign) for sign in (1.0, -1.0)]
    if entry.shape != "patch":
        frame.append(_bridge(entry, m, rims))
    lenses = joined([_lens(rim) for rim in rims]) if entry.lens == "dark" else None
    return on_bone(joined(frame), m, "Head"), on_bone(lenses, m, "Head") if lenses else None


def _rim(entry: Eyewear, m: Measures, sign: float) -> F8:
    wide, tall, square, _ = _SHAPES[entry.shape]
    eye = m.landmarks["eye_left"]
    scale = m.face * max(1.0, abs(float(eye[0])) / (0.031 * m.face))
    c, s = np.cos(_TURN), np.sin(_TURN)
    x = np.sign(c) * np.abs(c) ** (2 / square) * wide * scale
    z = np.sign(s) * np.abs(s) ** (2 / square) * tall * scale
    if entry.shape == "aviator":
        x = x * (1 - 0.12 * np.clip(-z / tall / scale, 0, 1))
    away = 0.024 if entry.shape != "goggles" else 0.022
    out = abs(float(eye[0])) + (0.001 * m.face) + x
    bow = 0.16 * out**2 / (0.05 * m.face)  # frames curve back around the face
    front = _brow_front(m) - (away - 0.019) * m.face
    return np.stack([sign * out, np.full_like(x, front) + bow, float(eye[2]) - 0.004 * m.face + z], 1)


def _brow_front(m: Measures) -> float:
    """How far forward the brows and the nose's bridge reach, less a little."""
    head = m.vertices[np.unique(m.data.groups["body"])]
    eye = m.landmarks["eye_left"]
    near = head[(np.abs(head[:, 0]) < 0.055 * m.face) & (np.abs(head[:, 2] - eye[2] - 0.004 * m.face) < 0.02 * m.face)]
    side = near[np.abs(near[:, 0]) > 0.012 * m.face]
    return float(side[:, 1].min()) - 0.006 * m.face


def _temple(entry: Eyewear, m: Measures, sign: float) -> Solid:
    """From the rim's outer end back over the ear, or a strap around the head."""
    rim = _rim(entry, m, sign)
    start = rim[np.abs(rim[:, 0]).argmax()] + [0.0, 0.0, 0.005 * m.face]
    skull = m.vertices[np.unique(m.data.groups["body"])]
    level = skull[np.abs(skull[:, 2] - start[2] - 0.035 * m.face) < 0.014 * m.face]  # over the ears
    around = entry.shape in {"goggles", "patch"}
    back = float(level[:, 1].max()) if around else float(m.landmarks["eye_left"][1]) + 0.1 * m.face
    depths = np.linspace(start[1], back, 9)
    near = [level[np.abs(level[:, 1] - y) < 0.012 * m.face] for y in depths]
    reach = np.array([float(np.abs(ring[:, 0]).max()) if len(ring) else 0.0 for ring in near]) + 0.003 * m.face
    reach = reach if around else np.linspace(abs(float(start[0])), reach.max(), 9)
    reach[0] = abs(float(start[0]))
    rise = 0.012 * m.face * np.linspace(0, 1, 9) ** 0.5
    path = np.stack([sign * reach, depths, start[2] + rise], 1)
    thick = (0.0075 if entry.shape == "goggles" else 0.0016) * m.face
    return tube(path, np.full(9, thick), 5)


def _bridge(entry: Eyewear, m: Measures, rims: list[F8]) -> Solid:
    inner = [rim[np.abs(rim[:, 0]).argmin()] for rim in rims]
    share = np.linspace(0, 1, 6)[:, None]
    path = inner[0] * (1 - share) + inner[1] * share
    path[:, 1] -= 0.004 * m.face * np.sin(np.pi * share[:, 0])
    path[:, 2] += 0.006 * m.face
    return tube(path, np.full(6, _SHAPES[entry.shape][3] * m.face), 5)


def _lens(rim: F8) -> Solid:
    """Filled, bulging a little."""
    centre = rim.mean(0) - [0.0, 0.002, 0.0]
    points = np.concatenate([rim, [centre]])
    index = np.arange(len(rim))
    triangles = np.stack([np.full(len(rim), len(rim)), index, np.roll(index, -1)], 1)
    facing = np.cross(rim[0] - centre, rim[1] - centre)[1] < 0
    return Solid(points, (triangles if facing else triangles[:, ::-1]).astype(np.int32))
