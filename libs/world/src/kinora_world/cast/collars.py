"""Collars, lapels and lowered hoods: what grows out of a garment's neckline and front edges."""

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.cloth import heights
from kinora_world.cast.coverage import above_neck
from kinora_world.cast.lattice import lattice, numbered
from kinora_world.cast.measures import Measures
from kinora_world.cast.surface import Surface, border_chain, border_edges, hemmed
from kinora_world.cast.wardrobe import Cloth
from kinora_world.scene import F8, I4

# From the neckline: metres (outwards, up), then how much further down it reaches in front and how much further out behind.
_PROFILES = {
    "shirt": ((0.000, 0.002), (0.001, 0.020), (0.007, 0.026), (0.016, 0.010), (0.025, -0.012)),
    "stand": ((0.000, 0.002), (-0.002, 0.022), (-0.004, 0.045), (0.004, 0.046)),
    "turtle": ((-0.004, 0.0), (-0.012, 0.028), (-0.014, 0.052), (-0.004, 0.056), (0.002, 0.04), (0.002, 0.014)),
    "hood": ((-0.002, 0.0), (0.006, 0.022), (0.026, 0.034), (0.048, 0.022), (0.055, -0.02), (0.03, -0.05)),
}
_POINTED = {"shirt": 0.024}  # how far the tips hang in front
_BACKWARDS = {"hood": 1.0}  # times the profile, behind


def make_collar(entry: Cloth, m: Measures, cloth: Surface) -> Surface | None:
    """None for a garment without one. `cloth` is not yet hemmed."""
    if entry.collar in {"none", "band"}:
        return None
    edge = np.unique(border_edges(cloth.triangles))
    if entry.collar == "lapel":
        return _lapels(entry, m, cloth, edge)
    neckline = edge[np.abs(above_neck(entry, m, cloth.positions[edge])) < 0.03 * m.unit]
    chain, _ = border_chain(cloth.triangles, neckline)
    return _rolled(entry.collar, m, cloth, _from_front(cloth, chain))


def _from_front(cloth: Surface, chain: I4) -> I4:
    """The chain begun in the middle of the front, where it stays open."""
    at = cloth.positions[chain]
    start = int(np.where(at[:, 1] < at[:, 1].mean(), np.abs(at[:, 0]), 9).argmin())
    ends_apart = np.linalg.norm(at[0] - at[-1]) > 0.03
    return chain if ends_apart else np.roll(chain, -start)


def _rolled(kind: str, m: Measures, cloth: Surface, chain: I4) -> Surface:
    edge = _even(cloth.positions[chain])
    neck = m.bone("Neck")
    away = edge - neck
    around = np.arctan2(away[:, 0], -away[:, 1])
    outward = np.stack([np.sin(around), -np.cos(around), 0 * around], 1)
    behind = (1 - np.cos(around)) / 2
    tips = _POINTED.get(kind, 0.0) * np.exp(-((np.abs(edge[:, 0]) / (0.03 * m.unit)) ** 2)) * (away[:, 1] < 0)
    size = 1 + _BACKWARDS.get(kind, 0.0) * behind**2
    profile = np.array(_PROFILES[kind])
    rows = []
    for k, (out, up) in enumerate(profile):
        last = k == len(profile) - 1
        lift = up * size - (tips if last else 0.0)
        rows.append(edge + (outward * (out * size)[:, None] + np.stack([0 * lift, 0 * lift, lift], 1)) * m.unit)
    return _strip(np.stack(rows), cloth, chain, m)


def _even(edge: F8) -> F8:
    """A neckline without the jitter of the triangles it was cut from."""
    for _ in range(3):
        edge[1:-1] += 0.5 * ((edge[:-2] + edge[2:]) / 2 - edge[1:-1])
    return edge


def _strip(points: F8, cloth: Surface, chain: I4, m: Measures) -> Surface:
    rows, width = points.shape[:2]
    # Necklines run the other way round than hems do.
    index = numbered(rows, width)[::-1]
    mix = sp.vstack([cloth.mix[chain]] * rows).tocsr()
    return hemmed(Surface(mix, points.reshape(-1, 3), lattice(index[:, ::-1], closed=False)[:, ::-1].copy()), 0.003 * m.unit)


def _lapels(entry: Cloth, m: Measures, cloth: Surface, edge: I4) -> Surface:
    """The front edges turned over from the button up, and the collar that they join."""
    neck = m.bone("Neck")
    lowest = float(neck[2]) - (entry.drop + 0.07) * m.unit
    upper = edge[(cloth.positions[edge, 2] > lowest) & (np.abs(cloth.positions[edge, 0]) < 0.11 * m.unit)]
    upper = upper[(cloth.mix[upper] @ m.arm) < 0]
    chain = _from_front(cloth, border_chain(cloth.triangles, upper)[0])
    root = _even(cloth.positions[chain])
    rise = np.clip((root[:, 2] - lowest) / max(float(root[:, 2].max()) - lowest, 1e-6), 0, 1)
    wide = np.interp(rise, (0, 0.62, 0.66, 0.7, 1), (0.004, 0.062, 0.064, 0.036, 0.042)) * m.unit
    away = root - neck
    sideways = np.stack([np.sign(root[:, 0]), 0 * rise, 0 * rise], 1)
    around = away * (1, 1, 0) / np.maximum(np.linalg.norm(away[:, :2], axis=1, keepdims=True), 1e-6)
    front = np.clip((0.02 * m.unit - away[:, 1:2]) / (0.05 * m.unit), 0, 1)
    way = around * (1 - front) + sideways * front
    rows = [root + way * (wide * share)[:, None] for share in (0.0, 0.5, 1.0)]
    laid = [laid_on(row, cloth, lift * m.unit) for row, lift in zip(rows, (0.001, 0.010, 0.007), strict=True)]
    return _strip(np.stack(laid), cloth, chain, m)


def laid_on(points: F8, ground: Surface, gap: float) -> F8:
    """Points (n, 3) moved to `gap` metres over a surface near them."""
    height, normal = heights(points, ground)
    return points + normal * np.where(height < 0.9, gap - height, 0)[:, None]
