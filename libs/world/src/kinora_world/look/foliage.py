"""Leaves, needles, fronds and grass: real blades, as seeing through the gaps of a picture of leaves costs more than drawing them.

A blade's local normal carries its place on the blade, -1..1, and in z its own random number; z < 0 is the dark inside of a clump.
"""

from math import pi

import numpy as np

from kinora_world.look.geometry import plane
from kinora_world.look.triangles import Mesh, joined, revolve, unit
from kinora_world.scene import F8, I4

GOLDEN = 2.39996  # rad: a spiral that fills a sphere evenly
FLAT = np.array([1.0, 1.0, 0.84])  # clumps are a little flatter than balls
FINEST = 0.02  # a leaf's length as a share of its distance: some ten pixels at 720p
UNSEEN_BEYOND = 12.0  # metres: no camera gets behind what is so far out
COVER = 0.45  # of the clump's surface; its dark inside shows between
_KITE = np.array([[-1.0, 0.0], [-0.1, -0.42], [1.0, 0.0], [-0.1, 0.42]])
_UP = np.array([0.0, 0.0, 1.0])


def leaves(radius: float, at: F8, seed: int) -> Mesh:
    """A clump of leaves about a dark core. `at` (3,) is where it is, in its own axes, from the stage's middle.

    The farther, the larger and fewer are the leaves; there are none at its far side.
    """
    rng = np.random.default_rng(seed)
    away = float(np.hypot(at[0], at[1]))
    length = max(FINEST * (away + 4), 0.24 * radius)
    count = int(np.clip(4 * pi * radius**2 * COVER / (0.35 * length**2), 30, 200))
    turn, z = np.arange(count) * GOLDEN, 1 - 2 * (np.arange(count) + 0.5) / count
    out = unit(np.stack([np.sqrt(1 - z * z) * np.cos(turn), np.sqrt(1 - z * z) * np.sin(turn), z], -1) + rng.normal(0, 0.1, (count, 3)))
    if away > UNSEEN_BEYOND:
        out = out[out[:, :2] @ at[:2] < 0.45 * away]
    lean = unit(out + rng.normal(0, 0.55, out.shape) + (0, 0, 0.25))
    along = unit(np.cross(lean, rng.normal(0, 1, out.shape)) - (0, 0, 0.35))
    centre = out * radius * rng.uniform(0.82, 1.02, (len(out), 1)) * FLAT
    return joined(_core(radius * 0.86), _blades(centre, along, lean, length * rng.uniform(0.4, 0.6, (len(out), 1)), out, rng))


def _blades(centre: F8, along: F8, lean: F8, half: F8, shaded_as: F8, rng: np.random.Generator) -> Mesh:
    """A kite for each leaf, folded a little along its rib."""
    side = unit(np.cross(lean, along))
    corners = [centre + half * (a * along + b * side) + half * 0.16 * abs(b) * lean for a, b in _KITE]
    position = np.stack(corners, 1).reshape(-1, 3)
    normal = np.repeat(unit(shaded_as * 0.8 + lean * 0.35), 4, 0)
    card = np.column_stack([np.tile(_KITE, (len(centre), 1)), np.repeat(rng.uniform(0, 1, len(centre)), 4)])
    return Mesh(position, normal, _fans(len(centre), 4), card)


def _fans(count: int, corners: int) -> I4:
    """Triangles of `count` polygons of so many corners each."""
    fan = np.array([[0, i, i + 1] for i in range(1, corners - 1)])
    return np.asarray((fan[None] + corners * np.arange(count)[:, None, None]).reshape(-1, 3), np.int32)


def _core(radius: float) -> Mesh:
    """The clump's dark inside."""
    angle = np.linspace(-pi / 2, pi / 2, 6)
    arc = np.stack([np.cos(angle), np.sin(angle)], -1)
    ball = revolve(arc * radius, arc, 9)
    return Mesh(ball.position * FLAT, ball.normal, ball.triangles, np.tile((0.0, 0.0, -1.0), (len(ball.position), 1)))


