"""Scarves, ties, necklaces: laid around the neck and down the chest over whatever is worn there."""

from collections.abc import Callable

import numpy as np

from kinora_world.cast.cloth import heights
from kinora_world.cast.collars import laid_on
from kinora_world.cast.lattice import lattice, numbered
from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import Solid, attached, ball, disc, joined, tube
from kinora_world.cast.surface import Surface, combined, hemmed
from kinora_world.cast.wardrobe import Neckwear
from kinora_world.scene import F8

_AROUND = np.linspace(0, 2 * np.pi, 32, endpoint=False)
# Down a tie: share of its length to half-width, metres.
_TIE = ((0.0, 0.06, 0.065, 0.09, 0.85, 1.0), (0.012, 0.017, 0.013, 0.014, 0.036, 0.002))


def make_neckwear(entry: Neckwear, m: Measures, chest: Surface) -> tuple[Surface, Surface | None]:
    """The thing and what hangs on it. `chest` is the outermost surface there, skin or cloth."""
    if entry.form == "scarf":
        return combined([_wrap(m, chest), _end(m, chest)]), None
    if entry.form == "tie":
        return _tie(m, chest), None
    if entry.form == "bow_tie":
        return _bow(m, chest), None
    if entry.form == "stethoscope":
        return _stethoscope(m, chest)
    drop = 0.34 if entry.form == "medal" else 0.075
    ring = _loop(m, chest, drop)
    low = ring[ring[:, 2].argmin()]
    thick = np.full(len(ring), (0.0022 if entry.form == "necklace" else 0.005) * m.unit)
    cord = attached(tube(ring, thick, 5, closed=True), chest, whole=False)
    size = 0.010 if entry.form == "necklace" else 0.032
    hanging = disc(low - np.array([0.0, 0.003, size]) * m.unit, np.array([0.0, -1.0, 0.0]), size * m.unit, 0.005 * m.unit, 14)
    return cord, attached(hanging, chest)


def _stethoscope(m: Measures, chest: Surface) -> tuple[Surface, Surface]:
    """A tube around the neck whose ends hang down the chest, one with its disc."""
    ring = _loop(m, chest, 0.16)
    ends = [_strand(m, chest, sign, length) for sign, length in ((1.0, 0.3), (-1.0, 0.2))]
    thick = 0.005 * m.unit
    tubes = [tube(path, np.full(len(path), thick), 6) for path in (np.roll(ring, -8, 0)[4:21], *ends)]
    plate = disc(ends[0][-1] - np.array([0.0, 0.006, 0.0]) * m.unit, np.array([0.0, -1.0, 0.0]), 0.022 * m.unit, 0.008 * m.unit, 12)
    return attached(joined(tubes), chest, whole=False), attached(plate, chest)


def _strand(m: Measures, chest: Surface, sign: float, length: float) -> F8:
    neck, u, share = m.bone("Neck"), m.unit, np.linspace(0, 1, 12)
    x, z = sign * (0.06 + 0.012 * share) * u, neck[2] - (0.02 + length * share) * u
    points = np.stack([x, np.interp(z, *_front(chest, m, sign * 0.065 * u)) - 0.008 * u, z], 1)
    return laid_on(laid_on(points, chest, 0.012 * u), chest, 0.012 * u)


def _loop(m: Measures, chest: Surface, drop: float) -> F8:
    """(n, 3): around the neck, hanging down in front by `drop`."""
    neck, u = m.bone("Neck"), m.unit
    front = (1 + np.cos(_AROUND)) / 2
    wide = 0.075 * u
    points = np.stack(
        [wide * np.sin(_AROUND) * (1 - 0.15 * front), neck[1] - wide * np.cos(_AROUND), neck[2] - 0.012 * u - drop * u * front**1.6], 1
    )
    points[:, 1] -= 0.02 * u * front
    for _ in range(3):
        points = laid_on(points, chest, 0.006 * u)
    return points


def _wrap(m: Measures, chest: Surface) -> Surface:
    """Two thick turns around the neck."""
    neck, u = m.bone("Neck"), m.unit
    found = []
    for turn, (rise, wide, thick) in enumerate(((0.012, 0.083, 0.03), (0.042, 0.074, 0.027))):
        front = (1 + np.cos(_AROUND)) / 2
        lump = 1 + 0.14 * np.sin(5 * _AROUND + 2 * turn)
        points = np.stack(
            [wide * u * np.sin(_AROUND), neck[1] - 0.01 * u - wide * u * np.cos(_AROUND) * 1.05, neck[2] + (rise - 0.04 * front) * u], 1
        )
        ring = tube(points, thick * u * lump, 10, closed=True)
        found.append(attached(ring, chest, whole=False))
    return combined(found)


def _end(m: Measures, chest: Surface) -> Surface:
    neck, u = m.bone("Neck"), m.unit
    return _hanging(m, chest, neck[2] - 0.04 * u, 0.34 * u, 0.05 * u, lambda share: 0.045 * u * np.ones_like(share), 0.012)


def _tie(m: Measures, chest: Surface) -> Surface:
    neck, u = m.bone("Neck"), m.unit
    top = float(neck[2]) - 0.028 * u
    length = top - float(m.bone("Hips")[2]) - 0.05 * u
    return _hanging(m, chest, top, length, 0.0, lambda share: np.interp(share, *_TIE) * u, 0.007)


def _hanging(m: Measures, chest: Surface, top: float, length: float, aside: float, half: Callable[[F8], F8], gap: float) -> Surface:
    """A strip that lies down the front of the body, `aside` metres from its middle."""
    share = np.linspace(0, 1, 18)
    across = np.array([-1.0, -0.5, 0.0, 0.5, 1.0])
    x = aside + half(share)[:, None] * across
    z = np.broadcast_to((top - share * length)[:, None], x.shape)
    points = np.stack([x, np.interp(z, *_front(chest, m, aside)), z], -1).reshape(-1, 3)
    bulge = (gap + 0.004 * (1 - np.abs(np.tile(across, 18)))) * m.unit
    points[:, 1] -= bulge
    low, _ = heights(points, chest)
    points[:, 1] -= np.clip(0.004 * m.unit - np.where(low < 0.9, low, 1), 0, 0.05)
    index = numbered(18, 5)
    solid = Solid(points, lattice(index, closed=False))
    return hemmed(attached(solid, chest, whole=False), 0.004 * m.unit)


def _front(chest: Surface, m: Measures, aside: float) -> tuple[F8, F8]:
    """Heights, ascending, and how far forward the chest reaches there."""
    ahead = chest.positions[:, 1] < float(m.bone("Spine1")[1])
    at = chest.positions[ahead & (np.abs(chest.positions[:, 0] - aside) < 0.05 * m.unit)]
    order = at[:, 2].argsort()
    return at[order, 2], np.minimum.reduce([np.roll(at[order, 1], k) for k in range(-3, 4)])


def _bow(m: Measures, chest: Surface) -> Surface:
    u = m.unit
    z = float(m.bone("Neck")[2]) - 0.03 * u
    y = float(np.interp(z, *_front(chest, m, 0.0))) - 0.012 * u
    centre = np.array([0.0, y, z])
    wings = []
    for sign in (1.0, -1.0):
        out = np.array([0.0, 0.25, 0.75, 1.0]) * 0.055 * u
        path = centre + np.stack([sign * out, 0.1 * out, 0 * out], 1)
        wings.append(tube(path, np.array([0.008, 0.016, 0.026, 0.022]) * u, 8, flat=0.35))
    return attached(joined([*wings, ball(centre, 0.011 * u)]), chest)
