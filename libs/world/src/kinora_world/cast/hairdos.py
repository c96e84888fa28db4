"""What makes a hair style besides its shell: combed strands, fringes, spikes, curls, tails, braids and buns."""

import numpy as np

from kinora_world.cast.lattice import riding
from kinora_world.cast.locks import Skull, direction, spread, strands, tapered
from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import Solid, ball, joined, tube
from kinora_world.cast.surface import Surface
from kinora_world.scene import F8

_ALONG = np.linspace(0, 1, 6)


def carried(m: Measures, solid: Solid) -> Surface:
    """By the head, and below the chin more and more by the back."""
    return Surface(riding(m, hanging(m, solid.positions)), solid.positions, solid.triangles)


def hanging(m: Measures, points: F8) -> dict[str, F8]:
    """Shares of the bones that carry hair."""
    chin, neck = m.landmarks["chin"][2], m.landmarks["neck"][2]
    back = np.clip((chin - points[:, 2]) / max(chin - neck + 0.08 * m.unit, 1e-3), 0, 1) * 0.85
    return {"Head": 1 - back, "Spine2": back}


def _grown(skull: Skull, azimuth: F8, polar: F8, lift: F8, width: F8, thick: float) -> Solid:
    """Strands through points over the scalp (k, r); widths (k, r) in metres of an adult's head."""
    points = skull.at(azimuth, polar, lift)
    out = direction(azimuth, polar)
    return strands(points, out, width * skull.face, np.minimum(width, 0.03) * thick * skull.face)


def combed(skull: Skull, inside: F8, volume: float, part: float, *, strand: float = 1.0, reach: float = 36) -> Solid:
    """Strands over a cropped head, away from the whorl and, in front, to one side. `inside` is the hairline test of `roots`."""
    every = round(strand**1.6)
    azimuth, polar = (values[::every] for values in roots())
    inside = inside[::every]
    azimuth, polar = azimuth[inside > 0.012], polar[inside > 0.012]
    signed = (azimuth + 180) % 360 - 180
    front = np.clip(1 - np.abs(signed) / 80, 0, 1)[:, None]
    turned = azimuth[:, None] + _ALONG * (38 * front * np.sign(part + 1e-9) + 9 * np.sin(azimuth * 7)[:, None])
    sunk = polar[:, None] + _ALONG * (reach * (1 - 0.35 * front))
    over = np.clip((78 - polar) / 40, 0, 1)[:, None]
    lift = (0.0035 + 0.0125 * over) * volume + 0.004 * np.sin(np.pi * np.minimum(_ALONG + 0.1, 1)) - 0.003 * _ALONG
    return _grown(skull, turned, sunk, lift, tapered(len(azimuth), 0.0155 * strand, 0.06), 0.2)


def roots() -> tuple[F8, F8]:
    """Where strands may start, degrees around and down from the crown."""
    return spread(210, polar=(3, 100))


def fringe(skull: Skull, volume: float, sweep: float, ends: float = 93.0, count: int = 9, blunt: float = 0.03) -> Solid:
    """Bangs: pointed locks from the front of the crown down over the forehead."""
    azimuth = np.linspace(-58, 58, count)
    ragged = np.sin(np.arange(count) * 2.4 + 3 * sweep)
    turned = azimuth[:, None] + _ALONG**1.3 * (14 * sweep + 5 * ragged)[:, None]
    end = ends + 5 * ragged - 14 * np.exp(-((azimuth / 16) ** 2)) * (count > 7) + 0.12 * np.abs(azimuth)
    polar = 42 + _ALONG * (end[:, None] - 42)
    lift = np.interp(_ALONG, (0, 0.35, 0.7, 1), (0.010, 0.020, 0.021, 0.013)) * np.ones((count, 1)) * (0.7 + 0.3 * volume)
    return _grown(skull, turned, polar, lift, tapered(count, (2.3 if count < 12 else 3.2) * 0.115 / count, blunt), 0.3)


