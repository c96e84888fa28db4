import numpy as np
import pytest
from kinora_world.look.insides import seen_inside
from kinora_world.look.simplify import simplified
from kinora_world.look.triangles import grid


def sheet(height, side=33):
    """A metre of cloth as a lattice, `height` metres over each of its points; positions, normals, triangles."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.linspace(0, 1, side), np.linspace(0, 1, side), indexing="ij"))
    up = np.tile(np.float32([0, 0, 1]), (side * side, 1))
    return np.stack([x, y, height(x, y)], -1).astype(np.float32), up, grid(side, side)


def level(x, _):
    return 0 * x


def left_of(mesh, longest=9.0):
    points, normals, triangles = mesh
    return simplified(points, normals, triangles, np.full(len(points), 0.002), longest)


def tube(length, radius=0.1, rings=21, sides=24):
    """A sleeve along Z, open at both ends."""
    angle = np.arange(sides) * 2 * np.pi / sides
    rows = [np.column_stack([radius * np.cos(angle), radius * np.sin(angle), np.full(sides, z)]) for z in np.linspace(0, length, rings)]
    index = np.arange(rings * sides).reshape(rings, sides)
    a, b, c, d = (i.ravel() for i in (index[:-1], np.roll(index, -1, 1)[:-1], index[1:], np.roll(index, -1, 1)[1:]))
    return np.concatenate(rows).astype(np.float32), np.concatenate([np.stack([a, b, c], 1), np.stack([b, d, c], 1)]).astype(np.int32)


def covered(points, triangles):
    """Square metres, seen from above; what is folded over counts against it."""
    a, b, c = (points[triangles[:, k], :2].astype(float) for k in range(3))
    return ((b[:, 0] - a[:, 0]) * (c[:, 1] - a[:, 1]) - (b[:, 1] - a[:, 1]) * (c[:, 0] - a[:, 0])).sum() / 2


def test_what_is_flat_needs_few_triangles_and_still_covers_the_same():
    flat = sheet(level)
    few = left_of(flat)
    assert len(few) < len(flat[2]) / 5
    assert abs(covered(flat[0], few)) == pytest.approx(1, abs=1e-4)


def test_a_bump_keeps_its_height_and_triangles_that_hold_it():
    bumpy = sheet(lambda x, y: 0.1 * np.exp(-((x - 0.5) ** 2 + (y - 0.5) ** 2) / 0.01))
    few = left_of(bumpy)
    assert len(left_of(sheet(level))) < len(few) < len(bumpy[2]) / 2
    assert bumpy[0][np.unique(few), 2].max() > 0.095


def test_no_side_becomes_longer_than_asked():
    points, normals, triangles = sheet(level)
    few = left_of((points, normals, triangles), longest=0.08)
    sides = points[few] - points[np.roll(few, 1, axis=1)]
    assert np.linalg.norm(sides, axis=2).max() < 0.08


def test_a_long_sleeve_shows_its_inside_at_its_ends_alone_and_a_wide_ring_all_of_it():
    points, triangles = tube(1.0)
    heights = points[np.unique(seen_inside(points, triangles)), 2]
    assert not ((heights > 0.3) & (heights < 0.7)).any()
    assert {0.0, 1.0} <= set(heights.tolist())
    ring = tube(0.1)
    assert len(seen_inside(*ring)) == len(ring[1])
