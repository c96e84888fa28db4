"""Mountains: a cone broken up into ridges and gullies."""

from math import pi

import numpy as np

from kinora_world.look.triangles import Mesh, grid, unit
from kinora_world.scene import F8

SIDES, RINGS = 44, 12


def massif(radius: float, half: float, seed: int, flat: float = 1.0) -> Mesh:
    """A mountain from z = -half to about half, `radius` wide at its foot; `flat` cuts its top off at that share of its height."""
    rng = np.random.default_rng(seed)
    angle, share = np.meshgrid(np.linspace(0, 2 * pi, SIDES + 1), np.linspace(1, 0, RINGS))
    ridge = _ridges(angle, share, rng)
    lobes = 1 + 0.3 * np.sin(angle * 2 + rng.uniform(0, 6)) * share + 0.16 * np.sin(angle * 3 + rng.uniform(0, 6)) * share
    steep = (1 - share) ** 1.15 * (0.45 + 0.75 * ridge * np.minimum(1, 2.4 * share) + 0.55 * (1 - np.minimum(1, 2.4 * share)))
    height = np.minimum(steep, flat + 0.05 * ridge) / flat
    lean = rng.normal(0, 0.16, 2) * radius * (1 - share)[..., None]
    reach = radius * share * lobes * (0.75 + 0.4 * ridge)
    position = np.stack([reach * np.cos(angle) + lean[..., 0], reach * np.sin(angle) + lean[..., 1], half * (2 * height - 1)], -1)
    normal = np.cross(np.gradient(position, axis=1), np.gradient(position, axis=0))
    normal[-1] = (0, 0, 1)
    normal[:, 0] = normal[:, -1] = unit(normal[:, 0]) + unit(normal[:, -1])
    return Mesh(position.reshape(-1, 3), unit(normal.reshape(-1, 3)), grid(RINGS, SIDES + 1))


def _ridges(angle: F8, share: F8, rng: np.random.Generator) -> F8:
    """0 in the gullies to 1 on the crests; the same at both ends of the turn."""
    waves = [(3, 1.0), (5, 0.8), (8, 0.5), (13, 0.35), (21, 0.2)]
    total = sum(w * (1 - abs(np.sin(k * angle / 2 + rng.uniform(0, 6) + share * rng.uniform(-2.5, 2.5)))) for k, w in waves)
    ridge = np.asarray(total) / sum(w for _, w in waves)
    ridge[:, -1] = ridge[:, 0]
    return np.asarray((ridge - ridge.min()) / (ridge.max() - ridge.min()))
