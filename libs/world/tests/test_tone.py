"""Exposure: faces are seen at night, and snow keeps its shape by day."""

import numpy as np
import pytest
from kinora_world.look import Renderer
from kinora_world.look.matrices import view_projection
from kinora_world.render import prepare
from kinora_world.scene import View
from kinora_world.stage import build_stage
from kinora_world.storyboard import Storyboard

WIDTH, HEIGHT = 192, 108
LUMA = np.array([0.2126, 0.7152, 0.0722])
SEEN = View((0.0, -2.4, 1.6), (0.0, 0.0, 1.45), 40)


@pytest.fixture(scope="module")
def renderer():
    with Renderer(WIDTH, HEIGHT) as one:
        yield one


@pytest.fixture(scope="module")
def bo():
    """A dark-skinned man's posed body, and where his face is in the picture: column and row."""
    board = {
        "characters": [{"id": "bo", "name": "Bo", "skin": "#4a2f22", "feminine": 0}],
        "shots": [{"duration": 0.5, "place": "park", "marks": [{"character": "bo"}]}],
    }
    scene = prepare(Storyboard.model_validate(board), width=WIDTH, height=HEIGHT).scenes[0]
    body, performance = scene.bodies["bo"], scene.performances["bo"]
    x, y, _, w = view_projection(SEEN, WIDTH / HEIGHT) @ [*(performance.joint("Head", 0.2) + np.array([0, -0.06, 0.08])), 1]
    return (body, *body.posed(performance.pose(0.2))), (round((x / w + 1) * WIDTH / 2), round((1 - y / w) * HEIGHT / 2))


@pytest.mark.parametrize("place", ["park", "forest", "farm", "room"])
def test_a_dark_face_is_seen_at_night(renderer, bo, place):
    body, (column, row) = bo
    frame = renderer.frame(SEEN, build_stage(place, "night", seed=1), [], [body], "realistic", 0.0) @ LUMA
    assert frame[row - 3 : row + 4, column - 3 : column + 4].mean() > 45
    assert (frame < 8).mean() < 0.05


@pytest.mark.parametrize("place", ["snow_field", "ski_slope"])
def test_snow_is_not_blown_out(renderer, place):
    frame = renderer.frame(SEEN, build_stage(place, seed=1), [], [], "realistic", 0.0)
    assert (frame.min(-1) > 250).mean() < 0.02
