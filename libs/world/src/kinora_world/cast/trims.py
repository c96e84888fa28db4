"""What is sewn onto a garment: cuffs, plackets, pockets, belts and badges are patches cut from it; buttons are laid on."""

from collections.abc import Callable

import numpy as np

from kinora_world.cast.coverage import JOIN, above_neck, skirt_hem
from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import attached, disc
from kinora_world.cast.surface import Surface, combined, cut, hemmed, inflated, subdivided
from kinora_world.cast.wardrobe import Cloth, Trim
from kinora_world.scene import F8

_THICK = {"chest_box": 0.03, "sash": 0.008, "belt": 0.004, "buckle": 0.009, "epaulettes": 0.007}
_FUR = 0.014
_Fields = dict[str, Callable[[], F8]]
_FINE = {"emblem", "badge", "pockets", "pouch", "chest_box", "placket", "band", "buckle"}
CONTRASTING = {"sash", "emblem", "badge", "chest_box", "stripes"}  # in another colour; the rest are a shade of the garment's own
METALS = {"buckle": "gold"}


def make_trims(entry: Cloth, m: Measures, cloth: Surface) -> dict[Trim, Surface]:
    """Everything sewn onto `cloth`, by what it is."""
    wanted: tuple[Trim, ...] = (*entry.trims, "band") if entry.collar == "band" else entry.trims
    rows = {"buttons": (0.0,), "double_buttons": (-0.05, 0.05)}
    found = {name: _buttons(m, cloth, entry, rows[name]) if name in rows else _patch(name, entry, m, cloth) for name in wanted}
    return {name: patch for name, patch in found.items() if patch is not None and len(patch.triangles)}


def _patch(name: str, entry: Cloth, m: Measures, cloth: Surface) -> Surface | None:
    field = _field(name, entry, m, cloth)
    if not (field > 0).any():
        return None
    if name in _FINE:
        cloth = cut(cloth, field + 0.05 * m.unit)
        cloth = subdivided(subdivided(cloth))
        field = _field(name, entry, m, cloth)
    patch = cut(cloth, field)
    thick = (_FUR if name.startswith("fur_") else _THICK.get(name, 0.0025)) * m.unit
    return hemmed(inflated(patch, thick), thick + 0.003 * m.unit)


def _field(name: str, entry: Cloth, m: Measures, cloth: Surface) -> F8:
    """Metres within the patch (n,)."""
    u, hips, chest = m.unit, float(m.bone("Hips")[2]), float(m.bone("Spine2")[2])
    x, z = cloth.positions[:, 0] / u, (cloth.positions[:, 2] - hips) / u
    high = (cloth.positions[:, 2] - chest) / u
    arm = cloth.mix @ m.arm
    trunk = np.where(arm > 0, -1.0, 1.0)
    front = np.minimum(trunk, np.where(cloth.positions[:, 1] < float(m.bone("Spine1")[1]), 1.0, -1.0))
    shoulder = m.bone("LeftArm")
    belt = JOIN - 0.004 if entry.skirt or entry.leg is not None or entry.slot == "over" else -0.005
    belt = entry.waist - 0.02 if entry.slot == "bottom" else belt
    end = (skirt_hem(entry.skirt, m) - hips) / u if entry.skirt else entry.hem
    rows = np.stack([np.abs(z - end - 0.05) + (entry.leg is not None), np.abs(z - 0.24), np.where(arm > 0, np.abs(arm / u - 0.42), 1.0)])
    fields: _Fields = {
        "fur_hem": lambda: np.minimum(trunk, end + 0.055 - z),
        "fur_cuffs": lambda: np.where(arm > 0, arm - entry.sleeve * m.arm_length + 0.06 * u, -1.0),
        "fur_front": lambda: np.minimum(front, 0.035 + entry.opening - np.abs(x)),
        "stripes": lambda: 0.02 - np.where(arm > 0, rows[2], rows[:2].min(0)),
        "buckle": lambda: np.minimum(front, np.minimum(0.034 - np.abs(x), 0.03 - np.abs(z - belt))),
        "epaulettes": lambda: np.where(np.abs(cloth.positions[:, 2] - shoulder[2]) < 0.09 * u, _strap(cloth.positions, shoulder, u), -1.0),
        "placket": lambda: np.minimum(front, 0.015 - np.abs(x)),
        "cuffs": lambda: np.where(arm > 0, arm - entry.sleeve * m.arm_length + (0.05 if entry.sleeve > 0.5 else 0.022) * u, -1.0),
        "hem": lambda: np.minimum(trunk, entry.hem + 0.045 - z),
        "band": lambda: np.where(arm > 0, -1.0, above_neck(entry, m, cloth.positions) + (0.035 if entry.drop > 0.04 else 0.018) * u),
        "belt": lambda: np.minimum(trunk, 0.021 - np.abs(z - belt)),
        "sash": lambda: np.minimum(trunk, 0.065 - np.abs(z - JOIN - 0.03)),
        "emblem": lambda: np.minimum(front, 0.062 - np.abs(x) - np.abs(high - 0.045) * 0.9),
        "badge": lambda: np.minimum(front, 0.02 - np.hypot(x - 0.075, high - 0.05)),
        "chest_box": lambda: np.minimum(front, np.minimum(0.075 - np.abs(x), 0.05 - np.abs(high + 0.03))),
        "pouch": lambda: np.minimum(front, np.minimum(0.1 - np.abs(x) - 0.3 * np.maximum(z - 0.03, 0), 0.065 - np.abs(z - 0.03))),
        "pockets": lambda: np.minimum(front, _pockets(entry, x, z, high)),
    }
    return np.asarray(fields[name]())


def _strap(points: F8, shoulder: F8, u: float) -> F8:
    aside = np.abs(points[:, 0]) - float(shoulder[0])
    return np.minimum(np.minimum(aside + 0.07 * u, 0.012 * u - aside), 0.024 * u - np.abs(points[:, 1] - float(shoulder[1])))


def _pockets(entry: Cloth, x: F8, z: F8, high: F8) -> F8:
    if entry.slot == "over" and entry.finish != "denim":
        return np.minimum(0.045 - np.abs(np.abs(x) - 0.11), 0.032 - np.abs(z + 0.0))
    return np.minimum(0.036 - np.abs(np.abs(x) - 0.078), 0.036 - np.abs(high - 0.045))


def _buttons(m: Measures, cloth: Surface, entry: Cloth, aside: tuple[float, ...]) -> Surface:
    """Rows down the front below the neckline."""
    top = float(m.bone("Neck")[2]) - (entry.drop + 0.06) * m.unit
    low = float(m.bone("Hips")[2]) + (-0.1 if entry.skirt else entry.hem + 0.05) * m.unit
    ahead = cloth.positions[:, 1] < float(m.bone("Spine1")[1])
    middle = cloth.positions[ahead & (np.abs(cloth.positions[:, 0]) < 0.05 * m.unit)]
    order = np.argsort(middle[:, 2])
    side = entry.opening * m.unit + 0.02 * m.unit
    heights = np.linspace(top, low, max(2, round((top - low) / (0.095 * m.unit))))
    depths = np.interp(heights, middle[order, 2], middle[order, 1])
    across = [side * (entry.opening > 0) + x * m.unit for x in aside]
    places = [(x, float(y), float(z)) for y, z in zip(depths, heights, strict=True) for x in across]
    ahead_of = np.array([0.0, -1.0, 0.0])
    discs = [disc(np.array(at) + 0.001 * m.unit * ahead_of, ahead_of, 0.009 * m.unit, 0.004 * m.unit) for at in places]
    return combined([attached(button, cloth) for button in discs])
