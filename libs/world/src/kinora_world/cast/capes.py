"""Capes hang from the shoulders down the back."""

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.cloth import heights
from kinora_world.cast.lattice import lattice, numbered, riding
from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface, hemmed
from kinora_world.cast.wardrobe import Cape
from kinora_world.scene import F8

_TURN = np.linspace(np.radians(72), np.radians(288), 30)  # from the left of the throat round the back to its right
_ROWS = 18


def make_cape(entry: Cape, m: Measures, wearer: Surface) -> Surface:
    """`wearer` is the clothed body, arms included."""
    trunk = wearer.positions[(wearer.mix @ m.arm) < 0.05 * m.arm_length]
    neck, u = m.bone("Neck"), m.unit
    hem = float(m.bone("LeftUpLeg")[2]) - entry.length * m.leg_length
    top = float(neck[2]) + 0.012 * u
    radius = np.full(len(_TURN), 0.072 * u)
    rows = [_ring(neck, radius, top)]
    level = top
    for k in range(1, _ROWS):
        step = (0.012 if k < 6 else (top - 0.06 * u - hem) / (_ROWS - 6)) * (u if k < 6 else 1)
        level -= step
        radius = np.maximum(
            _reach(trunk, neck, level, 0.7 * max(step, 0.02 * u)) + 0.018 * u, radius + (0.012 * u if k < 6 else entry.flare * step * 0.4)
        )
        fold = 1 + 0.05 * (k / _ROWS) * np.sin(entry.waves * 2 * _TURN)
        rows.append(_ring(neck, radius * fold, level))
    points = _clear(np.stack(rows).reshape(-1, 3), wearer, 0.012 * u)
    index = numbered(_ROWS, len(_TURN))
    return hemmed(Surface(_carried(m, points), points, lattice(index, closed=False)), 0.004 * u)


def _ring(neck: F8, radius: F8, level: float) -> F8:
    return np.stack([neck[0] + radius * np.sin(_TURN), neck[1] - radius * np.cos(_TURN), np.full(len(_TURN), level)], 1)


def _reach(points: F8, neck: F8, level: float, step: float) -> F8:
    """How far the body reaches from the neck's axis at a height, by direction; its shoulders no further than a cape would lie."""
    part = points[np.abs(points[:, 2] - level) < step]
    if not len(part):
        return np.zeros(len(_TURN))
    flat = part[:, :2] - neck[:2]
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    reach = (flat @ np.stack([np.sin(turns), -np.cos(turns)])).max(0)
    facing = np.cos(_TURN[:, None] - turns)
    return np.asarray(np.where(facing > 0.2, reach / np.maximum(facing, 0.2), np.inf).min(1))


def _clear(points: F8, wearer: Surface, gap: float) -> F8:
    height, normal = heights(points, wearer)
    return points + normal * np.clip(gap - height, 0, 0.05)[:, None]


def _carried(m: Measures, points: F8) -> sp.csr_matrix:
    """By the shoulders at the top, then less and less by the spine and a little by both legs."""
    chest, hips = float(m.bone("Spine2")[2]), float(m.bone("Hips")[2])
    low = np.clip((chest - points[:, 2]) / (chest - hips), 0, 1)
    legs = 0.5 * np.clip((hips - points[:, 2]) / (0.4 * m.unit), 0, 1)
    left = np.clip(points[:, 0] / (0.3 * m.unit) + 0.5, 0, 1)
    shares = {"Spine2": 1 - low, "Hips": low - legs, "LeftUpLeg": legs * left, "RightUpLeg": legs * (1 - left)}
    return riding(m, shares)
