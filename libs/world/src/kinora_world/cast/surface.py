"""Triangle surfaces that ride on the base mesh: cutting along smooth lines, smoothing, offsetting, hems.

A surface's vertex is a mix of base vertices (so skin weights and face shapes follow) plus an offset of its own.
"""

from dataclasses import dataclass, replace

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kinora_world.scene import F8, I4


@dataclass(frozen=True, slots=True)
class Surface:
    """`mix` (n, base) rows sum to 1; `positions` (n, 3); `triangles` (m, 3)."""

    mix: sp.csr_matrix
    positions: F8
    triangles: I4


def from_base(vertices: F8, triangles: I4) -> Surface:
    """The part of the base mesh that `triangles` use."""
    used, local = np.unique(triangles, return_inverse=True)
    ones = np.ones(len(used))
    mix = sp.csr_matrix((ones, (np.arange(len(used)), used)), shape=(len(used), len(vertices)))
    return Surface(mix, vertices[used].copy(), local.reshape(-1, 3).astype(np.int32))


def combined(surfaces: list[Surface]) -> Surface:
    starts = np.cumsum([0] + [len(s.positions) for s in surfaces])
    triangles = [s.triangles + start for s, start in zip(surfaces, starts[:-1], strict=True)]
    return Surface(
        sp.vstack([s.mix for s in surfaces]).tocsr(),
        np.concatenate([s.positions for s in surfaces]),
        np.concatenate(triangles).astype(np.int32),
    )


def cut(surface: Surface, field: F8) -> Surface:
    """Keep where `field` (n,) is positive; crossing triangles are split, so the border follows the field's zero line."""
    inside = field > 0
    count = inside[surface.triangles].sum(1)
    whole = surface.triangles[count == 3]
    crossing = surface.triangles[(count == 1) | (count == 2)]
    edges: dict[tuple[int, int], int] = {}
    first, second, share = [], [], []

    def split(a: int, b: int) -> int:
        key = (min(a, b), max(a, b))
        if key not in edges:
            edges[key] = len(field) + len(edges)
            first.append(a)
            second.append(b)
            share.append(field[a] / (field[a] - field[b]))
        return edges[key]

    added: list[tuple[int, int, int]] = []
    for triangle in crossing.tolist():
        # Turn the triangle until its odd corner comes first.
        odd = next(k for k in range(3) if inside[triangle[k]] != inside[triangle[k - 1]] and inside[triangle[k]] != inside[triangle[k - 2]])
        a, b, c = triangle[odd], triangle[(odd + 1) % 3], triangle[(odd + 2) % 3]
        ab, ac = split(a, b), split(a, c)
        added += [(a, ab, ac)] if inside[a] else [(ab, b, c), (ab, c, ac)]
    t = np.array(share)
    extra_mix = sp.diags(1 - t) @ surface.mix[first] + sp.diags(t) @ surface.mix[second] if first else surface.mix[:0]
    extra = surface.positions[first] * (1 - t)[:, None] + surface.positions[second] * t[:, None] if first else np.zeros((0, 3))
    triangles = np.concatenate([whole, np.array(added, np.int32).reshape(-1, 3)])
    return compact(
        Surface(sp.vstack([surface.mix, extra_mix]).tocsr(), np.concatenate([surface.positions, extra]), triangles.astype(np.int32))
    )


def compact(surface: Surface) -> Surface:
    """Drop unused vertices."""
    used, local = np.unique(surface.triangles, return_inverse=True)
    return Surface(surface.mix[used], surface.positions[used], local.reshape(-1, 3).astype(np.int32))


def normals(positions: F8, triangles: I4) -> F8:
    """Area-weighted vertex normals (n, 3)."""
    a, b, c = (positions[triangles[:, k]] for k in range(3))
    face = np.cross(b - a, c - a)
    total = np.zeros_like(positions)
    for k in range(3):
        for axis in range(3):
            total[:, axis] += np.bincount(triangles[:, k], face[:, axis], minlength=len(positions))
    return np.asarray(total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12))


def neighbours(triangles: I4, size: int) -> sp.csr_matrix:
    """Row-normalised adjacency (size, size)."""
    return _adjacency(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), size)


def _adjacency(edges: I4, size: int) -> sp.csr_matrix:
    both = np.concatenate([edges, edges[:, ::-1]])
    matrix = sp.csr_matrix((np.ones(len(both)), (both[:, 0], both[:, 1])), shape=(size, size))
    matrix.data[:] = 1
    return sp.csr_matrix(sp.diags(1 / np.maximum(np.asarray(matrix.sum(1)).ravel(), 1)) @ matrix)


