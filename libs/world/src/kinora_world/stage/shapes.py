"""Catalogue entries become scene shapes: colours, copies and placement."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from kinora_world.scene import F8, Shape
from kinora_world.solids import course, profile, rounded_off
from kinora_world.stage.catalogue import look_entries, pick
from kinora_world.stage.schema import LookEntry, ShapeEntry

NO_LOOK = LookEntry(description="")
RGB = tuple[float, float, float]


def linear(colour: str) -> RGB:
    """Linear RGB of an sRGB "#rrggbb" (IEC 61966-2-1)."""
    values = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def shade(colour: RGB, factor: float) -> RGB:
    return colour[0] * factor, colour[1] * factor, colour[2] * factor


def _vector(values: F8) -> RGB:
    x, y, z = (round(float(v), 6) for v in values)
    return x, y, z


def euler(turn: Rotation) -> RGB:
    """Intrinsic XYZ angles in degrees. At the gimbal lock the third is 0."""
    m = turn.as_matrix()
    pitch = float(np.arcsin(np.clip(m[0, 2], -1, 1)))
    if abs(m[0, 2]) > 1 - 1e-9:
        return _vector(np.degrees([np.arctan2(m[2, 1], m[1, 1]), pitch, 0.0]))
    return _vector(np.degrees([np.arctan2(-m[1, 2], m[2, 2]), pitch, np.arctan2(-m[0, 1], m[0, 0])]))


def rotated(shape: Shape, turn: Rotation, pivot: F8) -> Shape:
    """The shape turned about `pivot`."""
    position = turn.apply(np.asarray(shape.position) - pivot) + pivot
    angles = euler(turn * Rotation.from_euler("XYZ", shape.rotation, degrees=True))
    return replace(shape, position=_vector(position), rotation=angles)


def placed(shape: Shape, at: RGB, turn: float = 0.0, scale: float = 1.0) -> Shape:
    """The shape scaled about the origin, turned about the vertical by `turn` degrees, then moved to `at`."""
    size = tuple(s * scale for s in shape.size)
    scaled = replace(shape, size=size, position=_vector(np.asarray(shape.position) * scale))
    standing = rotated(scaled, Rotation.from_euler("z", turn, degrees=True), np.zeros(3)) if turn else scaled
    return replace(standing, position=_vector(np.asarray(standing.position) + at))


def _mirrored(shape: Shape, axis: int) -> Shape:
    """Across x = 0 (axis 0) or y = 0 (axis 1). Most primitives are symmetric, so a turned copy is a mirror image."""
    position = list(shape.position)
    position[axis] *= -1
    x, y, z = shape.rotation
    rotation = (x, -y, -z) if axis == 0 else (-x, y, -z)
    return replace(shape, size=_mirrored_size(shape, axis), position=(position[0], position[1], position[2]), rotation=rotation)


def _mirrored_size(shape: Shape, axis: int) -> tuple[float, ...]:
    if shape.kind == "tube":
        points = course(shape) * ((-1, 1, 1) if axis == 0 else (1, -1, 1))
        return shape.size[0], *points.ravel().tolist()
    if shape.kind == "extrusion" and axis == 0:
        return *shape.size[:2], *(profile(shape)[::-1] * (-1, 1)).ravel().tolist()  # still counter-clockwise
    return shape.size


def _curved(entry: ShapeEntry) -> tuple[float, ...]:
    """The size with the points of a smooth outline filled in."""
    if not entry.smooth:
        return entry.size
    first = 2 if entry.kind == "extrusion" else 0
    points = rounded_off(np.array(entry.size[first:]).reshape(-1, 2), entry.smooth, closed=entry.kind == "extrusion")
    if entry.kind == "lathe":
        points[:, 0] = np.maximum(points[:, 0], 0)
    return *entry.size[:first], *points.round(5).ravel().tolist()


def expand(entry: ShapeEntry, colour: str | None = None) -> Iterator[Shape]:
    """The shapes of one entry; `colour` replaces that of tinted ones."""
    look = pick(look_entries(), entry.look, "look") if entry.look else NO_LOOK
    base = Shape(
        kind=entry.kind,
        size=_curved(entry),
        position=entry.at,
        rotation=entry.rotate,
        colour=linear(colour if colour and entry.tinted else entry.colour or look.colour),
        finish=entry.finish or look.finish,
        roughness=entry.roughness or look.roughness,
        material=entry.material or look.material,
        collides=entry.collides,
        visible=entry.visible,
    )
    copies = [base]
    for axis, letter in enumerate("xy"):
        if letter in entry.mirror:
            copies += [_mirrored(shape, axis) for shape in copies]
    for number in range(entry.repeat):
        turn = Rotation.from_euler("z", 360 * number / entry.repeat, degrees=True)
        yield from (rotated(shape, turn, np.array([*entry.pivot, 0.0])) if number else shape for shape in copies)
