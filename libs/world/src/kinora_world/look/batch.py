"""Shapes merged into one vertex buffer, with one run of triangles per finish: few draw calls, however many shapes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kinora_world.look.primitives import primitive, stood
from kinora_world.scene import F4, I4, Shape

# position, normal, local position, local normal: 3 floats each; colour and roughness: 4; size: 3
FLOATS = 19
FORMAT = "3f 3f 3f 3f 4f 3f"
ATTRIBUTES = ("in_position", "in_normal", "in_local", "in_local_normal", "in_colour", "in_size")
NO_SHADOW = {
    "wall",
    "ceiling",
    "glow",
    "daylight",
    "fence",
    "hill",
    "water",
    "breaker",
    "tower",
    "rug",
    "haze",
    "space",
    "mountain",
    "still_water",
    "cloud",
}
NO_OUTLINE = {
    "leaf",
    "needle",
    "tuft",
    "frond",
    "glow",
    "daylight",
    "fence",
    "net",
    "hill",
    "water",
    "breaker",
    "wall",
    "ceiling",
    "tower",
    "rug",
    "haze",
    "space",
    "mountain",
    "crag",
    "still_water",
    "cloud",
    "stands",
}


@dataclass(frozen=True, slots=True)
class Batch:
    vertices: F4  # (n, FLOATS)
    finishes: dict[str, I4]  # (m, 3) triangles per finish
    casting: I4
    outlined: I4


def bake(shapes: Sequence[Shape], outlined_within: float = np.inf) -> Batch:
    """One batch of every visible shape, in the order given; outlines only for those within so many metres of the origin."""
    rows: list[F4] = []
    runs: dict[str, list[I4]] = {}
    casting: list[I4] = []
    outlined: list[I4] = []
    count = 0
    for shape in shapes:
        if not shape.visible:
            continue
        row, triangles = _vertices(shape)
        triangles = triangles + count
        rows.append(row)
        runs.setdefault(shape.finish, []).append(triangles)
        if shape.finish not in NO_SHADOW:
            casting.append(triangles)
        if shape.finish not in NO_OUTLINE and np.linalg.norm(shape.position) < outlined_within:
            outlined.append(triangles)
        count += len(row)
    vertices = np.concatenate(rows) if rows else np.zeros((0, FLOATS), np.float32)
    return Batch(vertices, {finish: _join(parts) for finish, parts in runs.items()}, _join(casting), _join(outlined))


def _join(parts: list[I4]) -> I4:
    return np.concatenate(parts) if parts else np.zeros((0, 3), np.int32)


def _vertices(shape: Shape) -> tuple[F4, I4]:
    own = primitive(shape)
    there = stood(own, shape)
    size = (*shape.size, 0.0, 0.0)[:3]
    constant = np.tile((*shape.colour, shape.roughness, *size), (len(own.position), 1))
    return np.hstack([there.position, there.normal, own.position, own.normal if own.card is None else own.card, constant]).astype(
        np.float32
    ), own.triangles