def smoothed(surface: Surface, rounds: int, *, pinned: NDArray[np.bool_] | None = None, strength: float = 0.5) -> Surface:
    """Laplacian smoothing of positions. Borders are smoothed along themselves, so they neither shrink nor fray; pinned vertices stay."""
    size = len(surface.positions)
    average, border = neighbours(surface.triangles, size), border_edges(surface.triangles)
    if len(border):
        ring = np.unique(border)
        along = _adjacency(border, size)
        inner = np.ones(size)
        inner[ring] = 0
        average = sp.diags(inner) @ average + along
    positions = surface.positions.copy()
    free = np.full(size, strength) if pinned is None else np.where(pinned, 0.0, strength)
    for _ in range(rounds):
        positions += free[:, None] * (average @ positions - positions)
    return replace(surface, positions=positions)


def inflated(surface: Surface, distance: float | F8) -> Surface:
    """Moved along the normals by metres, one number or one per vertex."""
    push = np.broadcast_to(distance, len(surface.positions))
    return replace(surface, positions=surface.positions + normals(surface.positions, surface.triangles) * push[:, None])


def border_edges(triangles: I4) -> I4:
    """Directed edges (k, 2) that belong to one triangle only."""
    edges = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    key = np.sort(edges, axis=1)
    _, first, count = np.unique(key, axis=0, return_index=True, return_counts=True)
    return np.asarray(edges[first[count == 1]], np.int32)


def border_chain(triangles: I4, among: I4) -> tuple[I4, bool]:
    """The longest run of border vertices that are all in `among`, in the border's order, and whether it closes on itself."""
    edges = border_edges(triangles)
    edges = edges[np.isin(edges, among).all(1)]
    follow = dict(edges.tolist())
    heads = [a for a in follow if a not in set(follow.values())] or list(follow)[:1]
    chains = [_walk(follow, head) for head in heads]
    chain = max(chains, key=len)
    return np.array(chain, np.int32), follow.get(chain[-1]) == chain[0]


def _walk(follow: dict[int, int], start: int) -> list[int]:
    chain = [start]
    while (after := follow.get(chain[-1])) is not None and after != start:
        chain.append(after)
    return chain


def hemmed(surface: Surface, depth: float | F8) -> Surface:
    """Fold every border inwards by `depth` metres (one number or one per vertex), so cloth has a visible thickness."""
    edges = border_edges(surface.triangles)
    if not len(edges):
        return surface
    size = len(surface.positions)
    ring, local = np.unique(edges, return_inverse=True)
    along, inward = _adjacency(edges, size), -normals(surface.positions, surface.triangles)
    for _ in range(8):  # cut borders have slivers, whose normals scatter
        inward[ring] = 0.4 * inward[ring] + 0.6 * (along @ inward)[ring]
    inward = inward[ring] / np.maximum(np.linalg.norm(inward[ring], axis=1, keepdims=True), 1e-9)
    fold = np.broadcast_to(depth, size)[ring, None]
    outer = local.reshape(-1, 2) + size  # vertices of its own, so that the edge is shaded sharp
    inner = outer + len(ring)
    strip = np.concatenate([np.stack([outer[:, 1], outer[:, 0], inner[:, 0]], 1), np.stack([outer[:, 1], inner[:, 0], inner[:, 1]], 1)])
    return Surface(
        sp.vstack([surface.mix, surface.mix[ring], surface.mix[ring]]).tocsr(),
        np.concatenate([surface.positions, surface.positions[ring], surface.positions[ring] + inward * fold]),
        np.concatenate([surface.triangles, strip]).astype(np.int32),
    )


def subdivided(surface: Surface) -> Surface:
    """Each triangle becomes four."""
    edges = np.sort(np.concatenate([surface.triangles[:, [0, 1]], surface.triangles[:, [1, 2]], surface.triangles[:, [2, 0]]]), axis=1)
    unique, place = np.unique(edges, axis=0, return_inverse=True)
    ab, bc, ca = place.ravel().reshape(3, -1) + len(surface.positions)
    a, b, c = surface.triangles.T
    triangles = np.concatenate([np.stack(t, 1) for t in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]).astype(np.int32)
    first, second = unique.T
    mix = sp.vstack([surface.mix, (surface.mix[first] + surface.mix[second]) * 0.5]).tocsr()
    return Surface(mix, np.concatenate([surface.positions, (surface.positions[first] + surface.positions[second]) / 2]), triangles)
