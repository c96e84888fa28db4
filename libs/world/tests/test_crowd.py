"""People in the background."""

import numpy as np
import pytest
from kinora_world.crowd import gather
from kinora_world.stage import build_stage
from kinora_world.storyboard import Mark, Shot


def crowd(count=12, place="park", seed=1, **features):
    shot = Shot(duration=2, place=place, crowd=count, marks=(Mark(character="ada"), Mark(character="bob", position=(1.0, 0.5))), **features)
    return gather(shot, build_stage(place, "day", "realistic", 0), seed)


def test_nobody_comes_unasked():
    assert crowd(0) is None


def test_a_stadium_has_its_crowd_in_the_stands():
    assert crowd(place="stadium") is None


@pytest.mark.parametrize("place", ["park", "court", "street", "beach"])
def test_they_stand_behind_the_action_and_apart(place):
    people = crowd(place=place).people
    spots = np.array([p.position for p in people])
    apart = np.linalg.norm(spots[:, None] - spots[None], axis=2) + 9 * np.eye(len(spots))
    assert 6 <= len(people) <= 12
    assert spots[:, 1].min() > 0.5 + 1.5
    assert apart.min() > 0.7


def test_the_same_seed_gathers_the_same_people():
    assert crowd().people == crowd().people
    assert crowd().people != crowd(seed=2).people


def test_they_cheer_when_the_mood_is_joyful():
    doings = [p.doing for p in crowd(20, mood="joyful").people]
    assert doings.count("cheer") > len(doings) / 2


def test_they_move_a_little_and_stay_on_the_floor():
    mass = crowd()
    now, later = mass.at(0.0)[0], mass.at(0.7)[0]
    assert np.isfinite(later).all()
    assert 0.005 < np.abs(later - now).max() < 2
    assert abs(later[:, 2].min()) < 0.06


def test_they_are_cheap():
    mass = crowd(20)
    assert sum(len(part.triangles) for part in mass.parts) < 3000 * len(mass.people)
    assert len(mass.parts) < 24
