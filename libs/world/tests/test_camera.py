from itertools import product
from math import radians, tan
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world.camera import bulk, plan_camera
from kinora_world.camera.fitting import axes
from kinora_world.stage import build_stage, places
from kinora_world.storyboard import Action, Camera, Mark, Move, Prop, Shot

HEIGHTS = {"ada": 1.68, "bob": 1.82, "ball": 0.24}
MOVES = [*get_args(Move)]
ARRIVING = {"tilt", "whip_pan"}  # moves that come from elsewhere
PERSONAL = {"pov", "over_the_shoulder"}  # views that belong to somebody
KEEPING = [move for move in MOVES if move not in ARRIVING | PERSONAL]
FRAMINGS = ["extreme_wide", "wide", "full", "medium", "close", "extreme_close"]
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
    move=st.sampled_from([m for m in KEEPING if m not in {"dutch", "handheld"}]),
    framing=st.sampled_from(["extreme_wide", "wide", "full"]),
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


def keeps_to_its_stage(move, framing, place):
    stage, subjects = build_stage(place), people(0.5)
    view = plan_camera(shot_of(move, framing, place, subject="ada"), subjects, HEIGHTS, stage, 16 / 9)
    for time in np.linspace(0, 2, 7):
        x, y, z = view(time).eye
        assert stage.bounds[0] - 1e-6 <= x <= stage.bounds[2] + 1e-6, place
        assert stage.bounds[1] - 1e-6 <= y <= stage.bounds[3] + 1e-6, place
        assert z > 0.25, place
        assert all(np.hypot(x - at[0], y - at[1]) > 0.5 for at in subjects(time).values()), place


@pytest.mark.parametrize(("move", "framing"), thinned(product(MOVES, FRAMINGS), 5))  # every move and every framing
def test_the_camera_stays_on_the_stage_above_ground_and_clear_of_people(move, framing):
    for place in ("park", "room", "bathroom"):  # from the widest to the narrowest
        keeps_to_its_stage(move, framing, place)


@pytest.mark.parametrize(("move", "framing"), thinned([*((move, "full") for move in MOVES), ("static", "extreme_close")], len(MOVES) + 1))
def test_in_every_place_the_camera_stays_on_the_stage_above_ground_and_clear_of_people(move, framing):
    for place in places():
        keeps_to_its_stage(move, framing, place)


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


def test_the_camera_meets_the_eyes_of_who_looks_into_it():
    shot = shot_of(framing="close", subject="ada", facing=25.0)
    looks = shot.model_copy(update={"actions": (Action(actor="ada", verb="look_at"),)})
    aside, meeting = (plan_camera(each, people(), HEIGHTS, build_stage("park"), 16 / 9)(0) for each in (shot, looks))
    yaw = [np.degrees(np.arctan2(v.eye[0] - v.target[0], v.target[1] - v.eye[1])) for v in (aside, meeting)]
    assert yaw[1] == pytest.approx(25.0, abs=1)
    assert abs(yaw[0] - 25.0) > 8


def test_a_kick_at_a_goal_is_seen_from_behind_the_player():
    props = (Prop(id="ball", kind="football", position=(0.5, 0, 0)), Prop(id="goal", kind="goal", position=(4.5, 0.4, 0)))
    kick = Action(actor="ada", verb="kick", prop="ball", target="goal")
    shot = Shot(duration=2, place="stadium", marks=(Mark(character="ada", facing=80),), props=props, actions=(kick,))
    where = {"ada": np.array([0, 0, 0.9]), "ball": np.array([0.5, 0, 0]), "goal": np.array([4.5, 0.4, 0])}
    view = plan_camera(shot, lambda _: where, HEIGHTS, build_stage("stadium"), 16 / 9)(0)
    assert view.eye[0] < 0 < view.target[0] - view.eye[0]


def test_a_sleeper_is_seen_whole_and_the_camera_stays_out_of_her():
    where = {"ada": np.array([0, 1.0, 0.6]), "ada.head": np.array([0, 1.6, 0.6])}
    shot = Shot(duration=2, place="park", camera=Camera(move="dolly_in", framing="medium", subject="ada"), marks=(Mark(character="ada"),))
    view = plan_camera(shot, lambda _: where, HEIGHTS, build_stage("park"), 16 / 9)
    assert all(np.hypot(view(time).eye[0], view(time).eye[1] - 0.4) > 1.0 for time in (0.0, 1.0, 2.0))


