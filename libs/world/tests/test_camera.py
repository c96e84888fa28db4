from math import radians, tan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_world.camera import plan_camera
from kinora_world.camera.fitting import axes
from kinora_world.stage import build_stage, places
from kinora_world.storyboard import Camera, Mark, Shot

HEIGHTS = {"ada": 1.68, "bob": 1.82, "ball": 0.24}
MOVES = ["static", "pan", "dolly_in", "orbit", "follow"]
FRAMINGS = ["wide", "full", "medium", "close"]
ASPECTS = [16 / 9, 9 / 16, 1.0]


def shot_of(move="static", framing="full", place="park", subject=None, facing=0.0):
    marks = (Mark(character="ada", position=(-1, 0), facing=facing), Mark(character="bob", position=(1, 0.5)))
    return Shot(duration=2, place=place, camera=Camera(move=move, framing=framing, subject=subject), marks=marks)


def people(walk=0.0):
    return lambda t: {"ada": np.array([-1 + walk * t, 0, 0.9]), "bob": np.array([1, 0.5, 0.97])}


def on_screen(view, point, aspect):
    """-1..1 across the picture and up."""
    ahead = np.subtract(view.target, view.eye)
    yaw, pitch = np.degrees(np.arctan2(-ahead[0], ahead[1])), np.degrees(np.arctan2(ahead[2], np.hypot(*ahead[:2])))
    right, up, forward = axes(yaw, pitch) @ (np.asarray(point) - view.eye)
    assert forward > 0
    half = tan(radians(view.fov) / 2)
    return right / (forward * half * aspect), up / (forward * half)


def heads_and_feet(where, heights, names=("ada", "bob")):
    return [where[n] + (0, 0, share * heights[n]) for n in names for share in (-0.53, 0.47)]


@settings(max_examples=60, deadline=None)
@given(
    move=st.sampled_from(MOVES),
    framing=st.sampled_from(["wide", "full"]),
    aspect=st.sampled_from(ASPECTS),
    walk=st.floats(-1.2, 1.2),
    place=st.sampled_from(["park", "court", "beach", "street"]),
)
def test_everyone_stays_in_the_picture_from_head_to_toe(move, framing, aspect, walk, place):
    subjects = people(walk)
    view = plan_camera(shot_of(move, framing, place), subjects, HEIGHTS, build_stage(place), aspect)
    for time in np.linspace(0, 2, 9):
        for point in heads_and_feet(subjects(time), HEIGHTS):
            assert np.abs(on_screen(view(time), point, aspect)).max() <= 1.0


@pytest.mark.parametrize("framing", FRAMINGS)
@pytest.mark.parametrize("move", MOVES)
def test_the_camera_stays_on_the_stage_above_ground_and_clear_of_people(move, framing):
    for place in places():
        stage, subjects = build_stage(place), people(0.5)
        view = plan_camera(shot_of(move, framing, place, subject="ada"), subjects, HEIGHTS, stage, 16 / 9)
        for time in np.linspace(0, 2, 7):
            x, y, z = view(time).eye
            assert stage.bounds[0] - 1e-6 <= x <= stage.bounds[2] + 1e-6
            assert stage.bounds[1] - 1e-6 <= y <= stage.bounds[3] + 1e-6
            assert z > 0.25
            assert all(np.hypot(x - at[0], y - at[1]) > 0.5 for at in subjects(time).values())


@pytest.mark.parametrize("aspect", ASPECTS)
def test_a_close_up_puts_the_eyes_two_fifths_down(aspect):
    view = plan_camera(shot_of(framing="close", subject="ada"), people(), HEIGHTS, build_stage("park"), aspect)
    _, up = on_screen(view(0), (-1, 0, 0.9 + 0.41 * 1.68), aspect)
    assert 0.3 < (1 - up) / 2 < 0.5


def test_a_close_up_sees_the_face_of_who_looks_aside():
    view = plan_camera(shot_of(framing="close", subject="ada", facing=60.0), people(), HEIGHTS, build_stage("park"), 16 / 9)(0)
    towards = np.subtract(view.eye, (-1, 0, view.eye[2]))
    front = np.array([np.sin(radians(60)), -np.cos(radians(60)), 0])
    assert towards @ front / np.linalg.norm(towards) > 0.8


def test_near_framings_are_nearer():
    sizes = [people()(0)["ada"]]
    spans = []
    for framing in FRAMINGS:
        view = plan_camera(shot_of(framing=framing, subject="ada"), people(), HEIGHTS, build_stage("park"), 16 / 9)(0)
        spans.append(np.linalg.norm(np.subtract(view.eye, sizes[0])) * tan(radians(view.fov) / 2))
    assert spans == sorted(spans, reverse=True)


@pytest.mark.parametrize("move", ["pan", "dolly_in", "orbit", "follow"])
def test_a_moving_camera_moves_without_jumps(move):
    view = plan_camera(shot_of(move, "full"), people(1.0), HEIGHTS, build_stage("park"), 16 / 9)
    eyes = np.array([[*view(t).eye, *view(t).target] for t in np.arange(0, 2, 1 / 24)])
    steps = np.linalg.norm(np.diff(eyes, axis=0), axis=1)
    assert steps.sum() > 0.1
    assert steps.max() < 0.25
    assert np.abs(np.diff(steps)).max() < 0.08


def test_the_same_shot_gives_the_same_camera():
    first, again = (plan_camera(shot_of("orbit"), people(0.7), HEIGHTS, build_stage("park"), 1.5) for _ in range(2))
    assert [first(t) for t in (0.0, 0.7, 2.0)] == [again(t) for t in (0.0, 0.7, 2.0)]


def test_a_ball_alone_can_be_the_subject():
    shot = Shot(duration=1, place="court", camera=Camera(framing="full"))
    view = plan_camera(shot, lambda _: {"ball": np.array([1.0, 0, 0])}, HEIGHTS, build_stage("court"), 16 / 9)
    assert np.abs(on_screen(view(0.5), (1, 0, 0.12), 16 / 9)).max() < 0.6


@pytest.mark.parametrize("move", ["static", "pan", "dolly_in", "orbit", "follow"])
def test_an_empty_place_is_shown_as_it_is(move):
    shot = Shot(duration=1, place="street", camera=Camera(move=move))
    view = plan_camera(shot, lambda _: {}, HEIGHTS, build_stage("street"), 16 / 9)
    assert np.abs(on_screen(view(0.5), (0, 0, 1.0), 16 / 9)).max() < 1
