"""Top, trousers and shoes, cut from the body's tights surface, let out and hemmed; and the skin that stays bare."""

from dataclasses import dataclass, replace

import numpy as np

from kinora_world.cast.measures import Measures
from kinora_world.cast.shape import chance
from kinora_world.cast.surface import Surface, cut, from_base, hemmed, inflated, normals, smoothed
from kinora_world.scene import F8
from kinora_world.storyboard import Character

SOLE = 0.013  # metres under an adult's foot


@dataclass(frozen=True, slots=True)
class Outfit:
    """Where the cloth ends, metres."""

    sleeve: float  # along the arm
    cuff: float  # along the leg
    hem: float  # height of the top's lower end
    waist: float  # height of the trousers' upper end
    ankle: float  # height of the shoes' upper end
    neck: F8  # a point of the neckline's plane
    neck_width: float  # from the middle


def choose_outfit(character: Character, m: Measures) -> Outfit:
    """Sleeves and trousers long or short, as a character's own chance has it."""
    short_sleeves = chance(character.id, "sleeves") < 0.55
    shorts = chance(character.id, "trousers") < (0.45 if character.age_years < 13 else 0.12)
    hips, ankle = m.bone("Hips"), m.bone("LeftFoot")
    return Outfit(
        sleeve=m.arm_length * (0.30 if short_sleeves else 0.955),
        cuff=m.leg_length * (0.50 if shorts else 0.985),
        hem=float(hips[2]) - 0.075 * m.unit,
        waist=float(hips[2]) + 0.01 * m.unit,
        ankle=float(ankle[2]) + 0.02 * m.unit,
        neck=m.bone("Neck") + np.array([0.0, 0.0, 0.012 * m.unit]),
        neck_width=0.055 * m.unit,
    )


_SLOPE = np.array([0.0, -0.56, 0.83])  # the neckline's plane sinks towards the front


def _above_neck(points: F8, outfit: Outfit) -> F8:
    # Shoulders may rise above the plane; the neckline stays a neck's width.
    return np.asarray((points - outfit.neck) @ _SLOPE - 0.8 * np.maximum(np.abs(points[:, 0]) - outfit.neck_width, 0))


def make_top(m: Measures, outfit: Outfit) -> Surface:
    tights = from_base(m.vertices, m.data.groups["helper-tights"])
    arm = tights.mix @ m.arm
    limb = arm > 0
    field = np.minimum(-_above_neck(tights.positions, outfit), np.where(limb, outfit.sleeve - arm, tights.positions[:, 2] - outfit.hem))
    cloth = cut(tights, field)
    cloth = _loose(cloth, 8, _slack(cloth.mix @ m.arm, outfit.sleeve, m))
    arm = cloth.mix @ m.arm
    height = cloth.positions[:, 2]
    low = np.clip((outfit.waist + 0.17 * m.unit - height) / (0.2 * m.unit), 0, 1) * (arm < 0)
    collar = np.clip(-_above_neck(cloth.positions, outfit) / (0.05 * m.unit), 0, 1)
    ease = (0.006 + 0.006 * collar + 0.012 * low) * m.unit
    cloth = _round_limb(inflated(cloth, ease), m, arm, ("Arm", "ForeArm", "Hand"), 0.046 * m.unit)
    return hemmed(_loose(cloth, 3, _slack(arm, outfit.sleeve, m)), 0.012 * m.unit)


def _slack(along: F8, end: float, m: Measures) -> F8:
    return 0.02 * np.clip((end - along) / (0.08 * m.unit), 0, 1)


def _loose(cloth: Surface, rounds: int, slack: F8) -> Surface:
    """Ironed smooth, which draws the cloth in: not at all at the end of a limb, where skin shows, `slack` metres at most elsewhere."""
    ironed = smoothed(cloth, rounds)
    outward = normals(ironed.positions, ironed.triangles)
    sunk = ((cloth.positions - ironed.positions) * outward).sum(1)
    return replace(ironed, positions=ironed.positions + outward * np.maximum(sunk - slack, 0)[:, None])


