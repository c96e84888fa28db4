"""Flashes that could harm are found, and nothing else is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_world.output.flashes import Flashes

FPS = 24


def watched(levels, share=1.0):
    """`levels` are grey values of each frame, shown on a square that takes that share of the picture."""
    flashes = Flashes(FPS)
    for level in levels:
        frame = np.full((180, 320, 3), 40, np.uint8)
        frame[: round(180 * share**0.5), : round(320 * share**0.5)] = level
        flashes.show(frame)
    return flashes.dangerous_seconds()


def strobe(hertz, seconds=2, low=20, high=230):
    return [high if int(i / FPS * hertz * 2) % 2 else low for i in range(FPS * seconds)]


@pytest.mark.parametrize(("hertz", "harmful"), [(1, False), (2, False), (3, False), (5, True), (8, True), (12, True)])
def test_more_than_three_flashes_a_second_are_too_many(hertz, harmful):
    assert bool(watched(strobe(hertz))) == harmful


def test_a_small_light_may_flash():
    assert watched(strobe(8), share=0.015) == []
    assert watched(strobe(8), share=0.1)


def test_faint_changes_are_no_flashes():
    assert watched(strobe(8, low=120, high=135)) == []


def test_it_says_when():
    calm = [40] * FPS * 3
    assert watched(calm + strobe(8) + calm)[0] == pytest.approx(3, abs=0.25)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 255), min_size=2, max_size=6))
def test_a_slow_change_of_light_is_never_a_flash(levels):
    slow = np.interp(np.arange(len(levels) * FPS) / FPS, range(len(levels)), levels).astype(int)
    assert watched(slow) == []
