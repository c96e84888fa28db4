"""A camera that whips round blurs what it sweeps over, as film does; drawn styles and slower moves stay crisp."""

import numpy as np
import pytest
from kinora_world.look import Renderer
from kinora_world.render import draw, prepare
from kinora_world.scene import View
from kinora_world.stage import build_stage
from kinora_world.storyboard import Storyboard

SIZE = 160, 90
STREET = View((0.0, -6.0, 1.6), (0.0, 0.0, 1.4), 42)


def turned(degrees: float, fov: float = 42) -> View:
    turn = np.radians(degrees)
    return View(STREET.eye, (float(np.sin(turn)) * 6, float(np.cos(turn)) * 6 - 6, 1.4), fov)


@pytest.fixture(scope="module")
def seen():
    stage = build_stage("street", seed=1)
    with Renderer(*SIZE) as renderer:
        yield lambda opened: renderer.frame(STREET, stage, [], [], "realistic", 0.0, opened=opened).astype(int)


def edges(frame, axis):
    return np.abs(np.diff(frame.sum(-1), axis=axis)).mean()


def test_a_turn_blurs_along_its_way_alone(seen):
    still, whipped = seen(None), seen(turned(4))
    assert edges(whipped, 1) < 0.5 * edges(still, 1)
    assert edges(whipped, 0) > 0.7 * edges(still, 0)
    assert abs(whipped.mean() - still.mean()) < 3


def test_a_crash_zoom_blurs_the_rim_and_not_the_middle(seen):
    change = np.abs(seen(None) - seen(turned(0, 47))).sum(-1)
    assert change[35:55, 65:95].mean() < 0.5 * change[:, :20].mean()


@pytest.mark.parametrize("opened", [STREET, turned(0.3), turned(0, 42.2)], ids=["rest", "a slow pan", "a slow zoom"])
def test_slower_moves_stay_crisp(seen, opened):
    assert np.array_equal(seen(opened), seen(None))


@pytest.mark.parametrize(("style", "blurs"), [("realistic", True), ("noir", True), ("anime", False), ("sketch", False)])
def test_film_has_a_shutter_and_drawings_have_none(style, blurs):
    shot = {"duration": 2, "place": "street", "style": style, "camera": {"move": "whip_pan"}}
    scene = prepare(Storyboard.model_validate({"shots": [shot]}), width=SIZE[0], height=SIZE[1]).scenes[0]
    with Renderer(*SIZE) as renderer:
        rest, middle = (edges(draw(renderer, scene, index, 24).astype(int), 1) for index in (0, 13))
    assert (middle < 0.6 * rest) == blurs
