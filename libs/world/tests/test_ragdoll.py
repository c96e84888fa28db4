"""Who loses balance falls as a body falls."""

import numpy as np
import pytest
from kinora_world.cast import build_body
from kinora_world.motion import plan
from kinora_world.physics import let_fall
from kinora_world.physics.ragdoll import Fallen, collapse
from kinora_world.scene import Light, Shape, StageSet
from kinora_world.storyboard import Action, Character, Mark, Shot

LIGHT = Light((0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1))
ADA = Character(id="ada", name="Ada")
SINCE = 0.8


def stage(*shapes):
    return StageSet("park", shapes, "park", "soil", LIGHT, "clear", "park")


@pytest.fixture(scope="module")
def walking():
    shot = Shot(duration=4, place="park", marks=(Mark(character="ada"),), actions=(Action(actor="ada", verb="walk", to=(3, 0)),))
    return plan(shot, {"ada": build_body(ADA, "realistic")}, (), None, {})["ada"]


@pytest.fixture(scope="module")
def fallen(walking):
    return Fallen(walking, collapse("ada", walking, SINCE, 4.0, stage(), {}, lambda: None))


def test_until_balance_is_lost_nothing_changes(walking, fallen):
    for time in (0.0, 0.5, SINCE):
        assert np.array_equal(walking.joint("Head", time), fallen.joint("Head", time))


def test_there_is_no_jump_when_the_body_is_let_go(fallen):
    places = np.array([[fallen.joint(name, SINCE + k / 48) for name in ("Hips", "Head", "LeftHand", "RightFoot")] for k in range(-2, 6)])
    assert np.linalg.norm(np.diff(places, axis=0), axis=2).max() < 0.12


def test_it_ends_lying_on_the_ground_and_still(fallen):
    assert all(-0.02 < fallen.joint(name, 3.9)[2] < 0.45 for name in ("Hips", "Head", "LeftHand", "RightHand", "LeftFoot"))
    assert np.linalg.norm(fallen.joint("Hips", 3.9) - fallen.joint("Hips", 3.7)) < 0.03


def test_the_drawn_body_goes_where_physics_says(fallen):
    body = build_body(ADA, "realistic")
    positions, _ = body.posed(fallen.pose(3.0))
    assert np.linalg.norm(positions.mean(0) - fallen.joint("Spine1", 3.0)) < 0.45
    assert positions[:, 2].min() > -0.12


def test_knees_and_elbows_bend_only_one_way(fallen):
    for time in np.linspace(SINCE, 3.9, 12):
        pose = fallen.pose(float(time))
        for side in ("Left", "Right"):
            knee, elbow = pose.rotations[f"{side}Leg"], pose.rotations[f"{side}ForeArm"]
            assert np.degrees(np.arctan2(knee[2, 1], knee[1, 1])) > -12
            assert np.degrees(np.arctan2(elbow[2, 1], elbow[1, 1])) < 12


def test_the_fall_is_heard(fallen):
    thuds = [c for c in fallen.fall.contacts if set(c.names) == {"ada", "floor"}]
    assert thuds
    assert SINCE < thuds[0].time < SINCE + 1.2
    assert thuds[0].impulse > 10


def test_a_wall_stops_a_falling_body(walking):
    x = float(walking.joint("Hips", SINCE)[0])
    wall = Shape("box", (0.1, 4, 2), (x + 0.6, 0, 2), material="stone")
    leaning = Fallen(walking, collapse("ada", walking, SINCE, 3.0, stage(wall), {}, lambda: None))
    assert max(leaning.joint(name, 2.9)[0] for name in ("Hips", "Head", "LeftHand", "RightHand")) < x + 0.6


def test_whoever_falls_last_is_left_to_gravity_and_whoever_gets_up_is_not():
    for after, left in (((), True), ((Action(actor="ada", verb="stand_up", start=2.5),), False)):
        shot = Shot(
            duration=4, place="park", marks=(Mark(character="ada"),), actions=(Action(actor="ada", verb="faint", start=0.5), *after)
        )
        played = plan(shot, {"ada": build_body(ADA, "realistic")}, (), None, {})
        found, thuds = let_fall(shot, played, stage(), {}, lambda: None)
        assert isinstance(found["ada"], Fallen) == left
        assert bool(thuds) == left
