"""Leaps obey gravity."""

import numpy as np
import pytest
from kinora_world.cast import build_body
from kinora_world.motion import plan
from kinora_world.motion.flight import parabola
from kinora_world.motion.mass import centre_of_mass
from kinora_world.storyboard import Action, Character, Mark, Shot


def test_a_parabola_starts_and_ends_where_it_should_and_falls_as_stones_do():
    times = np.linspace(0, 0.5, 49)
    path = parabola(np.array([0, 0, 1.0]), np.array([1, 0, 0.9]), times)
    assert (path[0], path[-1]) == (pytest.approx([0, 0, 1]), pytest.approx([1, 0, 0.9]))
    assert np.polyfit(times, path[:, 2], 2)[0] == pytest.approx(-9.81 / 2)


@pytest.mark.parametrize("verb", ["backflip", "jump"])
@pytest.mark.parametrize("age", [9, 30])
def test_in_a_leap_the_centre_of_mass_falls_by_gravity(verb, age):
    ada = Character(id="ada", name="Ada", age_years=age)
    shot = Shot(duration=3, place="park", marks=(Mark(character="ada"),), actions=(Action(actor="ada", verb=verb, start=0.3),))
    performance = plan(shot, {"ada": build_body(ada, "realistic")}, (), None, {})["ada"]
    times = np.arange(0, 3, 1 / 96)
    lowest = np.array([min(performance.joint(f"{s}ToeBase", t)[2] for s in ("Left", "Right")) for t in times])
    up = np.flatnonzero(lowest > lowest[0] + 0.1)
    span = max(np.split(up, np.flatnonzero(np.diff(up) > 1) + 1), key=len)
    height = centre_of_mass(performance, times)[span, 2]
    assert len(span) > 15
    assert -2 * np.polyfit(times[span], height, 2)[0] == pytest.approx(9.81, rel=0.02)
