"""Helmets that enclose the head: a rounded shell, open before the face."""

import numpy as np

from kinora_world.cast.measures import Measures
from kinora_world.cast.solids import Solid, ball, joined, on_bone, tube
from kinora_world.cast.surface import Surface, combined, cut, hemmed
from kinora_world.cast.wardrobe import Helm
from kinora_world.scene import F8

_ROUND = 2.6  # exponent of the superellipsoid: fuller than an egg


def make_helm(entry: Helm, m: Measures) -> tuple[Surface, Surface | None]:
    """The helmet, and what it is trimmed with."""
    centre, half = _room(m)
    half = half + entry.gap * m.face
    shell = on_bone(_shell(centre, half), m, "Head")
    low = shell.positions[:, 2] - float(m.landmarks["chin"][2]) + entry.low * m.face
    shell = hemmed(cut(shell, np.minimum(low, -_opening(entry, m, shell.positions))), 0.007 * m.face)
    trims = [_TRIMS[name](centre, half, m) for name in entry.trims if name in _TRIMS]
    if entry.visor:
        shell = combined([shell, on_bone(_visor(entry, m, centre, half), m, "Head")])
    return shell, on_bone(joined(trims), m, "Head") if trims else None


def _room(m: Measures) -> tuple[F8, F8]:
    """The middle of the skull and its half-extents, without the nose."""
    body = np.unique(m.data.groups["body"])
    head = m.vertices[body[np.asarray(m.data.weights[body, m.data.bones.index("Head")].todense()).ravel() > 0.5]]
    above = head[head[:, 2] > m.landmarks["eye_left"][2] - 0.01 * m.face]
    low, high = above.min(0), above.max(0)
    low[2] = m.landmarks["mouth"][2]
    return (low + high) / 2, (high - low) / 2


def _shell(centre: F8, half: F8) -> Solid:
    solid = ball(np.zeros(3), 1.0, 26, 40)
    way = solid.positions
    reach = (np.abs(way) ** _ROUND).sum(1) ** (-1 / _ROUND)
    points = way * reach[:, None]
    points[:, 2] = np.where(points[:, 2] < 0, 1.7 * points[:, 2], points[:, 2])  # down over the nape
    return Solid(centre + points * half, solid.triangles)


def _opening(entry: Helm, m: Measures, points: F8) -> F8:
    """Metres within the face's window (n,), an egg about the eyes."""
    wide, up, down = (length * m.face for length in entry.window)
    at = points - m.landmarks["eye_left"]
    tall = np.where(at[:, 2] > 0, up, down)
    inside = 1 - ((np.abs(points[:, 0]) / wide) ** 3 + (np.abs(at[:, 2]) / tall) ** 3) ** (1 / 3)
    return np.where(at[:, 1] < 0.07 * m.face, inside * wide, -0.05)


def _visor(entry: Helm, m: Measures, centre: F8, half: F8) -> Solid:
    """Pushed up over the brow: what would close the window, a little larger, turned about the ears, with a pointed middle."""
    shell = on_bone(_shell(np.zeros(3), half * 1.06), m, "Head")
    shut = cut(shell, np.minimum(0.085 * m.face - np.abs(shell.positions[:, 0]), _strip(shell.positions, half)))
    shut = hemmed(shut, 0.004 * m.face)
    points = shut.positions.copy()
    points[:, 1] -= 0.25 * np.clip(half[0] * 0.9 - np.abs(points[:, 0]), 0, None) * (points[:, 1] < 0)
    turn = np.radians(entry.visor)
    c, s = np.cos(turn), np.sin(turn)
    points[:, 1:] = points[:, 1:] @ np.array([[c, -s], [s, c]])
    return Solid(centre + points, shut.triangles)


def _strip(points: F8, half: F8) -> F8:
    return np.where(points[:, 1] < 0.1 * half[1], 0.45 * half[2] - np.abs(points[:, 2] + 0.1 * half[2]), -0.05)


def _ridge(centre: F8, half: F8, m: Measures) -> Solid:
    turn = np.linspace(-0.9, 1.5, 14)
    path = centre + np.stack([0 * turn, 1.04 * half[1] * np.sin(turn), 1.03 * half[2] * np.cos(turn)], 1)
    return tube(path, np.full(14, 0.009 * m.face), 6)


def _horns(centre: F8, half: F8, m: Measures) -> Solid:
    bend = np.linspace(0, 1, 10)
    out = half[0] * 0.9 + m.face * 0.085 * np.sin(bend * 1.7)
    up = 0.35 * half[2] + m.face * (0.03 * bend + 0.13 * bend**2)
    horns = [tube(centre + np.stack([sign * out, 0 * bend, up], 1), m.face * 0.024 * (1 - bend) ** 0.8, 10) for sign in (1.0, -1.0)]
    return joined(horns)


def _plume(centre: F8, half: F8, m: Measures) -> Solid:
    """A crest of bristles from the brow to the nape."""
    turn = np.linspace(-1.0, 1.9, 22)
    path = centre + np.stack([0 * turn, 1.16 * half[1] * np.sin(turn), 1.16 * half[2] * np.cos(turn)], 1)
    return tube(path, m.face * 0.034 * np.sin(np.linspace(0.35, np.pi, 22)) ** 0.5, 8, flat=0.45)


_TRIMS = {"ridge": _ridge, "horns": _horns, "plume": _plume}
