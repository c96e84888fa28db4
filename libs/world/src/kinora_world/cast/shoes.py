"""Shoes: the stockinged foot, let out until no toe shows, on a sole that lies flat on the floor."""

from dataclasses import replace

import numpy as np

from kinora_world.cast.cloth import tights
from kinora_world.cast.coverage import shoe_top
from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import Solid, attached, tube
from kinora_world.cast.surface import Surface, combined, cut, from_base, hemmed, inflated, normals, smoothed
from kinora_world.cast.wardrobe import Shoe
from kinora_world.scene import F8

_SIDES = (("Left", 1.0), ("Right", -1.0))


def make_shoes(entry: Shoe, m: Measures) -> tuple[Surface, Surface, Surface | None]:
    """Uppers, soles and laces."""
    ground = float(m.vertices[np.unique(m.data.groups["body"]), 2].min()) - entry.sole * m.unit
    whole = tights(m)
    foot = cut(
        whole, np.where(whole.mix @ m.leg > 0, float(m.bone("LeftFoot")[2]) + max(entry.shaft, 0.02) * m.unit - whole.positions[:, 2], -1.0)
    )
    shoe = smoothed(inflated(smoothed(foot, 10), 0.0085 * m.unit), 3)
    shoe = _flat(smoothed(_flat(shoe, ground, m.unit), 2), ground, m.unit)
    edge = ground + (entry.sole + 0.009) * m.unit
    sole = _sole(entry, m, shoe, ground, edge)
    upper = cut(shoe, shoe.positions[:, 2] - edge + 0.004 * m.unit)
    upper = _straps(m, upper) if entry.straps else cut(upper, shoe_top(entry, m, upper.positions))
    return hemmed(upper, 0.005 * m.unit), sole, _laces(m, upper) if entry.laces else None


def _flat(shoe: Surface, ground: float, unit: float) -> Surface:
    down = normals(shoe.positions, shoe.triangles)[:, 2] < -0.35
    positions = shoe.positions.copy()
    positions[down & (positions[:, 2] < ground + 0.06 * unit), 2] = ground
    return replace(shoe, positions=positions)


def _sole(entry: Shoe, m: Measures, shoe: Surface, ground: float, edge: float) -> Surface:
    """Sticks out a little all around; a heel lifts the middle of the foot off the floor."""
    sole = inflated(cut(shoe, edge + 0.003 * m.unit - shoe.positions[:, 2]), 0.004 * m.unit)
    positions = sole.positions.copy()
    positions[:, 2] = np.maximum(positions[:, 2], ground)
    if entry.heel:
        back = (float(m.bone("LeftFoot")[1]) - positions[:, 1]) / float(m.bone("LeftFoot")[1] - m.bone("LeftToeBase")[1])
        waist = np.exp(-(((back - 0.42) / 0.16) ** 2))
        low = positions[:, 2] < ground + 0.004 * m.unit
        positions[low, 2] += (0.7 * entry.sole + 0.008) * m.unit * waist[low]
    return replace(sole, positions=positions)


def _straps(m: Measures, upper: Surface) -> Surface:
    """Two bands over the foot and one around the heel."""
    ankle, toes = m.bone("LeftFoot"), m.bone("LeftToeBase")
    along = (float(ankle[1]) - upper.positions[:, 1]) / float(ankle[1] - toes[1])
    low = upper.positions[:, 2] - (float(ankle[2]) + 0.01 * m.unit)
    bands = np.maximum(0.012 - np.abs(along - 1.0) * 0.1, 0.010 - np.abs(along - 0.45) * 0.1)
    return cut(upper, np.minimum(bands * m.unit, -low))


def _laces(m: Measures, upper: Surface) -> Surface:
    """Four bars across each instep."""
    ankle, toes = m.bone("LeftFoot"), m.bone("LeftToeBase")
    top = normals(upper.positions, upper.triangles)[:, 2] > 0.2
    found = []
    for _, sign in _SIDES:
        mine = upper.positions[top & (sign * upper.positions[:, 0] > 0)]
        for share in (0.38, 0.54, 0.7, 0.86):
            y = float(ankle[1] + share * (toes[1] - ankle[1]))
            found.append(attached(_bar(mine, y, m.unit), upper))
    return combined(found)


def _bar(instep: F8, y: float, unit: float) -> Solid:
    slice_ = instep[np.abs(instep[:, 1] - y) < 0.014 * unit]
    ridge = slice_[slice_[:, 2].argmax()] if len(slice_) else instep[instep[:, 2].argmax()]
    across = np.linspace(-0.021, 0.021, 5) * unit
    drop = 6.5 * across**2 / unit
    path = np.stack([ridge[0] + across, np.full(5, y), ridge[2] - drop + 0.002 * unit], 1)
    return tube(path, np.full(5, 0.0032 * unit), 5)


def bare_soles(m: Measures) -> Surface:
    """The undersides of naked feet, where they touch the floor."""
    body = from_base(m.vertices, m.data.groups["body"])
    leg = body.mix @ m.leg
    low = float(body.positions[:, 2].min()) + 0.02 * m.unit
    return cut(body, np.where(leg > 0, low - body.positions[:, 2], -1.0))
