"""What is sewn onto a garment: cuffs, plackets, pockets, belts and badges are patches cut from it; buttons are laid on."""

import numpy as np

from kinora_world.cast.coverage import JOIN, above_neck
from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import attached, disc
from kinora_world.cast.surface import Surface, combined, cut, hemmed, inflated, subdivided
from kinora_world.cast.wardrobe import Cloth, Entry
from kinora_world.scene import F8

_THICK = {"chest_box": 0.03, "sash": 0.008, "belt": 0.004}
_FINE = {"emblem", "badge", "pockets", "pouch", "chest_box", "placket", "band"}
_CONTRASTING = {"sash", "emblem", "badge", "chest_box"}  # in another colour; the rest are a shade of the garment's own


def make_trims(entry: Cloth, m: Measures, cloth: Surface) -> Surface | None:
    """Everything sewn onto `cloth` as one surface; None when there is nothing."""
    wanted = entry.trims + (("band",) if entry.collar == "band" else ())
    found = [_buttons(m, cloth, entry) if name == "buttons" else _patch(name, entry, m, cloth) for name in wanted]
    sewn = [patch for patch in found if patch is not None and len(patch.triangles)]
    return combined(sewn) if sewn else None


def contrasting(entry: Entry) -> bool:
    """What is sewn on is of another colour than the garment."""
    return any(name in _CONTRASTING for name in entry.trims)


def _patch(name: str, entry: Cloth, m: Measures, cloth: Surface) -> Surface | None:
    field = _field(name, entry, m, cloth)
    if not (field > 0).any():
        return None
    if name in _FINE:
        cloth = cut(cloth, field + 0.05 * m.unit)
        cloth = subdivided(subdivided(cloth))
        field = _field(name, entry, m, cloth)
    patch = cut(cloth, field)
    thick = _THICK.get(name, 0.0025) * m.unit
    return hemmed(inflated(patch, thick), thick + 0.003 * m.unit)


def _field(name: str, entry: Cloth, m: Measures, cloth: Surface) -> F8:
    """Metres within the patch (n,)."""
    u, hips, chest = m.unit, float(m.bone("Hips")[2]), float(m.bone("Spine2")[2])
    x, z = cloth.positions[:, 0] / u, (cloth.positions[:, 2] - hips) / u
    high = (cloth.positions[:, 2] - chest) / u
    arm = cloth.mix @ m.arm
    trunk = np.where(arm > 0, -1.0, 1.0)
    front = np.minimum(trunk, np.where(cloth.positions[:, 1] < float(m.bone("Spine1")[1]), 1.0, -1.0))
    belt = JOIN - 0.004 if entry.skirt or entry.leg is not None or entry.slot == "over" else -0.005
    belt = entry.waist - 0.02 if entry.slot == "bottom" else belt
    fields = {
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


def _pockets(entry: Cloth, x: F8, z: F8, high: F8) -> F8:
    if entry.slot == "over" and entry.finish != "denim":
        return np.minimum(0.045 - np.abs(np.abs(x) - 0.11), 0.032 - np.abs(z + 0.0))
    return np.minimum(0.036 - np.abs(np.abs(x) - 0.078), 0.036 - np.abs(high - 0.045))


def _buttons(m: Measures, cloth: Surface, entry: Cloth) -> Surface:
    """A row down the front below the neckline."""
    top = float(m.bone("Neck")[2]) - (entry.drop + 0.06) * m.unit
    low = float(m.bone("Hips")[2]) + (-0.1 if entry.skirt else entry.hem + 0.05) * m.unit
    ahead = cloth.positions[:, 1] < float(m.bone("Spine1")[1])
    middle = cloth.positions[ahead & (np.abs(cloth.positions[:, 0]) < 0.05 * m.unit)]
    order = np.argsort(middle[:, 2])
    side = entry.opening * m.unit + 0.02 * m.unit
    found = []
    for z in np.linspace(top, low, max(2, round((top - low) / (0.095 * m.unit)))):
        y = float(np.interp(z, middle[order, 2], middle[order, 1]))
        button = disc(
            np.array([side if entry.opening else 0.0, y - 0.001 * m.unit, z]), np.array([0.0, -1.0, 0.0]), 0.009 * m.unit, 0.004 * m.unit
        )
        found.append(attached(button, cloth))
    return combined(found)
