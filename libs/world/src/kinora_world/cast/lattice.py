"""Sheets of vertices in rows and columns, and sheets that bones carry."""

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.measures import Measures
from kinora_world.scene import F8, I4


def numbered(rows: int, columns: int, start: int = 0) -> I4:
    """Vertex numbers (rows, columns), row after row."""
    return np.arange(start, start + rows * columns, dtype=np.int32).reshape(rows, columns)


def lattice(index: I4, *, closed: bool) -> I4:
    """Triangles (m, 3) between rows of vertex numbers (rows, columns), facing out when columns run counter-clockwise seen from above."""
    beside = np.roll(index, -1, 1)
    if not closed:
        index, beside = index[:, :-1], beside[:, :-1]
    a, b, c, d = (x.ravel() for x in (index[:-1], beside[:-1], index[1:], beside[1:]))
    return np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)]).astype(np.int32)


def riding(m: Measures, shares: dict[str, F8]) -> sp.csr_matrix:
    """Rows (n, base) that follow bones by the given shares (n,) and no face shape."""
    size = len(next(iter(shares.values())))
    columns = np.repeat([m.anchor(bone) for bone in shares], size)
    values = np.concatenate(list(shares.values()))
    return sp.csr_matrix((values, (np.tile(np.arange(size), len(shares)), columns)), shape=(size, len(m.vertices)))
