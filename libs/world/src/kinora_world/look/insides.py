"""Where the inside of a garment may be seen: as far from an opening as the opening is wide."""

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from kinora_world.scene import F4, I4


def seen_inside(positions: F4, triangles: I4) -> I4:
    """Those of the triangles (m, 3) whose inside an opening of the surface lets see; a hem's opening is a skirt's or a sleeve's."""
    rims = _openings(triangles, len(positions))
    used = np.unique(triangles)
    seen = np.zeros(len(positions), bool)
    for rim in rims:
        points = positions[rim]
        wide = float(np.linalg.norm(np.ptp(points, axis=0))) / 2
        near, _ = cKDTree(points).query(positions[used], distance_upper_bound=wide)
        seen[used[np.isfinite(near)]] = True
    return np.asarray(triangles[seen[triangles].any(1)])


def _openings(triangles: I4, count: int) -> list[NDArray[np.int64]]:
    """The vertices of each closed line of sides that only one triangle has."""
    start, end = triangles.ravel().astype(np.int64), np.roll(triangles, -1, 1).ravel().astype(np.int64)
    sides, faces = np.unique(np.minimum(start, end) * count + np.maximum(start, end), return_counts=True)
    low, high = sides[faces == 1] // count, sides[faces == 1] % count
    _, line = connected_components(sp.coo_matrix((np.ones(len(low)), (low, high)), (count, count)), directed=False)
    rim = np.unique(np.concatenate([low, high]))
    return [rim[line[rim] == each] for each in np.unique(line[rim])]