def test_near_framings_are_nearer():
    sizes = [people()(0)["ada"]]
    spans = []
    for framing in FRAMINGS:
        view = plan_camera(shot_of(framing=framing, subject="ada"), people(), HEIGHTS, build_stage("park"), 16 / 9)(0)
        spans.append(np.linalg.norm(np.subtract(view.eye, sizes[0])) * tan(radians(view.fov) / 2))
    assert spans == sorted(spans, reverse=True)


@pytest.mark.parametrize(
    "move", [m for m in KEEPING if m not in {"static", "rack_focus", "zoom_in", "zoom_out", "crash_zoom", "bullet_time"}]
)
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


@pytest.mark.parametrize("move", KEEPING)
def test_an_empty_place_is_shown_as_it_is(move):
    shot = Shot(duration=1, place="street", camera=Camera(move=move))
    view = plan_camera(shot, lambda _: {}, HEIGHTS, build_stage("street"), 16 / 9)
    assert np.abs(on_screen(view(0.5), (0, 0, 1.0), 16 / 9)).max() < 1


def plan(move, framing="medium", subject="ada", other=None, subjects=None, **camera):
    marks = (Mark(character="ada", position=(-1, 0), facing=75), Mark(character="bob", position=(1, 0.5), facing=-75))
    asked = Camera(move=move, framing=framing, subject=subject, other=other, **camera)
    shot = Shot(duration=2, place="park", camera=asked, marks=marks)
    return plan_camera(shot, subjects or with_heads(), HEIGHTS, build_stage("park"), 16 / 9)


def with_heads(walk=0.0):
    hips = people(walk)
    return lambda t: hips(t) | {f"{n}.head": np.add(at, (0, 0, 0.35 * HEIGHTS[n])) for n, at in hips(t).items()}


def direction(view):
    return np.subtract(view.target, view.eye) / np.linalg.norm(np.subtract(view.target, view.eye))


@pytest.mark.parametrize("move", sorted(ARRIVING))
def test_a_move_that_comes_from_elsewhere_ends_on_the_subject(move):
    view = plan(move)
    head = with_heads()(0)["ada.head"]
    assert direction(view(0)) @ direction(view(2)) < 0.96
    assert np.abs(on_screen(view(2), head, 16 / 9)).max() < 1


@pytest.mark.parametrize(
    ("move", "nearer"), [("dolly_in", True), ("dolly_out", False), ("zoom_in", True), ("zoom_out", False), ("crash_zoom", True)]
)
def test_going_in_makes_the_subject_larger_and_going_out_smaller(move, nearer):
    view = plan(move)
    size = [1 / (np.linalg.norm(np.subtract(v.eye, with_heads()(0)["ada"])) * tan(radians(v.fov) / 2)) for v in (view(0), view(2))]
    assert (size[1] > size[0] * 1.2) if nearer else (size[0] > size[1] * 1.2)


def test_a_dolly_zoom_keeps_the_subject_and_changes_the_place():
    view = plan("dolly_zoom")
    spread = [np.linalg.norm(np.subtract(v.eye, (-1, 0, v.eye[2]))) * tan(radians(v.fov) / 2) for v in (view(0), view(2))]
    assert spread[1] == pytest.approx(spread[0], rel=0.06)
    assert view(2).fov > view(0).fov * 1.3


def test_a_crane_rises_and_a_drone_comes_down():
    up, down = plan("crane_up"), plan("drone", "wide")
    assert up(2).eye[2] > up(0).eye[2] + 0.5
    assert down(0).eye[2] > down(2).eye[2] + 1


def test_only_a_dutch_angle_leans():
    leaning = {move: abs(plan(move)(1).roll) for move in KEEPING}
    assert leaning.pop("dutch") > 8
    assert max(leaning.values()) < 1.5


def test_a_rack_focus_goes_from_one_to_the_other():
    view = plan("rack_focus", other="bob")
    away = [np.subtract(with_heads()(0)[f"{n}.head"], view(0).eye) @ direction(view(0)) for n in ("ada", "bob")]
    assert (view(0).focus, view(2).focus) == pytest.approx(away, rel=0.02)
    assert view(0).blur > 0