def curtain(skull: Skull, volume: float, part: float) -> Solid:
    """Strands from the parting down along the temples, over the edge of a mane."""
    side = np.repeat([1.0, -1.0], 6)
    start = np.tile(np.linspace(4, 58, 6), 2) * side + 9 * part
    end = side * np.tile(np.linspace(66, 84, 6), 2)
    turned = start[:, None] + (end - start)[:, None] * np.interp(_ALONG, (0, 0.4, 1), (0, 0.6, 1))
    polar = 50 + _ALONG * (np.tile(np.linspace(58, 74, 6), 2))[:, None]
    lift = np.interp(_ALONG, (0, 0.3, 0.7, 1), (0.008, 0.015, 0.018, 0.016)) * np.ones((12, 1)) * (0.6 + 0.4 * volume)
    return _grown(skull, turned, polar, lift, tapered(12, 0.024, 0.3), 0.2)


def sidelocks(skull: Skull, volume: float, length: float = 36) -> Solid:
    """Locks before the ears."""
    azimuth = np.array([63.0, 75.0, -63.0, -75.0])
    turned = azimuth[:, None] * (1 + 0.06 * _ALONG)
    polar = 62 + _ALONG * (34 + np.array([length, 0.6 * length, length, 0.6 * length]))[:, None]
    lift = np.interp(_ALONG, (0, 0.4, 1), (0.008, 0.016, 0.012)) * np.ones((4, 1)) * volume
    return _grown(skull, turned, polar, lift, tapered(4, 0.026, 0.03), 0.4)


def shag(skull: Skull, volume: float) -> Solid:
    """Clumps at the back and the sides whose tips stand away from the neck, and a few on top."""
    azimuth = np.concatenate([np.linspace(80, 280, 12), np.linspace(90, 270, 9), [30, 120, 200, 300]])
    start = np.concatenate([np.full(12, 76.0), np.full(9, 48.0), np.full(4, 16.0)])
    ragged = np.sin(np.arange(len(azimuth)) * 2.1)
    polar = start[:, None] + _ALONG * (44 + 6 * ragged)[:, None]
    turned = azimuth[:, None] + _ALONG**2 * (6 * ragged)[:, None]
    lift = (0.012 + _ALONG**2 * (0.024 + 0.006 * ragged)[:, None]) * volume
    return _grown(skull, turned, polar, lift, tapered(len(azimuth), 0.04, 0.02), 0.34)


def spikes(skull: Skull, volume: float) -> Solid:
    """Standing up from the crown, those over the forehead to the front."""
    azimuth, polar = spread(95, polar=(2, 72))
    ragged = 1 + 0.25 * np.sin(azimuth * 3.1)
    tall = 0.042 * volume * ragged
    forward = 0.35 * np.clip(np.cos(np.radians(azimuth)), 0, 1)
    up = polar[:, None] * (1 - _ALONG**1.3 * (0.25 - forward)[:, None])
    lift = 0.003 + _ALONG * tall[:, None]
    return _grown(skull, azimuth[:, None] * np.ones(6), up, lift, tapered(len(azimuth), 0.019, 0.02), 0.42)


def crest(skull: Skull, length: float) -> Solid:
    """A mohawk: a ridge of spikes from the forehead to the nape."""
    along = np.linspace(-56, 118, 30)
    azimuth, polar = np.where(along < 0, 0.0, 180.0), np.abs(along)
    beside = np.tile([-3.0, 3.0, 0.0], 10)
    points = skull.at(azimuth, polar, np.zeros(30))
    out = direction(azimuth, polar)
    out = out * (1, 1, 0.6) + np.array([0, 0, 0.5])
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    tall = length * (1 - 0.35 * np.abs(along - 10) / 100) * (1 + 0.12 * np.sin(np.arange(30) * 2.4))
    paths = points[:, None] + out[:, None] * (_ALONG * tall[:, None] * skull.face)[..., None]
    paths[..., 0] += (beside[:, None] * 0.0016 * (1 - 0.5 * _ALONG)) * skull.face
    facing = np.broadcast_to(np.array([1.0, 0, 0]), paths.shape)
    width = tapered(30, 0.034, 0.15) * skull.face
    return strands(paths, facing, width, 0.2 * width)


