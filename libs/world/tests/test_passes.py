"""Depth, segmentation and motion beside the picture."""

import numpy as np
import pytest
from kinora_world.look import Moment, Renderer
from kinora_world.scene import PropKind, Shape, View
from kinora_world.stage import build_stage

BOX = PropKind("box", (Shape("box", (0.5, 0.5, 0.5), (0, 0, 0.5)),))
AHEAD = View((0, -4, 0.5), (0, 0, 0.5), 40)


def at(x, y, z=0.0):
    pose = np.eye(4)
    pose[:3, 3] = x, y, z
    return pose


@pytest.fixture(scope="module")
def renderer():
    with Renderer(320, 180) as made:
        yield made


@pytest.fixture(scope="module")
def beach():
    return build_stage("beach")


def test_depth_is_metres_along_the_axis_of_the_camera(renderer, beach):
    passes = renderer.passes(beach, Moment(AHEAD, {"box": (BOX, at(0, 0))}))
    assert passes.depth.shape == (180, 320)
    assert passes.depth[80:100, 150:170] == pytest.approx(3.5, abs=0.002)


def test_depth_of_the_ground_follows_from_the_height_of_the_eye(renderer, beach):
    depth = renderer.passes(beach, Moment(AHEAD)).depth[:, 160]
    rows = np.arange(150, 180)
    below = (rows + 0.5 - 90) / 90 * np.tan(np.radians(20))
    assert depth[rows] == pytest.approx(0.5 / below, rel=0.002)


def test_depth_has_no_end_in_the_sky(renderer, beach):
    up = View((0, -4, 0.5), (0, 0, 8), 40)
    assert np.isinf(renderer.passes(beach, Moment(up)).depth[:20]).all()


def test_segmentation_tells_a_box_from_its_place(renderer, beach):
    passes = renderer.passes(beach, Moment(AHEAD, {"crate": (BOX, at(0, 0))}))
    shown = {passes.legend[int(number)] for number in np.unique(passes.segmentation)}
    side = 1 / (2 * 3.5 * np.tan(np.radians(20))) * 180
    crate = next(number for number, name in passes.legend.items() if name == "crate")
    assert {"crate", "ground"} <= shown
    assert (passes.segmentation == crate).sum() == pytest.approx(side * side, rel=0.05)


def test_motion_leads_back_to_where_a_moved_thing_was(renderer, beach):
    before, now = (Moment(AHEAD, {"box": (BOX, at(x, 0))}) for x in (0.0, 0.1))
    passes = renderer.passes(beach, now, before)
    pixels = 0.1 / (2 * 3.5 * np.tan(np.radians(20))) * 180
    assert passes.motion[90, 160] == pytest.approx((-pixels, 0), abs=0.02)
    assert np.abs(passes.motion[175, 20]).max() < 0.001


def test_a_turning_camera_moves_the_sky(renderer, beach):
    views = [View((0, -4, 0.5), (0, 0, z), 40) for z in (6.0, 6.05)]
    passes = renderer.passes(beach, Moment(views[1]), Moment(views[0]))
    turn = np.arctan(5.55 / 4) - np.arctan(5.5 / 4)
    assert passes.motion[90, 160, 1] == pytest.approx(-turn / np.tan(np.radians(20)) * 90, rel=0.02)


def test_passes_leave_the_picture_as_it_is(renderer, beach):
    first = renderer.frame(AHEAD, beach, [(BOX, at(0, 0))], [], "realistic", 0.0)
    renderer.passes(beach, Moment(AHEAD, {"box": (BOX, at(0.5, 0))}))
    assert np.array_equal(first, renderer.frame(AHEAD, beach, [(BOX, at(0, 0))], [], "realistic", 0.0))
