"""Ears: leaves of skin on either side of the skull."""

import numpy as np

from kinora_world.cast.colour import Linear, linear
from kinora_world.cast.creatures.assembly import Assembly, Paint
from kinora_world.cast.creatures.implicit import Mesh, Solid
from kinora_world.cast.creatures.paint import tint
from kinora_world.cast.creatures.pieces import curve, loft, mirrored
from kinora_world.cast.skeleton import unit
from kinora_world.scene import F8
from kinora_world.species import Ears, Species

_PINK = linear("#c98a80")
# Widths along the ear, root to tip, as shares of its width; then the same of its thickness.
_OUTLINES = {
    "pointed": [0.8, 1.0, 0.98, 0.86, 0.66, 0.4, 0.12],
    "round": [0.7, 0.95, 1.08, 1.1, 1.0, 0.76, 0.35],
    "floppy": [0.5, 0.85, 1.05, 1.15, 1.15, 0.95, 0.5],
    "long": [0.6, 0.9, 1.0, 1.0, 0.9, 0.68, 0.3],
    "leaf": [0.35, 0.85, 1.1, 1.05, 0.85, 0.55, 0.15],
    "fan": [0.6, 0.95, 1.15, 1.25, 1.2, 0.95, 0.5],
}


def add_ears(assembly: Assembly, ears: Ears, crown: F8, skull: float, solid: Solid, scale: float, coat: Linear, entry: Species) -> None:
    """A pair, and the pink within where it shows."""
    if ears.shape == "none":
        return
    outer, inner = _ear(ears, crown, skull, solid, scale)
    colour = next((tint(m.colour, coat) for m in reversed(entry.markings) if m.kind == "bones" and "Ear" in m.bones), coat)
    for bone, flip in (("LeftEar", False), ("RightEar", True)):
        assembly.piece("ears", bone, mirrored(outer) if flip else outer, Paint(colour, entry.finish, entry.roughness))
        if inner is not None:
            assembly.piece("ears_within", bone, mirrored(inner) if flip else inner, Paint(_PINK, "plain", 0.8, outlined=False))


def _ear(ears: Ears, crown: F8, skull: float, solid: Solid, scale: float) -> tuple[Mesh, Mesh | None]:
    place, out = np.radians(ears.place), np.radians(ears.out)
    way = np.array([np.sin(place), 0.12, np.cos(place)])
    root = solid.surface_along(crown, unit(way), 2 * skull) - 0.25 * ears.width * ears.size * scale * unit(way)
    length = ears.size * scale
    up = np.array([np.sin(out), 0.05, np.cos(out)])
    if ears.shape == "floppy":
        path = curve(
            root,
            length * np.array([0.32, 0.02, 0.12]),
            length * np.array([0.12, -0.12, -0.5]),
            length * np.array([-0.1, -0.1, -0.6]),
            count=7,
        )
    elif ears.shape == "leaf":
        path = curve(root, length * np.array([0.5, 0.0, 0.1]), length * np.array([0.5, 0.05, -0.12]), count=7)
    elif ears.shape == "fan":
        path = curve(root, length * np.array([0.35, 0.1, 0.1]), length * np.array([0.3, 0.25, -0.2]), count=7)
    else:
        path = curve(root, 0.5 * length * up, 0.5 * length * (up + np.array([0.0, 0.08, 0.0])), count=7)
    side = {"floppy": np.array([0.0, 1.0, 0.0]), "fan": np.array([0, 0.35, 1.0]), "leaf": np.array([0, 0.5, 1.0])}.get(
        ears.shape, unit(np.array([np.cos(out), 0.5, -np.sin(out)]))
    )
    width = np.array(_OUTLINES[ears.shape]) * ears.width * length * 0.5
    if ears.shape == "fan":
        width = width * 1.6
    thick = np.minimum(0.32 * width, 0.12 * length) + 0.01 * length
    outer = loft(path, np.stack([width, thick], 1), side, 14)
    if ears.shape == "floppy":
        return outer, None
    front = np.array([0.15, -1.0, 0.25]) if ears.shape in ("leaf", "fan") else np.array([0.25, -1.0, 0.1])
    shift = unit(front) * (0.62 * thick[:, None])
    return outer, loft(path[:-1] + shift[:-1], np.stack([0.66 * width, 0.55 * thick], 1)[:-1], side, 12)