def test_only_a_shallow_view_is_blurred_and_sharp_on_its_subject():
    assert plan("static")(0).blur == 0
    view = plan("static", shallow=True, lens_mm=85)(0)
    assert view.blur > 0.005
    assert view.focus == pytest.approx(np.subtract(with_heads()(0)["ada.head"], view.eye) @ direction(view), rel=0.02)


def test_a_longer_lens_stands_further_back():
    distance = [np.linalg.norm(np.subtract(plan("static", lens_mm=mm)(0).eye, (-1, 0, 1))) for mm in (24, 50, 85)]
    assert distance == sorted(distance)
    assert distance[2] > 2 * distance[0]


def test_over_the_shoulder_sees_the_other_past_the_one():
    view = plan("over_the_shoulder", subject="ada", other="bob")(1)
    heads = with_heads()(0)
    assert np.linalg.norm(np.subtract(view.eye, heads["ada.head"])) < 1.2
    assert np.abs(on_screen(view, heads["bob.head"], 16 / 9)).max() < 0.6


def test_a_point_of_view_is_where_the_eyes_are_and_looks_where_one_walks():
    view = plan("pov", subjects=with_heads(walk=1.2))(1.5)
    assert np.linalg.norm(np.subtract(view.eye, with_heads(1.2)(1.5)["ada.head"])) < 0.35
    assert direction(view)[0] > 0.8


@pytest.mark.parametrize("other_way", [1, -1])
def test_in_a_dialogue_every_view_is_from_the_same_side_of_the_line_between_them(other_way):
    places = {"ada": np.array([-0.8 * other_way, 0.3, 0.9]), "bob": np.array([0.8 * other_way, -0.2, 0.97])}
    subjects = lambda _: places | {f"{n}.head": np.add(at, (0, 0, 0.6)) for n, at in places.items()}  # noqa: E731
    way = places["bob"] - places["ada"]
    facing = float(np.degrees(np.arctan2(way[0], -way[1])))
    marks = (
        Mark(character="ada", position=places["ada"][:2], facing=facing),
        Mark(character="bob", position=places["bob"][:2], facing=facing - 180 * np.sign(facing)),
    )
    cameras = [Camera(framing=f, subject=s) for f in ("medium", "close") for s in ("ada", "bob", None)]
    cameras += [Camera(move="over_the_shoulder", subject=s, other=o) for s, o in (("ada", "bob"), ("bob", "ada"))]
    for camera in cameras:
        shot = Shot(duration=1, place="park", camera=camera, marks=marks)
        eye = np.array(plan_camera(shot, subjects, HEIGHTS, build_stage("park"), 16 / 9)(0.5).eye)
        side = np.cross(way * (1, 1, 0), eye - places["ada"])[2]
        assert side * other_way < 0


def test_a_wall_of_boxes_does_not_hide_the_subject():
    boxes = tuple(Prop(id=f"box_{i}", kind="crate", position=(-2 + 0.9 * i, -1.5, 0.6 * j), scale=1.0) for i in range(5) for j in (0, 1, 2))
    boxes = tuple(box.model_copy(update={"id": f"box_{n}"}) for n, box in enumerate(boxes))
    shot = Shot(duration=1, place="park", camera=Camera(framing="medium", subject="ada"), marks=(Mark(character="ada"),), props=boxes)
    subjects = lambda _: {"ada": np.array([0, 0, 0.9]), "ada.head": np.array([0, 0, 1.5])}  # noqa: E731
    eye = np.array(plan_camera(shot, subjects, HEIGHTS, build_stage("park"), 16 / 9)(0.5).eye)
    assert eye[1] > -1.5 or abs(eye[0]) > 2.5 or eye[2] > 1.9


@pytest.mark.parametrize("framing", ["full", "medium", "close"])
def test_an_animal_is_shown_whole_or_by_its_head(framing):
    nose, tail = np.array([0.6, 0, 0.7]), np.array([-0.5, 0, 0.5])
    rest = np.array([nose, tail, (0.3, 0, 0), (-0.3, 0, 0), (0.4, 0.1, 0.8)])
    size = bulk(rest, np.array([-0.2, 0, 0.5]))
    shot = Shot(duration=1, place="park", camera=Camera(framing=framing, subject="rex"), marks=(Mark(character="rex", facing=80),))
    subjects = lambda _: {"rex": np.array([-0.2, 0, 0.5]), "rex.head": np.array([0.45, 0, 0.68])}  # noqa: E731
    view = plan_camera(shot, subjects, {"rex": 0.8}, build_stage("park"), 16 / 9, beings={"rex": size})(0.5)
    must = [nose] if framing == "close" else [nose, tail]
    assert max(np.abs(on_screen(view, point, 16 / 9)).max() for point in must) < 1


