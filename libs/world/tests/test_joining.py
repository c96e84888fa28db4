"""Dissolves, fades and loops."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_media.planes import planes
from kinora_world.joining import DISSOLVE, FADE, dissolved, faded
from kinora_world.render import prepare
from kinora_world.storyboard import Storyboard

ONE, OTHER = np.full((4, 4, 3), 200, np.uint8), np.full((4, 4, 3), 40, np.uint8)
BEACH = {"duration": 1, "place": "beach"}


@given(st.floats(0, 2))
def test_a_dissolve_goes_from_the_one_to_the_other_and_never_beyond(time):
    assert 40 <= dissolved(ONE, OTHER, time).mean() <= 200
    assert dissolved(ONE, OTHER, time).mean() >= dissolved(ONE, OTHER, time + 0.1).mean()


def test_a_dissolve_begins_exactly_where_it_comes_from():
    assert np.array_equal(dissolved(ONE, OTHER, 0.0), ONE)
    assert dissolved(ONE, OTHER, DISSOLVE) is OTHER


def test_a_fade_begins_and_ends_black():
    assert faded(ONE, 0.0, np.inf).max() == faded(ONE, np.inf, 0.0).max() == 0
    assert faded(ONE, FADE, FADE) is ONE


def test_an_encoder_s_planes_fade_to_its_black():
    assert np.array_equal(faded(planes(ONE), 0.0, np.inf), planes(np.zeros_like(ONE)))


def frames(**story):
    clip = prepare(Storyboard.model_validate({"seed": 3, **story}), width=96, height=54)
    return [frame.astype(int) for frame in clip.frames()]


@pytest.mark.slow
def test_a_loop_begins_where_it_ends():
    walking = {"characters": [{"id": "ada", "name": "Ada"}]}
    shot = BEACH | {"duration": 2, "camera": {"move": "orbit"}, "marks": [{"character": "ada"}]}
    looped, once = frames(loop=True, shots=[shot], **walking), frames(shots=[shot], **walking)
    assert np.abs(looped[0] - looped[-1]).mean() < 1
    assert np.abs(once[0] - once[-1]).mean() > 5


@pytest.mark.slow
def test_shots_dissolve_and_fade_only_where_asked():
    jump = {
        transition: np.abs(
            np.diff([f.mean() for f in frames(shots=[BEACH, BEACH | {"time_of_day": "night", "transition": transition}])])
        ).max()
        for transition in ("cut", "dissolve", "fade")
    }
    assert jump["dissolve"] < 0.4 * jump["cut"]
    dark = frames(shots=[BEACH, BEACH | {"transition": "fade"}])
    assert min(frame.mean() for frame in dark[20:28]) < 2
