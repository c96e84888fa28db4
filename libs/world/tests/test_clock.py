"""Slow motion, time lapse and bullet time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_world.clock import clock_of, on_stage
from kinora_world.render import prepare
from kinora_world.storyboard import Action, Camera, Character, Line, Mark, Prop, Shot, Storyboard


def shot(**parts):
    return Shot.model_validate({"duration": 4, "place": "park", "marks": (Mark(character="ada"),), **parts})


@given(speed=st.floats(0.1, 4), move=st.sampled_from(["static", "bullet_time"]), film=st.floats(0, 4))
def test_stage_time_only_goes_forward_and_leads_back_to_film_time(speed, move, film):
    clock = clock_of(shot(speed=speed, camera=Camera(move=move)))
    assert (np.diff(clock.stage) > 0).all()
    assert clock.filmed(clock.staged(film)) == pytest.approx(film, abs=1e-6)


def test_half_speed_leaves_half_the_time_for_what_happens():
    slow = shot(speed=0.5, actions=(Action(actor="ada", verb="jump", start=2, end=3),))
    played = on_stage(slow, clock_of(slow))
    assert (played.duration, played.actions[0].start, played.actions[0].end) == pytest.approx((2, 1, 1.5))


def test_in_bullet_time_almost_nothing_happens_in_the_middle():
    clock = clock_of(shot(camera=Camera(move="bullet_time")))
    assert clock.staged(3) - clock.staged(2) < 0.06
    assert clock.staged(1) - clock.staged(0) == pytest.approx(1, abs=0.01)


def test_words_are_spoken_at_their_own_pace():
    assert clock_of(shot(speed=0.3, dialogue=(Line(speaker="ada", text="Hello!"),))).natural


def falling(speed):
    ball = Prop(id="ball", kind="basketball", position=(1, 0, 1.2))
    board = Storyboard(characters=(Character(id="ada", name="Ada"),), shots=(shot(duration=2, speed=speed, props=(ball,)),))
    scene = prepare(board, width=64, height=36).scenes[0]
    return next(c.time for c in scene.motion.contacts if "floor" in c.names), scene.motion.props["ball"][:, 2, 3]


def test_in_slow_motion_a_ball_falls_and_is_heard_later():
    natural, path = falling(1.0)
    slow, slow_path = falling(0.5)
    assert natural == pytest.approx((2 * 1.2 / 9.81) ** 0.5, rel=0.03)
    assert slow == pytest.approx(2 * natural, rel=0.01)
    assert slow_path[2::2] == pytest.approx(path[1:24], abs=0.01)
