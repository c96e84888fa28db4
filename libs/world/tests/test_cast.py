"""Characters as bodies."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinora_world.cast import build_body
from kinora_world.cast.colour import linear
from kinora_world.look.faces import eye_opening, study
from kinora_world.scene import Pose
from kinora_world.storyboard import Character, Hair

STILL = Pose({}, np.eye(4))
characters = st.builds(
    Character,
    id=st.sampled_from(["ada", "bob", "cleo", "dan", "eve"]),
    name=st.just("x"),
    age_years=st.floats(4, 95),
    feminine=st.floats(0, 1),
    weight=st.floats(0, 1),
    muscle=st.floats(0, 1),
    hair=st.builds(Hair, style=st.sampled_from(["bald", "short", "medium", "long"])),
)
styles = st.sampled_from(["realistic", "cartoon", "anime"])
slowly = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def person(**features):
    return Character(id="ada", name="Ada", **features)


@slowly
@given(characters, styles)
def test_any_character_stands_whole_on_the_floor(character, style):
    body = build_body(character, style)
    positions, normals = body.posed(STILL)
    assert all(part.triangles.min() >= 0 and part.triangles.max() < len(positions) for part in body.parts)
    assert np.isfinite(positions).all()
    assert np.isfinite(normals).all()
    assert abs(positions[:, 2].min()) < 0.01


@pytest.mark.parametrize(("age", "low", "high"), [(4, 0.95, 1.15), (8, 1.15, 1.4), (14, 1.5, 1.75), (30, 1.55, 1.9), (85, 1.5, 1.85)])
@pytest.mark.parametrize("feminine", [0.0, 1.0])
def test_heights_fit_the_age(age, low, high, feminine):
    assert low < build_body(person(age_years=age, feminine=feminine), "realistic").height < high


def test_the_same_character_has_the_same_body():
    first, again = (build_body.__wrapped__(person(), "anime").rest[0] for _ in range(2))
    assert np.array_equal(first, again)


def test_two_people_have_different_faces():
    ada, bob = (build_body(Character(id=name, name=name), "realistic").landmarks for name in ("ada", "bob"))
    assert ada != bob


def test_anime_eyes_are_larger():
    def opening(style):
        body = build_body(person(), style)
        eye = next(part for part in body.parts if part.name == "eye")
        return np.ptp(body.rest[0][np.unique(eye.triangles), 2]) / body.height

    assert opening("anime") > 1.2 * opening("realistic")


def test_cartoon_heads_are_larger():
    def head(style):
        body = build_body(person(), style)
        return (body.landmarks["crown"][2] - body.landmarks["chin"][2]) / body.height

    assert head("cartoon") > 1.1 * head("realistic")


def test_the_bald_have_no_hair():
    names = {part.name for part in build_body(person(hair=Hair(style="bald")), "realistic").parts}
    assert "hair" not in names
    assert {"skin", "top", "bottom", "shoes", "eye", "teeth", "tongue", "lash", "brow"} <= names


def test_long_hair_hangs_lower_than_short():
    def lowest(style):
        body = build_body(person(hair=Hair(style=style)), "realistic")
        hair = next(part for part in body.parts if part.name == "hair")
        return body.rest[0][np.unique(hair.triangles), 2].min()

    assert lowest("long") < lowest("medium") < lowest("short")


def test_no_skin_shows_through_the_shoes():
    body = build_body(person(), "realistic")
    skin = next(part for part in body.parts if part.name == "skin")
    assert body.rest[0][np.unique(skin.triangles), 2].min() > 0.03


def test_landmarks_are_in_order():
    marks = build_body(person(), "realistic").landmarks
    heights = [marks[name][2] for name in ("neck", "chin", "mouth", "nose", "eye_left", "crown")]
    assert heights == sorted(heights)
    assert marks["eye_left"][0] > 0 > marks["eye_right"][0]


def test_an_open_jaw_lowers_the_chin():
    body = build_body(person(), "realistic")
    index, delta = body.face_shapes["jawOpen"]
    closed, opened = (body.posed(Pose({}, np.eye(4), face))[0][index] for face in ({}, {"jawOpen": 1.0}))
    assert np.allclose(opened - closed, delta, atol=0.02)
    assert (closed - opened)[:, 2].max() > 0.01


def test_a_turned_root_turns_the_body():
    body = build_body(person(), "realistic")
    root = np.array([[0.0, -1, 0, 2], [1, 0, 0, 3], [0, 0, 1, 0], [0, 0, 0, 1]])
    straight, turned = body.posed(STILL)[0], body.posed(Pose({}, root))[0]
    assert np.allclose(turned, straight @ root[:3, :3].T + root[:3, 3], atol=1e-4)


def test_white_is_linear_one_and_mid_grey_darker():
    assert linear("#ffffff") == pytest.approx((1, 1, 1))
    assert linear("#808080")[0] == pytest.approx(0.216, abs=0.001)


@pytest.mark.parametrize(("age", "style"), [(6, "medium"), (6, "long"), (30, "short"), (30, "long"), (75, "medium")])
def test_hair_leaves_the_face_open(age, style):
    body = build_body(person(age_years=age, hair=Hair(style=style)), "realistic")
    hair = body.rest[0][np.unique(next(part for part in body.parts if part.name == "hair").triangles)]
    marks = body.landmarks
    level = hair[(hair[:, 2] > marks["chin"][2]) & (hair[:, 2] < marks["eye_left"][2])]
    assert not ((np.abs(level[:, 0]) < marks["eye_left"][0]) & (level[:, 1] < marks["eye_left"][1])).any()


@pytest.mark.parametrize("style", ["realistic", "cartoon"])
def test_a_blink_shuts_the_eyes(style):
    body = build_body(person(), style)
    skin, eyes = (np.unique(next(p for p in body.parts if p.name == name).triangles) for name in ("skin", "eye"))
    face = study(body, skin, eyes)
    shut = body.posed(Pose({}, np.eye(4), {"eyeBlinkLeft": 1.0, "eyeBlinkRight": 1.0}))[0]
    assert max(eye_opening(face, body.rest[0], shut, np.eye(3))) < 0.1


def test_teeth_stay_behind_the_lips():
    body = build_body(person(), "realistic")
    teeth = body.rest[0][np.unique(next(part for part in body.parts if part.name == "teeth").triangles)]
    assert teeth[:, 1].min() > body.landmarks["mouth"][1] + 0.005