def test_a_ball_that_is_thrown_far_away_leaves_the_picture_to_the_people():
    marks, ball = (Mark(character="ada"),), Prop(id="ball", kind="football")
    shot = Shot(duration=2, place="park", marks=marks, props=(ball,), actions=(Action(actor="ada", verb="throw", prop="ball"),))
    subjects = lambda t: {"ada": np.array([0, 0, 0.9]), "ball": np.array([0.3 + 12 * t, 0, 0.5])}  # noqa: E731
    view = plan_camera(shot, subjects, HEIGHTS, build_stage("park"), 16 / 9)(1.0)
    assert np.linalg.norm(np.subtract(view.eye, (0, 0, 0.9))) < 14


def height_in_picture(view, low, high, aspect=16 / 9):
    return (on_screen(view, high, aspect)[1] - on_screen(view, low, aspect)[1]) / 2


def test_a_camera_that_goes_along_comes_nearer_as_two_who_were_apart_meet():
    subjects = lambda t: {"ada": np.array([-2.6 + 2.2 * min(t, 1), 0, 0.9]), "bob": np.array([2.6 - 2.2 * min(t, 1), 0, 0.97])}  # noqa: E731
    marks = (Mark(character="ada", position=(-2.6, 0)), Mark(character="bob", position=(2.6, 0)))
    shot = Shot(duration=4, place="park", camera=Camera(move="follow", framing="full"), marks=marks)
    view = plan_camera(shot, subjects, HEIGHTS, build_stage("park"), 16 / 9)
    tall = [height_in_picture(view(t), subjects(t)["bob"] - (0, 0, 0.97), subjects(t)["bob"] + (0, 0, 0.85)) for t in (0, 4)]
    assert tall[1] > 1.4 * tall[0]
    assert tall[1] > 0.7


@pytest.fixture(scope="module")
def shot_at_the_hoop():
    """Ada throws a ball at a hoop, it springs back, and Bob beside her laughs: the camera and where everything is."""
    props = (Prop(id="ball", kind="basketball"), Prop(id="hoop", kind="hoop", position=(5, 0.8, 0)))
    deeds = (
        Action(actor="ada", verb="shoot", prop="ball", target="hoop", start=0.1, end=1.4),
        Action(actor="bob", verb="laugh", start=2.5, end=4),
    )
    marks = (Mark(character="ada", position=(1.2, 0.3), facing=97), Mark(character="bob", position=(0, 0.75), facing=41))
    shot = Shot(duration=4, place="court", camera=Camera(move="pan", framing="full"), marks=marks, props=props, actions=deeds)

    def where(t):
        ball = np.interp(t, [1.2, 2, 3], [0, 1, 0])
        return {
            "ada": np.array([1.2, 0.3, 0.9]),
            "bob": np.array([0, 0.75, 0.97]),
            "hoop": np.array([5, 0.8, 0]),
            "ball": np.array([1.5 + 3.2 * ball, 0.3 + 0.5 * ball, 1.2 + 1.8 * ball]),
        }

    return plan_camera(shot, where, HEIGHTS, build_stage("court"), 16 / 9), where


def test_a_throw_is_seen_together_with_what_it_is_aimed_at_and_then_the_people(shot_at_the_hoop):
    view, where = shot_at_the_hoop
    assert np.abs(on_screen(view(2.0), where(2.0)["ball"], 16 / 9)).max() < 1
    assert np.abs(on_screen(view(2.0), (5, 0.8, 3.0), 16 / 9)).max() < 1
    tall = [height_in_picture(view(t), (0, 0.75, 0), (0, 0.75, 1.8)) for t in (0.0, 4.0)]
    assert tall[1] > 1.3 * tall[0]


