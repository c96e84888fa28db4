"""A garment cut from the surface around the body, let out so that it drapes, and its lower part that hangs free."""

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from kinora_world.cast.coverage import FAR, above_neck, inside, join
from kinora_world.cast.drape import Sheet
from kinora_world.cast.measures import Measures
from kinora_world.cast.skirts import hang
from kinora_world.cast.surface import Surface, cut, from_base, inflated, normals, smoothed
from kinora_world.cast.wardrobe import Cloth
from kinora_world.scene import F8


def make_cloth(entry: Cloth, m: Measures, beneath: Surface | None) -> tuple[Surface, Sheet | None]:
    """Open at its ends, without hems; and what of it hangs as a skirt. `beneath` is what it is worn over, besides the body."""
    cloth = cut(tights(m), inside(entry, m, tights(m)))
    if entry.skirt:
        cloth = cut(cloth, np.where(cloth.mix @ m.arm > 0, FAR, cloth.positions[:, 2] - join(m)))
    waist = np.flatnonzero(np.abs(cloth.positions[:, 2] - join(m)) < 1e-6).astype(np.int32)
    arm, leg = cloth.mix @ m.arm, cloth.mix @ m.leg
    slack = _slack(arm, entry.sleeve * m.arm_length, m) + _slack(leg, (entry.leg or 0.0) * m.leg_length, m)
    if not entry.tight:
        cloth = _loose(cloth, 8, slack)
    cloth = inflated(cloth, _ease(entry, m, cloth, arm, leg))
    cloth = round_limb(cloth, m, arm, ("Arm", "ForeArm", "Hand"), entry.wide * m.unit)
    if entry.puff:
        inside_sleeve = np.clip(arm / (entry.sleeve * m.arm_length), 0, 1)
        cloth = inflated(cloth, entry.puff * m.unit * np.sin(np.pi * inside_sleeve) ** 0.7)
    cloth = round_limb(cloth, m, leg, ("UpLeg", "Leg", "Foot"), entry.leg_wide * m.unit)
    if not entry.tight:
        cloth = _loose(cloth, 3, slack)
    if beneath is not None:
        cloth = pushed_out(cloth, beneath, 0.005 * m.unit)
    return hang(entry.skirt, m, cloth, waist, beneath) if entry.skirt else (cloth, None)


def tights(m: Measures) -> Surface:
    return from_base(m.vertices, m.data.groups["helper-tights"])


def _ease(entry: Cloth, m: Measures, cloth: Surface, arm: F8, leg: F8) -> F8:
    """Metres between body and cloth: close at the neck, looser towards the hem and down a trouser leg."""
    hips = float(m.bone("Hips")[2])
    height = (cloth.positions[:, 2] - hips) / m.unit
    if entry.tight:
        return np.full(len(height), (entry.ease + 0.002) * m.unit)
    if entry.slot == "bottom":
        along = np.clip(leg / m.leg_length, 0, 1)
        below = np.clip((-0.065 - height) / 0.03, 0, 1)  # tight where a top covers it
        return np.asarray((0.001 + 0.006 * below + (entry.ease + 0.002) * along * below) * m.unit)
    low = np.clip((0.18 - height) / 0.2, 0, 1) * (arm < 0) * (entry.leg is None and entry.skirt is None and not entry.tucked)
    collar = np.clip(-above_neck(entry, m, cloth.positions) / (0.05 * m.unit), 0, 1)
    return np.asarray((0.002 + 0.4 * entry.ease + (0.002 + 0.8 * entry.ease) * collar + 0.012 * low) * m.unit)


def _slack(along: F8, end: float, m: Measures) -> F8:
    return 0.02 * np.clip((end - along) / (0.08 * m.unit), 0, 1) * (along > 0)


def _loose(cloth: Surface, rounds: int, slack: F8) -> Surface:
    """Ironed smooth, which draws the cloth in: not at all at the end of a limb, where skin shows, `slack` metres at most elsewhere."""
    ironed = smoothed(cloth, rounds)
    outward = normals(ironed.positions, ironed.triangles)
    sunk = ((cloth.positions - ironed.positions) * outward).sum(1)
    return replace(ironed, positions=ironed.positions + outward * np.maximum(sunk - slack, 0)[:, None])


def round_limb(cloth: Surface, m: Measures, along: F8, chain: tuple[str, str, str], least: float) -> Surface:
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
            fade = np.clip((along[chosen] / (2 * upper) - 0.06) / 0.34, 0, 1)
            fade = fade * fade * (3 - 2 * fade)
            grow = np.maximum(least - radius, 0) * fade
            moved[chosen] += radial / np.maximum(radius, 1e-6)[:, None] * grow[:, None]
    return replace(cloth, positions=moved)


def pushed_out(outer: Surface, inner: Surface, gap: float) -> Surface:
    """Where `outer` comes closer than `gap` metres to `inner`, or sinks into it, it is moved out along the inner one's normals."""
    lift = heights(outer.positions, inner)
    push = np.clip(gap - lift[0], 0, 0.06)
    return replace(outer, positions=outer.positions + lift[1] * push[:, None])


def heights(points: F8, ground: Surface) -> tuple[F8, F8]:
    """Metres of each point (n,) over the nearest part of a surface, along its normal (n, 3); far from it, a large number."""
    outward = normals(ground.positions, ground.triangles)
    distance, index = cKDTree(ground.positions).query(points, k=4)
    weight = 1 / (distance + 0.003)
    weight /= weight.sum(1, keepdims=True)
    normal = (outward[index] * weight[:, :, None]).sum(1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-6)
    height = (((points[:, None] - ground.positions[index]) * weight[:, :, None]).sum(1) * normal).sum(1)
    return np.where(distance[:, 0] < 0.06, height, 1.0), normal
