"""Armour: hard plates around limbs and trunk, each carried stiffly by its bone, over what is worn beneath."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from kinora_world.cast.cloth import pushed_out
from kinora_world.cast.coverage import above_neck, join
from kinora_world.cast.lattice import riding
from kinora_world.cast.measures import Measures
from kinora_world.cast.skirts import hang
from kinora_world.cast.surface import Surface, combined, cut, hemmed, inflated, smoothed
from kinora_world.cast.wardrobe import Cloth, Skirt
from kinora_world.scene import F8

_FAULD = Skirt(length=0.2, flare=0.34, waves=0, fold=0.0)
_THICK = 0.005


@dataclass(frozen=True, slots=True)
class _Plate:
    """`within` tells metres inside the plate (n,) of one side; `lift` is how far it stands off the cloth, `dome` more in its middle."""

    bones: dict[str, float]
    within: Callable[[Measures, Surface, str], F8]
    lift: float
    dome: float = 0.0


def _along(chain: tuple[str, str, str], start: float, end: float) -> Callable[[Measures, Surface, str], F8]:
    """Around a limb: from and to shares of its upper bone, beyond 1 of its lower one."""

    def within(m: Measures, of: Surface, side: str) -> F8:
        a, b, c = (m.bone(side + bone) for bone in chain)
        upper, lower = float(np.linalg.norm(b - a)), float(np.linalg.norm(c - b))
        way = np.asarray(of.mix @ (m.arm if chain[0] == "Arm" else m.leg))
        low, high = (share * upper if share <= 1 else upper + (share - 1) * lower for share in (start, end))
        return np.where(way > 0, np.minimum(way - low, high - way), -1.0)

    return within


def _shoulder(m: Measures, of: Surface, side: str) -> F8:
    joint = m.bone(f"{side}Arm")
    out = np.sign(joint[0])
    middle = joint + np.array([0.022 * out, 0.0, 0.012]) * m.unit
    near = 0.088 * m.unit - np.linalg.norm((of.positions - middle) * (1, 0.9, 1), axis=1)
    return np.asarray(np.minimum(near, out * of.positions[:, 0] - 0.11 * m.unit))


_ARM, _LEG = ("Arm", "ForeArm", "Hand"), ("UpLeg", "Leg", "Foot")
_PLATES = {
    "rerebraces": _Plate({"Arm": 1.0}, _along(_ARM, 0.36, 0.86), 0.008),
    "vambraces": _Plate({"ForeArm": 1.0}, _along(_ARM, 1.2, 1.95), 0.008),
    "elbows": _Plate({"Arm": 0.5, "ForeArm": 0.5}, _along(_ARM, 0.86, 1.2), 0.014, 0.012),
    "pauldrons": _Plate({"Shoulder": 0.35, "Arm": 0.65}, _shoulder, 0.014, 0.018),
    "cuisses": _Plate({"UpLeg": 1.0}, _along(_LEG, 0.3, 0.87), 0.006),
    "knees": _Plate({"UpLeg": 0.5, "Leg": 0.5}, _along(_LEG, 0.86, 1.14), 0.019, 0.014),
    "greaves": _Plate({"Leg": 1.0}, _along(_LEG, 1.13, 1.94), 0.006),
}


def make_plates(entry: Cloth, m: Measures, cloth: Surface) -> Surface | None:
    """All the garment's plates over `cloth`, as one surface; None where it has none."""
    limbs = [_limb(_PLATES[name], m, cloth, side) for name in entry.plates if name in _PLATES for side in ("Left", "Right")]
    trunk = [_breast(entry, m, cloth)] if "breast" in entry.plates else []
    made = [plate for plate in [*trunk, *limbs] if len(plate.triangles)]
    return combined(made) if made else None


def _limb(plate: _Plate, m: Measures, cloth: Surface, side: str) -> Surface:
    out = 1.0 if side == "Left" else -1.0
    deep = np.where(out * cloth.positions[:, 0] > 0, plate.within(m, cloth, side), -1.0)
    piece = cut(cloth, deep)
    if not len(piece.triangles):
        return piece
    piece = smoothed(piece, 6)
    share = np.clip(plate.within(m, piece, side) / (0.05 * m.unit), 0, 1)
    piece = inflated(pushed_out(piece, cloth, 0.004 * m.unit), (plate.lift + plate.dome * np.sqrt(share)) * m.unit)
    ridden = riding(m, {side + bone: np.full(len(piece.positions), weight) for bone, weight in plate.bones.items()})
    return hemmed(replace(piece, mix=ridden), _THICK * m.unit)


def _breast(entry: Cloth, m: Measures, cloth: Surface) -> Surface:
    """Breast and back plate, smooth over the chest, with a short skirt of plate where the garment has a fauld."""
    arm, leg = cloth.mix @ m.arm, cloth.mix @ m.leg
    free = np.min([np.linalg.norm(cloth.positions - m.bone(f"{side}Arm"), axis=1) for side in ("Left", "Right")], axis=0) - 0.07 * m.unit
    trunk = np.where((arm > 0) | (leg > 0), -1.0, np.minimum(free, -above_neck(entry, m, cloth.positions) + 0.01 * m.unit))
    piece = cut(cut(cloth, trunk), cut(cloth, trunk).positions[:, 2] - join(m))
    waist = np.flatnonzero(np.abs(piece.positions[:, 2] - join(m)) < 1e-6).astype(np.int32)
    front = (piece.positions[:, 1] < float(m.bone("Spine1")[1])) * np.clip(1 - np.abs(piece.positions[:, 0]) / (0.16 * m.unit), 0, 1)
    chest = np.exp(-(((piece.positions[:, 2] - float(m.bone("Spine2")[2])) / (0.12 * m.unit)) ** 2))
    pinned = np.zeros(len(piece.positions), bool)
    pinned[waist] = True
    piece = inflated(
        pushed_out(smoothed(piece, 14, pinned=pinned), cloth, 0.004 * m.unit), np.asarray((0.012 + 0.012 * front * chest) * m.unit)
    )
    piece = hang(_FAULD, m, piece, waist, cloth)[0] if "fauld" in entry.plates else piece
    return hemmed(piece, _THICK * m.unit)