def curls(skull: Skull, inside: F8, lift: float, size: float = 1.0) -> Solid:
    """Short corkscrews all over the head."""
    azimuth, polar = roots()
    chosen = inside > 0.0
    azimuth, polar = azimuth[chosen], polar[chosen]
    share = np.linspace(0, 1, 9)
    phase = azimuth[:, None] + share * 560
    wide = 7.5 * size * np.sin(np.pi * np.minimum(share + 0.15, 1))
    turned = azimuth[:, None] + wide * np.cos(np.radians(phase)) / np.maximum(np.sin(np.radians(polar)), 0.35)[:, None]
    sunk = polar[:, None] + 20 * size * share + wide * np.sin(np.radians(phase))
    height = lift * (0.75 + 0.35 * np.sin(np.radians(phase)))
    points, out = skull.at(turned, sunk, height), direction(turned, sunk)
    width = np.broadcast_to(np.interp(share, (0, 0.3, 0.8, 1), (0.5, 1, 1, 0.3)) * 0.014 * skull.face, points.shape[:2])
    return strands(points, out, width, 0.45 * width)


def tail(m: Measures, skull: Skull, azimuth: float, polar: float, length: float, *, thick: float = 0.026, braided: bool = False) -> Solid:
    """A bundle tied at a place on the scalp that arches out and falls `length` metres of an adult's."""
    f = skull.face
    root = skull.at(np.array(azimuth), np.array(polar), np.array(0.008))
    out = direction(np.array(azimuth), np.array(polar))
    count = 26 if braided else 14
    share = np.linspace(0, 1, count)
    arch = 1 - np.exp(-share * length / (0.045 * f))
    path = (
        root
        + np.outer(arch * (0.012 if braided else 0.055) * f, out * (1, 1, 0))
        + np.outer(0.012 * f * np.sin(np.pi * np.minimum(share * 3, 1)), [0, 0, 1.0])
    )
    path[:, 2] -= np.maximum(share - 0.06, 0) * length * m.unit
    shape = np.interp(share, (0, 0.04, 0.2, 0.6, 1), (0.55, 0.45, 1.0, 0.85, 0.3)) * thick * f
    if braided:
        shape = (
            np.interp(share, (0, 0.1, 0.9, 0.93, 1), (0.8, 0.75, 0.55, 0.35, 0.25))
            * thick
            * f
            * (1 + 0.22 * np.abs(np.sin(share * 13 * np.pi)))
        )
        path[:, 0] += 0.005 * f * np.sin(share * 13 * np.pi)
    return tube(path, shape, 8)


def tie(m: Measures, skull: Skull, azimuth: float, polar: float) -> Solid:
    """The band around a tail's root."""
    at = skull.at(np.array(azimuth), np.array(polar), np.array(0.010))
    out = direction(np.array(azimuth), np.array(polar))
    path = at + np.outer(np.linspace(-0.004, 0.014, 4) * m.face, out)
    return tube(path, np.array([0.010, 0.016, 0.016, 0.010]) * m.face, 8)


def bun(skull: Skull) -> Solid:
    """A knot of wound hair at the back of the crown."""
    at = skull.at(np.array(180.0), np.array(46.0), np.array(0.024))
    out = direction(np.array(180.0), np.array(46.0))
    f = skull.face
    turn = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    aside = np.array([1.0, 0, 0])
    other = np.cross(out, aside)
    rings = []
    for height, wide, thick in ((-0.004, 0.024, 0.017), (0.012, 0.017, 0.014)):
        path = at + out * height * f + wide * f * (np.cos(turn)[:, None] * aside + np.sin(turn)[:, None] * other)
        rings.append(tube(path, thick * f * (1 + 0.1 * np.sin(5 * turn)), 8, closed=True))
    return joined([*rings, ball(at + out * 0.014 * f, 0.013 * f)])
