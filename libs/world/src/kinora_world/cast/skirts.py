"""What hangs from the waist: the lower border of a garment goes on downwards, wide enough for the legs, and swings with both of them."""

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.coverage import skirt_hem
from kinora_world.cast.drape import Sheet
from kinora_world.cast.lattice import lattice, numbered, riding
from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface, border_chain, from_base
from kinora_world.cast.wardrobe import Skirt
from kinora_world.scene import F8, I4

_STEP = 0.045  # metres between rows on an adult
_LINES = 48  # of the sheet that is draped: its moves are smoother than the cloth
_SUPPORTS = np.linspace(0, 2 * np.pi, 48, endpoint=False)


def hang(skirt: Skirt, m: Measures, cloth: Surface, join: I4, beneath: Surface | None) -> tuple[Surface, Sheet]:
    """`cloth` with its border through the vertices `join` carried on to the skirt's hem; and what hangs of it."""
    chain, closed = border_chain(cloth.triangles, join)
    top = cloth.positions[chain]
    rows = max(4, round((top[0, 2] - skirt_hem(skirt, m)) / (_STEP * m.unit)))
    points = _rows(top, skirt, m, skirt_hem(skirt, m), rows, beneath)
    index = np.concatenate([chain[None], numbered(rows, len(chain), len(cloth.positions))])
    flat = points.reshape(-1, 3)
    swing = _swing(m, flat)
    surface = Surface(
        sp.vstack([cloth.mix, swing]).tocsr(),
        np.concatenate([cloth.positions, flat]),
        np.concatenate([cloth.triangles, lattice(index, closed=closed)]).astype(np.int32),
    )
    grid = np.concatenate([top[None], points])
    lines, levels = np.arange(0, len(chain), max(1, len(chain) // _LINES)), np.arange(0, rows + 1, 2 if rows > 8 else 1)
    kept = (levels[:, None] * len(chain) + lines).ravel()
    return surface, Sheet(sp.vstack([cloth.mix[chain], swing]).tocsr()[kept], grid[levels][:, lines], closed)


def _rows(top: F8, skirt: Skirt, m: Measures, hem: float, rows: int, beneath: Surface | None) -> F8:
    """(rows, columns, 3) below the border `top` (columns, 3)."""
    centre = np.array([0.0, float(m.bone("Hips")[1])])
    around = np.arctan2(top[:, 0], -(top[:, 1] - centre[1]))
    radius = np.hypot(top[:, 0], top[:, 1] - centre[1])
    body = from_base(m.vertices, m.data.groups["helper-tights"])
    solid = body.positions[body.mix @ m.arm < 0]
    solid = solid if beneath is None else np.concatenate([solid, beneath.positions[beneath.mix @ m.arm < 0]])
    levels, found = np.linspace(float(top[:, 2].mean()), hem, rows + 1)[1:], []
    step = float(top[:, 2].mean() - levels[0])
    for k, level in enumerate(levels):
        held = _hull(solid, centre, level, step, around) + 0.012 * m.unit
        grown = radius + skirt.flare * step * min(1.0, (k + 1) / 3)
        radius = np.maximum(held, grown)
        share = (k + 1) / rows
        wave = skirt.fold * m.unit * share * np.sin(skirt.waves * around + 0.6 * np.sin(3 * around))
        out = radius + wave
        found.append(np.stack([out * np.sin(around), centre[1] - out * np.cos(around), np.full_like(out, level)], 1))
    return np.stack(found)


def _hull(points: F8, centre: F8, level: float, step: float, around: F8) -> F8:
    """Distance from the centre to the convex hull of a slice, by direction; 0 where there is nothing."""
    part = points[np.abs(points[:, 2] - level) < step]
    if not len(part):
        return np.zeros_like(around)
    flat = part[:, :2] - centre
    reach = (flat @ np.stack([np.sin(_SUPPORTS), -np.cos(_SUPPORTS)])).max(0)
    facing = np.cos(around[:, None] - _SUPPORTS)
    return np.asarray(np.where(facing > 0.15, reach / np.maximum(facing, 0.15), np.inf).min(1))


def _swing(m: Measures, points: F8) -> sp.csr_matrix:
    """Each point moves with the hips at the top, then with the thighs, and below the knees with the shins; in the middle with both legs."""
    hip, knee = (float(m.bone(f"Left{bone}")[2]) for bone in ("UpLeg", "Leg"))
    legs = _smooth((hip + 0.06 * m.unit - points[:, 2]) / (0.16 * m.unit))
    left = _smooth(points[:, 0] / (0.2 * m.unit) + 0.5)
    shin = 0.85 * _smooth((knee + 0.1 * m.unit - points[:, 2]) / (0.22 * m.unit))
    shares = {"Hips": 1 - legs}
    for side, share in (("Left", left), ("Right", 1 - left)):
        shares |= {f"{side}UpLeg": legs * share * (1 - shin), f"{side}Leg": legs * share * shin}
    return riding(m, shares)


def _smooth(share: F8) -> F8:
    t = np.clip(share, 0, 1)
    return np.asarray(t * t * (3 - 2 * t))