def needles(radius: float, half: float, seed: int) -> Mesh:
    """Tiers of drooping boughs about a dark cone: a spruce between z = -half and half."""
    rng = np.random.default_rng(seed)
    tiers = int(np.clip(half * 4.2, 7, 15))
    rows = []
    for tier in range(tiers):
        up = tier / tiers
        boughs = int(13 - 6 * up)
        turn = np.arange(boughs) * 2 * pi / boughs + tier * GOLDEN + rng.normal(0, 0.12, boughs)
        reach = radius * (1 - up) ** 0.9 * rng.uniform(0.82, 1.12, boughs) + 0.04 * half
        rows.append(np.stack([turn, reach, np.full(boughs, -half + 2 * half * (up * 0.94 + 0.05))], -1))
    turn, reach, z = np.concatenate(rows).T
    out, side = np.stack([np.cos(turn), np.sin(turn), 0 * turn], -1), np.stack([-np.sin(turn), np.cos(turn), 0 * turn], -1)
    base, long, wide = z[:, None] * _UP, reach[:, None], reach[:, None] * 0.34 + 0.05
    fall = long * 0.5 * _UP
    corners = [
        base + out * long * 0.12 + 0.1 * long * _UP,
        base + out * long * 0.62 - side * wide - fall * 1.05,
        base + out * long - fall * 0.95,
        base + out * long * 0.62 + side * wide - fall * 1.05,
        base + out * long * 0.6 - fall * 0.35,
    ]
    fold = np.array([[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]])
    position = np.stack(corners, 1).reshape(-1, 3)
    normal = np.repeat(unit(out + 0.55 * _UP), 5, 0)
    place = np.array([[-1, 0], [0.3, -1], [1, 0], [0.3, 1], [0.1, 0.0]])
    card = np.column_stack([np.tile(place, (len(turn), 1)), np.repeat(rng.uniform(0, 1, len(turn)), 5)])
    boughs_ = Mesh(position, normal, (fold[None] + 5 * np.arange(len(turn))[:, None, None]).reshape(-1, 3).astype(np.int32), card)
    inside = revolve(np.array([(radius * 0.5, -half * 0.95), (0.02, half)]), np.array([(0.95, 0.3), (0.95, 0.3)]), 9)
    return joined(Mesh(inside.position, inside.normal, inside.triangles, np.tile((0.0, 0.0, -1.0), (len(inside.position), 1))), boughs_)


def tuft(radius: float, half: float, seed: int) -> Mesh:
    """Blades of grass bending outwards from the base."""
    rng = np.random.default_rng(seed)
    count = 22
    angle = rng.uniform(0, 2 * pi, count)
    out = np.stack([np.cos(angle), np.sin(angle), np.zeros(count)], -1)
    side = np.stack([-np.sin(angle), np.cos(angle), np.zeros(count)], -1)
    base = out * rng.uniform(0, 0.45, (count, 1)) * radius - (0, 0, half)
    tall, bend = rng.uniform(0.55, 1.0, (count, 1)) * 2 * half, rng.uniform(0.1, 0.7, (count, 1)) * radius
    wide = 0.035 * 2 * half + 0.004
    middle = base + _UP * tall * 0.6 + out * bend * 0.4
    position = np.stack(
        [base - side * wide, base + side * wide, middle + side * wide * 0.8, middle - side * wide * 0.8, base + _UP * tall + out * bend], 1
    )
    blade = np.array([[0, 1, 2], [0, 2, 3], [3, 2, 4]])
    triangles = (blade[None] + 5 * np.arange(count)[:, None, None]).reshape(-1, 3).astype(np.int32)
    return Mesh(position.reshape(-1, 3), np.repeat(unit(out * 0.35 + _UP), 5, 0), triangles)


def frond(length: float, width: float) -> Mesh:
    """A palm leaf along X, arching down towards its tip, folded along its rib."""
    flat = plane(np.array([length, width]), 8)
    along = flat.position[:, 0] / length * 0.5 + 0.5
    position = flat.position.copy()
    position[:, 1] *= np.sin(np.clip(along * 1.05 + 0.06, 0, 1) * pi) ** 0.55
    position[:, 2] = -0.75 * length * along**2.2 - 0.55 * np.abs(position[:, 1])
    return Mesh(position, flat.normal, flat.triangles)
