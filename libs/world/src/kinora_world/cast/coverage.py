"""How far inside a garment each point of the body lies: one field cuts the cloth, and takes away what it hides."""

import numpy as np

from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface
from kinora_world.cast.wardrobe import Cloth, Entry, Hood, Shoe, Skirt
from kinora_world.scene import F8

FAR = 1.0
NECK_WIDTH = 0.055  # from the middle, an adult's metres
JOIN = 0.075  # where a skirt leaves the body, above the hips
_SLOPE = np.array([0.0, -0.56, 0.83])  # the neckline's plane sinks towards the front
_SNUG = 0.016  # how much less skin goes on under a shoe than under cloth, metres
_PEEP = 0.35  # share of a skirt's length from its hem, within which legs are kept for whoever looks beneath


def inside(entry: Cloth, m: Measures, surface: Surface) -> F8:
    """Metres within the cloth that lies on the body itself (n,); a skirt's upper part is not yet cut off at `join`."""
    return _within(entry, m, surface, float(m.bone("Hips")[2]) + (entry.hem if entry.skirt is None else -9.0) * m.unit)


def join(m: Measures) -> float:
    """Height at which skirts leave the body."""
    return float(m.bone("Hips")[2]) + JOIN * m.unit


def hidden(entry: Entry, m: Measures, surface: Surface) -> F8:
    """Metres within what the garment hides from all sides, in every pose (n,)."""
    if isinstance(entry, Shoe):
        return _within_shoe(entry, m, surface)
    if isinstance(entry, Hood):
        return hood_field(entry, m, surface) * m.face
    if not isinstance(entry, Cloth) or entry.half:
        return np.full(len(surface.positions), -FAR)
    low = float(m.bone("Hips")[2]) + (entry.hem if entry.leg is None else -9.0) * m.unit
    if entry.skirt:
        low = skirt_hem(entry.skirt, m) + _PEEP * entry.skirt.length * m.leg_length
        low = max(low, join(m)) if entry.front == "open" else low
    within = _within(entry, m, surface, low)
    return np.where(surface.mix @ m.arm > m.arm_length - 0.05 * m.unit, FAR, within) if entry.gloves else within


def hood_field(entry: Hood, m: Measures, surface: Surface) -> F8:
    """An adult's metres within a hood (n,)."""
    weights = surface.mix @ m.data.weights
    on_head = np.asarray(weights[:, [m.data.bones.index(bone) for bone in ("Head", "Neck")]].sum(1)).ravel() > 0.5
    eye, chin = m.landmarks["eye_left"], m.landmarks["chin"]
    middle = float(eye[2]) if entry.mask else (float(eye[2]) + float(chin[2])) / 2 + 0.01 * m.face
    tall = 0.024 if entry.mask else entry.face + float(eye[2] - chin[2]) / m.face / 2
    at = (surface.positions - [0.0, eye[1], middle]) / m.face
    window = 0.02 - np.maximum(1 - np.hypot(at[:, 0] / 0.068, at[:, 2] / tall), 0) * (at[:, 1] < 0.045)
    low = (surface.positions[:, 2] - m.bone("Neck")[2]) / m.face + 0.02
    return np.where(on_head, np.minimum(np.where(window < 0.02, -0.01, np.maximum(window, 0.2)), low), -0.2)


def skirt_hem(skirt: Skirt, m: Measures) -> float:
    """Height of a skirt's lower end."""
    return float(m.bone("LeftUpLeg")[2]) - skirt.length * m.leg_length


def _within(entry: Cloth, m: Measures, surface: Surface, low: float) -> F8:
    points, arm, leg = surface.positions, surface.mix @ m.arm, surface.mix @ m.leg
    sleeve = entry.sleeve * m.arm_length
    waist = float(m.bone("Hips")[2]) + entry.waist * m.unit
    torso = waist - points[:, 2] if entry.slot == "bottom" else -above_neck(entry, m, points)
    if entry.leg is None:
        torso = np.minimum(torso, points[:, 2] - low)
    else:
        torso = np.minimum(torso, np.where(leg > 0, entry.leg * m.leg_length - leg, FAR))
    field = np.where(arm > 0, (sleeve - arm) if sleeve > 0 else -arm - 1e-3, torso)
    return np.asarray(np.minimum(field, _openings(entry, m, points)))


def _openings(entry: Cloth, m: Measures, points: F8) -> F8:
    field = np.full(len(points), FAR)
    if entry.slot != "bottom" and entry.sleeve == 0:
        for side in ("Left", "Right"):
            field = np.minimum(field, np.linalg.norm(points - m.bone(f"{side}Arm"), axis=1) - max(entry.armhole, 0.05) * m.unit)
    middle = float(m.bone("Spine1")[1])
    if entry.opening:
        field = np.minimum(field, np.where(points[:, 1] < middle, np.abs(points[:, 0]) - entry.opening * m.unit, FAR))
    if entry.half:
        field = np.minimum(field, np.minimum(middle - 0.01 * m.unit - points[:, 1], 0.15 * m.unit - np.abs(points[:, 0])))
    return field


def above_neck(entry: Cloth, m: Measures, points: F8) -> F8:
    """Metres above the neckline (n,)."""
    neck = m.bone("Neck") + np.array([0.0, 0.0, 0.012 * m.unit])
    wide = (NECK_WIDTH + {"crew": 0.0, "v": 0.0, "scoop": 0.026, "square": 0.03}[entry.neckline]) * m.unit
    away = np.abs(points[:, 0])
    # Shoulders may rise above the plane; the neckline stays a neck's width.
    level = (points - neck) @ _SLOPE - 0.8 * np.maximum(away - wide, 0)
    front = np.clip((float(neck[1]) - points[:, 1]) / (0.03 * m.unit), 0, 1)
    share = {
        "crew": np.ones_like(away),
        "v": np.clip(1 - away / wide, 0, 1),
        "scoop": np.sqrt(np.clip(1 - (away / wide) ** 2, 0, 1)),
        "square": np.clip((wide - away) / (0.015 * m.unit), 0, 1),
    }[entry.neckline]
    return np.asarray(level + front * share * entry.drop * m.unit)


def _within_shoe(entry: Shoe, m: Measures, surface: Surface) -> F8:
    if entry.straps:
        return np.full(len(surface.positions), -FAR)
    leg = surface.mix @ m.leg
    return np.where(leg > 0, shoe_top(entry, m, surface.positions) + _SNUG * m.unit, -FAR)


def shoe_top(entry: Shoe, m: Measures, points: F8) -> F8:
    """Metres below the shoe's upper end (n,); with a vamp it is low on the instep and higher towards the toes and the heel."""
    ankle, toes = m.bone("LeftFoot"), m.bone("LeftToeBase")
    top = float(ankle[2]) + entry.shaft * m.unit
    field = top - points[:, 2]
    if entry.vamp:
        along = (float(ankle[1]) - points[:, 1]) / float(ankle[1] - toes[1])  # 0 at the ankle, 1 at the toes' joint
        cut_out = 0.05 * m.unit * (along - 2 * entry.vamp) + np.maximum(0.03 * m.unit - points[:, 2], 0)
        field = np.minimum(field, np.maximum(cut_out, 0.045 * m.unit - points[:, 2]))
    return np.asarray(field)
