"""Fewer triangles over the same vertices, for what is small in the picture or only casts a shadow."""

import numpy as np

from kinora_world.scene import F4, F8, I4


def coarser(positions: F4, triangles: I4, cell: float | F8) -> I4:
    """The triangles (m, 3) left when every cube of `cell` metres keeps one vertex: vertex clustering (Rossignac and Borrel, 1993). The
    cell may be given per vertex, (n,).

    What is left uses vertices of the finer mesh, the one nearest its cube's mean, so that skins and shapes go on fitting.
    """
    used = np.unique(triangles)
    at = positions[used]
    own = np.broadcast_to(cell, len(positions))[used]
    cube = np.floor(at / own[:, None]).astype(np.int64) @ (1, 1 << 18, 1 << 36) + (own * 1e4).astype(np.int64) * (1 << 52)
    _, cluster = np.unique(cube, return_inverse=True)
    count = np.bincount(cluster)
    mean = np.stack([np.bincount(cluster, at[:, axis]) / count for axis in range(3)], -1)
    order = np.lexsort((np.linalg.norm(at - mean[cluster], axis=1), cluster))
    first = np.concatenate([[0], np.cumsum(count)[:-1]])
    stands_for = np.zeros(len(positions), np.int32)
    stands_for[used] = used[order[first]][cluster]
    kept = stands_for[triangles]
    distinct = (kept[:, 0] != kept[:, 1]) & (kept[:, 1] != kept[:, 2]) & (kept[:, 2] != kept[:, 0])
    _, once = np.unique(np.sort(kept[distinct], 1), axis=0, return_index=True)
    return np.asarray(kept[distinct][np.sort(once)])
