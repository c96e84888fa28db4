"""Triangles, and the two ways most of them are made: lattices and surfaces of revolution."""

from dataclasses import dataclass
from math import pi

import numpy as np

from kinora_world.scene import F8, I4


@dataclass(frozen=True, slots=True)
class Mesh:
    position: F8  # (n, 3)
    normal: F8  # (n, 3)
    triangles: I4  # (m, 3), counter-clockwise seen from outside
    card: F8 | None = None  # (n, 3) place on a leaf's card, -1..1, in the stead of a local normal


def grid(rows: int, columns: int) -> I4:
    """Triangles of a rows x columns lattice of vertices."""
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    return np.stack([a, b, c, a, c, d], -1).reshape(-1, 3).astype(np.int32)


def revolve(profile: F8, normals: F8, segments: int) -> Mesh:
    """A profile of (radius, z) from bottom to top, turned about Z; `normals` are (radial, z)."""
    angle = np.linspace(0, 2 * pi, segments + 1)
    circle = np.stack([np.cos(angle), np.sin(angle)], -1)

    def around(p: F8) -> F8:
        return np.concatenate([p[:, None, :1] * circle[None], np.broadcast_to(p[:, None, 1:], (len(p), segments + 1, 1))], -1).reshape(
            -1, 3
        )

    return Mesh(around(profile), around(normals), grid(len(profile), segments + 1))


def unit(vectors: F8) -> F8:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def joined(*meshes: Mesh) -> Mesh:
    """One mesh of several that all have cards, or all none."""
    starts = np.cumsum([0, *(len(mesh.position) for mesh in meshes)])
    triangles = np.concatenate([mesh.triangles + start for mesh, start in zip(meshes, starts, strict=False)]).astype(np.int32)
    cards = [mesh.card for mesh in meshes if mesh.card is not None]
    return Mesh(
        np.concatenate([mesh.position for mesh in meshes]),
        np.concatenate([mesh.normal for mesh in meshes]),
        triangles,
        np.concatenate(cards) if cards else None,
    )