def test_a_zoom_goes_one_way_and_gently(shot_at_the_hoop):
    view, _ = shot_at_the_hoop
    zoom = np.diff([np.log(tan(radians(view(t).fov) / 2)) for t in np.arange(0, 4, 1 / 24)]) * 24
    assert np.abs(zoom).max() < 1.6
    assert np.abs(np.diff(zoom)).max() < 0.25
    assert zoom.max() < 0.1


def test_nobody_hides_a_friend(shot_at_the_hoop):
    view, where = shot_at_the_hoop
    across = [on_screen(view(0), where(0)[name], 16 / 9)[0] for name in ("ada", "bob")]
    assert abs(across[0] - across[1]) > 0.15


def test_a_camera_that_goes_along_leaves_who_has_done_and_keeps_to_who_acts():
    ball = Prop(id="ball", kind="basketball")
    deeds = (Action(actor="ada", verb="throw", prop="ball", start=0, end=1), Action(actor="rex", verb="chase", start=0, end=4))
    marks = (Mark(character="ada", position=(-3, 0)), Mark(character="rex", position=(-1.6, 0)))
    shot = Shot(duration=4, place="park", camera=Camera(move="follow", framing="full"), marks=marks, props=(ball,), actions=deeds)

    def where(t):
        return {
            "ada": np.array([-3, 0, 0.9]),
            "rex": np.array([-1.6 + 2 * t, 0, 0.5]),
            "rex.head": np.array([-1.1 + 2 * t, 0, 0.6]),
            "ball": np.array([-2.7 + 4 * t, 0, 0.5]),
        }

    dog = bulk(np.array([(0.1, -0.6, 0.2), (-0.1, 0.5, 0.1), (0.1, 0, -0.5), (0, -0.5, 0.3)]), np.zeros(3))
    view = plan_camera(shot, where, HEIGHTS, build_stage("park"), 16 / 9, beings={"rex": dog})
    assert np.abs(on_screen(view(0.5), where(0.5)["ada"], 16 / 9)).max() < 1
    assert np.abs(on_screen(view(4), where(4)["ada"], 16 / 9)).max() > 1
    assert height_in_picture(view(4), where(4)["rex"] - (0, 0, 0.5), where(4)["rex"] + (0, 0, 0.3)) > 0.4


def seen_alone(size, head, framing="full", props=(), facing=80.0, at=(0.0, 0.0, 0.5), subject="rex"):
    shot = Shot(
        duration=1,
        place="park",
        camera=Camera(framing=framing, subject=subject),
        marks=(Mark(character="rex", position=at[:2], facing=facing),),
        props=props,
    )
    subjects = lambda _: {"rex": np.array(at), "rex.head": np.add(at, head)}  # noqa: E731
    return plan_camera(shot, subjects, {}, build_stage("park"), 16 / 9, beings={"rex": size})(0.5)


def test_a_horse_from_the_side_fills_the_picture():
    horse = bulk(np.array([(0.2, -1.3, 0.9), (-0.2, 1.1, 0.3), (0.2, 0, -1.1), (0, -1.2, 0.9)]), np.zeros(3))
    view = seen_alone(horse, (1.2, -0.2, 0.7), at=(0, 0, 1.1), subject=None)
    assert height_in_picture(view, (0, 0, 0), (0, 0, 2.0)) > 0.65


def test_an_animal_is_not_taken_for_somebody_who_lies_in_bed():
    cat = bulk(np.array([(0.08, -0.25, 0.15), (-0.08, 0.3, 0.1), (0.05, 0, -0.25)]), np.zeros(3))
    view = seen_alone(cat, (0, -0.2, 0.1), facing=0.0)
    assert abs(view.eye[0]) < abs(view.eye[1])


def test_a_crate_before_it_does_not_hide_the_mouth_of_a_dog():
    dog = bulk(np.array([(0.1, -0.6, 0.2), (-0.1, 0.5, 0.1), (0.1, 0, -0.5), (0, -0.5, 0.3)]), np.zeros(3))
    crate = Prop(id="crate", kind="crate", position=(1.35, 0, 0), scale=1.5)
    view = seen_alone(dog, (0.55, -0.05, 0.1), "close", (crate,), facing=85.0)
    mouth = np.array([0.6, -0.05, 0.5])
    assert all(np.abs(mouth + (view.eye - mouth) * share - (1.35, 0, 0.36)).max() > 0.36 for share in np.linspace(0, 1, 50))