def make_bottom(m: Measures, outfit: Outfit) -> Surface:
    tights = from_base(m.vertices, m.data.groups["helper-tights"])
    arm, leg = tights.mix @ m.arm, tights.mix @ m.leg
    field = np.where(arm > 0, -1.0, np.minimum(outfit.waist - tights.positions[:, 2], np.where(leg > 0, outfit.cuff - leg, 1.0)))
    cloth = cut(tights, field)
    cloth = _loose(cloth, 8, _slack(cloth.mix @ m.leg, outfit.cuff, m))
    leg = cloth.mix @ m.leg
    wide = np.clip(leg / m.leg_length, 0, 1)
    below = np.clip((outfit.hem + 0.01 * m.unit - cloth.positions[:, 2]) / (0.03 * m.unit), 0, 1)  # tight where the top covers it
    cloth = inflated(cloth, (0.001 + 0.006 * below + 0.006 * wide * below) * m.unit)
    cloth = _round_limb(cloth, m, leg, ("UpLeg", "Leg", "Foot"), 0.064 * m.unit)
    return hemmed(_loose(cloth, 3, _slack(leg, outfit.cuff, m)), 0.012 * m.unit)


def _round_limb(cloth: Surface, m: Measures, along: F8, chain: tuple[str, str, str], least: float) -> Surface:
    """Sleeves and trouser legs keep at least a radius around the bone, fading in below the first joint."""
    moved = cloth.positions.copy()
    for side in ("Left", "Right"):
        a, b, c = (m.bone(side + bone) for bone in chain)
        sign = 1.0 if side == "Left" else -1.0
        mine = (along > 0) & (sign * moved[:, 0] > 0)
        upper = float(np.linalg.norm(b - a))
        for start, end, part in ((a, b, along <= upper), (b, c, along > upper)):
            chosen = mine & part
            axis = (end - start) / np.linalg.norm(end - start)
            offset = moved[chosen] - start
            radial = offset - np.outer(offset @ axis, axis)
            radius = np.linalg.norm(radial, axis=1)
            fade = np.clip((along[chosen] / (2 * upper) - 0.25) / 0.2, 0, 1)
            grow = np.maximum(least - radius, 0) * fade
            moved[chosen] += radial / np.maximum(radius, 1e-6)[:, None] * grow[:, None]
    return replace(cloth, positions=moved)


def make_shoes(m: Measures, outfit: Outfit) -> tuple[Surface, Surface]:
    """Uppers and soles: the stockinged foot, let out, its underside laid flat."""
    tights = from_base(m.vertices, m.data.groups["helper-tights"])
    leg = tights.mix @ m.leg
    foot = cut(tights, np.where(leg > 0, outfit.ankle - tights.positions[:, 2], -1.0))
    shoe = inflated(smoothed(foot, 6), 0.0075 * m.unit)
    ground = float(m.vertices[np.unique(m.data.groups["body"]), 2].min()) - SOLE * m.unit
    shoe = smoothed(_flat_sole(shoe, ground, m.unit), 2)
    shoe = _flat_sole(shoe, ground, m.unit)
    edge = ground + 0.021 * m.unit
    upper = hemmed(cut(shoe, shoe.positions[:, 2] - edge), 0.006 * m.unit)
    sole = inflated(cut(shoe, edge - shoe.positions[:, 2]), 0.0035 * m.unit)
    low = np.maximum(sole.positions[:, 2], ground)
    return upper, replace(sole, positions=np.column_stack([sole.positions[:, :2], low]))


def _flat_sole(shoe: Surface, ground: float, unit: float) -> Surface:
    down = normals(shoe.positions, shoe.triangles)[:, 2] < -0.35
    positions = shoe.positions.copy()
    low = positions[:, 2] < ground + 0.05 * unit
    positions[down & low, 2] = ground
    return replace(shoe, positions=positions)


def make_skin(m: Measures, outfit: Outfit) -> Surface:
    """What the clothes leave bare, with a margin under them."""
    body = from_base(m.vertices, m.data.groups["body"])
    margin = 0.03 * m.unit
    bare = cut(body, _bareness(body, m, outfit, margin))
    covered = np.clip(1 - _bareness(bare, m, outfit, margin) / margin, 0, 1)
    return inflated(bare, -0.006 * m.unit * np.sqrt(covered))  # sinks away under the cloth's edge


def _bareness(body: Surface, m: Measures, outfit: Outfit, margin: float) -> F8:
    """Metres from where the skin ends under the clothes; positive towards bare skin."""
    arm, leg, height = body.mix @ m.arm, body.mix @ m.leg, body.positions[:, 2]
    head = _above_neck(body.positions, outfit) + margin
    bare_leg = np.minimum(leg - outfit.cuff + margin, height - outfit.ankle + margin)
    return np.where(arm > 0, arm - outfit.sleeve + margin, np.where(leg > 0, bare_leg, head))
