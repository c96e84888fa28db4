"""Fewer triangles over the same vertices, for what is small in the picture or only casts a shadow."""

import numpy as np

from kinora_world.keeping import kept_with
from kinora_world.look.simplify import simplified
from kinora_world.scene import F4, F8, I4, Body

FINE = 400  # triangles; parts of fewer stay as they are
MANY = 3000  # triangles from which it is worth looking for those that are not needed
FLAT, LONGEST = 0.5, 10.0  # cells that a surface may move where triangles are taken away, and that their sides may measure then
FEATURE = 0.03  # metres around eyes and mouth that keep more, as they are looked at and move


@kept_with(0)
def fewer(body: Body, name: str, cell: float) -> I4:
    """The triangles (m, 3) of a body's part, drawn in pixels of about `cell` metres; all of them for 0. A face keeps more than hands."""
    triangles = next((part.triangles for part in body.parts if part.name == name), np.zeros((0, 3), np.int32))
    if not cell or len(triangles) < FINE:
        return triangles
    positions, normals = body.rest
    head = positions[:, 2] > body.landmarks.get("neck", (0.0, 0.0, np.inf))[2]
    cells = np.where(head, cell, 2 * cell)
    few = coarser(positions, triangles, cells)
    return simplified(positions, normals, few, FLAT * cells * _plain(body), LONGEST * cell) if len(few) >= MANY else few


def _plain(body: Body) -> F8:
    """(n,): 0.5 near eyes and mouth, and 1 elsewhere."""
    places = [body.landmarks[name] for name in ("eye_left", "eye_right", "mouth") if name in body.landmarks]
    near = [np.linalg.norm(body.rest[0] - np.asarray(place, np.float32), axis=1) < FEATURE for place in places]
    return np.where(np.any(near, axis=0), 0.5, 1.0) if near else np.ones(len(body.rest[0]))


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
