"""Actions and lines as performances."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world.cast import build_body
from kinora_world.motion import UnknownVerb, action_kinds, plan
from kinora_world.motion.track import RATE
from kinora_world.scene import FPS, PropKind, Shape, SpokenLine
from kinora_world.storyboard import Action, Character, Mark, Prop, Shot

BALL = PropKind("ball", (Shape("sphere", (0.12,), (0, 0, 0.12)),))
VERBS = sorted(action_kinds())
characters = st.builds(
    Character,
    id=st.sampled_from(["ada", "bob"]),
    name=st.just("x"),
    age_years=st.floats(4, 95),
    feminine=st.floats(0, 1),
    weight=st.floats(0, 1),
)
slowly = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def perform(*actions, who=None, duration=5.0, lines=(), marks=(), props=(), facing=0.0):
    ada = who or Character(id="ada", name="Ada")
    bob = Character(id="bob", name="Bob", feminine=0.0)
    marks = marks or (Mark(character=ada.id, facing=facing),)
    props = props or (Prop(id="ball", kind="ball", position=(0.1, -0.5, 0.0)),)
    acted = tuple(Action(**{"actor": ada.id, **action}) for action in actions)
    shot = Shot(duration=duration, place="park", marks=marks, props=props, actions=acted)
    bodies = {mark.character: build_body(ada if mark.character == ada.id else bob, "realistic") for mark in marks}
    performances = plan(shot, bodies, list(lines), None, {"ball": BALL})
    return performances[ada.id], bodies[ada.id], performances


def needed(verb):
    kind = action_kinds()[verb]
    found = {"verb": verb, "start": 0.5}
    if kind.kind == "travel":
        found["to"] = (2.0, -1.5)
    if kind.grab or kind.release:
        found["prop"] = "ball"
    return found


def sinking(verb):
    """How deep in metres: hands that lie on the floor sink in a little, and swimmers reach under water."""
    return -0.5 if verb == "swim" else -0.05 if action_kinds()[verb].posture else -0.02


def lowest(performance, body, duration):
    return min(float(body.posed(performance.pose(t))[0][:, 2].min()) for t in np.linspace(0, duration, 9))


def line(speaker="ada", start=0.5, visemes=None, words=("hello", "there")):
    visemes = visemes or ((0.0, {"jawOpen": 0.6}), (0.2, {"mouthPressLeft": 0.6, "mouthPressRight": 0.6}), (0.4, {"jawOpen": 0.5}))
    samples = np.zeros(int(48_000 * 0.7), np.float32)
    return SpokenLine(0, speaker, "x", "en", start, samples, visemes, tuple((0.3 * i, word) for i, word in enumerate(words)))


@pytest.mark.parametrize("verb", thinned(VERBS, 4))
def test_nobody_sinks_into_the_floor_or_jumps_between_frames(verb):
    performance, body, _ = perform(needed(verb), duration=3.0)
    assert lowest(performance, body, 3.0) > sinking(verb)
    times = np.arange(0, 3.0, 1 / FPS)
    joints = np.array(
        [[performance.joint(bone, t) for bone in ("Hips", "Head", "LeftHand", "RightHand", "LeftFoot", "RightFoot")] for t in times]
    )
    moved = np.linalg.norm(np.diff(joints, axis=0), axis=2).max(0) * 1.7 / body.height
    assert (moved < [0.22, 0.25, 0.5, 0.5, 0.55, 0.55]).all()


@slowly
@given(characters, st.sampled_from(VERBS))
def test_anybody_can_do_anything(character, verb):
    performance, body, _ = perform(needed(verb), who=character, duration=3.0)
    posed = [body.posed(performance.pose(t))[0] for t in (0.0, 0.9, 1.4, 2.2, 3.0)]
    assert all(np.isfinite(p).all() and p[:, 2].min() > sinking(verb) - 0.01 and p[:, 2].max() < 2.2 * body.height for p in posed)


@pytest.mark.parametrize(("verb", "goal"), [("walk", (3.0, -1.0)), ("run", (6.0, -2.0)), ("walk", (-1.0, 2.0))])
def test_standing_feet_do_not_slide(verb, goal):
    performance, _, _ = perform({"verb": verb, "to": goal, "start": 0.3}, duration=6.0)
    times = np.arange(0, 6.0, 1 / RATE)
    balls = np.array([[performance.joint(f"{side}ToeBase", t) for side in ("Left", "Right")] for t in times])
    speeds = np.linalg.norm(np.diff(balls[:, :, :2], axis=0), axis=2) * RATE
    still = speeds.min(1) < 0.03  # metres a second: one foot carries
    assert still.mean() > (0.97 if verb == "walk" else 0.7)
    down = balls[:-1, :, 2] < balls[:, :, 2].min() + 0.004
    assert np.percentile(speeds[down], 85) < 0.03


@pytest.mark.parametrize(("verb", "goal"), [("walk", (3.0, -1.0)), ("run", (6.0, -2.0)), ("walk", (-1.0, 2.0)), ("walk", (0.0, 4.0))])
def test_a_walk_ends_where_it_should(verb, goal):
    performance, _, _ = perform({"verb": verb, "to": goal, "start": 0.2}, duration=7.0)
    assert np.linalg.norm(performance.joint("Hips", 7.0)[:2] - goal) < 0.15


def test_walkers_face_where_they_go():
    performance, _, _ = perform({"verb": "walk", "to": (3.0, 0.0), "start": 0.0}, duration=4.0)
    forward = -performance.pose(1.8).root[:3, 1]
    assert forward @ [1, 0, 0] > 0.95


def test_a_walk_takes_the_time_it_is_given():
    performance, _, _ = perform({"verb": "walk", "to": (3.0, 0.0), "start": 0.0, "end": 3.4}, duration=5.0)
    assert performance.joint("Hips", 1.2)[0] < 1.6
    assert performance.joint("Hips", 3.5)[0] == pytest.approx(3.0, abs=0.1)


def test_steps_are_heard_on_both_feet():
    performance, _, _ = perform({"verb": "walk", "to": (4.0, 0.0), "start": 0.0}, duration=5.0)
    times = [step.time for step in performance.footfalls]
    assert 5 <= len(times) <= 12
    assert all(0.1 < b - a < 1.0 for a, b in pairwise(times) if a < 3)


def test_people_standing_still_take_no_steps():
    performance, _, _ = perform(duration=8.0)
    assert performance.footfalls == ()


def test_turning_moves_the_feet_too():
    performance, _, _ = perform({"verb": "turn", "to": (0.0, 4.0), "start": 0.5}, duration=4.0)
    forward = performance.joint("LeftToeBase", 4.0) - performance.joint("LeftFoot", 4.0)
    assert forward[1] > 0.05
    assert len(performance.footfalls) >= 3


def test_the_same_shot_moves_alike_again():
    (first, _, _), (again, _, _) = (perform({"verb": "dance", "end": 4.0}, lines=(line(),)) for _ in range(2))
    assert all(np.array_equal(first.pose(t).root, again.pose(t).root) and first.pose(t).face == again.pose(t).face for t in (0.5, 1.7, 3.1))


def test_two_people_do_not_move_in_step():
    _, _, both = perform(marks=(Mark(character="ada"), Mark(character="bob", position=(1.0, 0.0))))
    ada, bob = (both[name].pose(2.0).rotations["Head"] for name in ("ada", "bob"))
    assert not np.allclose(ada, bob)


def test_lips_open_for_vowels_and_close_for_m():
    performance, _, _ = perform(lines=(line(start=1.0),))
    assert performance.pose(1.09).face["jawOpen"] > 0.4
    assert performance.pose(1.29).face.get("jawOpen", 0.0) < 0.05
    assert performance.pose(1.29).face["mouthPressLeft"] > 0.4
    assert performance.pose(1.51).face["jawOpen"] > 0.35


def test_a_closed_mouth_before_and_after_a_line():
    performance, _, _ = perform(lines=(line(start=1.0),))
    assert all(performance.pose(t).face.get("jawOpen", 0.0) < 0.02 for t in (0.5, 2.2))


def test_face_shapes_change_smoothly():
    performance, _, _ = perform(lines=(line(start=1.0),))
    jaw = [performance.pose(t).face.get("jawOpen", 0.0) for t in np.arange(0.8, 2.2, 0.01)]
    assert max(abs(b - a) for a, b in pairwise(jaw)) < 0.2


def test_people_blink():
    performance, _, _ = perform(duration=10.0)
    lids = [performance.pose(t).face.get("eyeBlinkLeft", 0.0) for t in np.arange(0, 10, 0.04)]
    assert max(lids) > 0.9
    assert np.mean(np.array(lids) > 0.5) < 0.1


def test_listeners_look_at_the_speaker():
    marks = (Mark(character="ada"), Mark(character="bob", position=(2.0, -1.0)))
    _, _, both = perform(marks=marks, lines=(line("bob", 1.0),))
    before, during = (_gaze(both["ada"].pose(t)) for t in (0.1, 1.5))
    way = np.array([2.0, -1.0]) / math.hypot(2, 1)
    assert during @ way > before @ way + 0.1
    assert during @ way > 0.85


def _gaze(pose):
    turned = pose.root[:3, :3]
    for bone in ("Hips", "Spine", "Spine1", "Spine2", "Neck", "Head"):
        turned = turned @ pose.rotations[bone]
    return -turned[:2, 1] / np.linalg.norm(turned[:2, 1])


def test_a_shot_ball_is_held_over_the_head_and_let_go():
    props = (Prop(id="ball", kind="ball", position=(0.0, -0.4, 0.0)), Prop(id="hoop", kind="hoop", position=(0.0, -3.0, 0.0)))
    performance, body, _ = perform({"verb": "shoot", "prop": "ball", "target": "hoop", "start": 1.0, "outcome": "hit"}, props=props)
    hold, launch = performance.holds[0], performance.launches[0]
    assert (hold.prop, hold.hand, hold.start, hold.end) == ("ball", "Both", 0.0, launch.time)
    assert (launch.manner, launch.target, launch.outcome) == ("shoot", "hoop", "hit")
    assert performance.joint("RightHand", launch.time)[2] > performance.joint("Head", launch.time)[2] + 0.08 * body.height


def test_a_thing_picked_up_is_reached_and_kept():
    performance, body, _ = perform(
        {"verb": "pick_up", "prop": "ball", "start": 0.5}, props=(Prop(id="ball", kind="ball", position=(0.0, -0.6, 0.0)),)
    )
    hold = performance.holds[0]
    elbow, wrist = (performance.joint(bone, hold.start) for bone in ("LeftForeArm", "LeftHand"))
    palm = wrist + 0.085 * (wrist - elbow) / np.linalg.norm(wrist - elbow)
    assert np.linalg.norm(palm - [0.1, -0.6, 0.15]) < 0.17
    assert hold.end == 5.0
    assert performance.joint("LeftHand", 4.0)[2] > 0.45 * body.height


def test_a_distant_ball_is_walked_up_to_before_the_kick():
    performance, _, _ = perform(
        {"verb": "kick", "prop": "ball", "start": 0.3}, props=(Prop(id="ball", kind="ball", position=(3.0, 0.0, 0.0)),)
    )
    launch = performance.launches[0]
    assert launch.time > 1.5
    foot = performance.joint("RightToeBase", launch.time)
    assert np.linalg.norm(foot[:2] - [3.0, 0.0]) < 0.4


def test_a_thrower_turns_to_the_target():
    marks = (Mark(character="ada"), Mark(character="bob", position=(3.0, 0.0)))
    performance, _, _ = perform({"verb": "throw", "prop": "ball", "target": "bob", "start": 1.5}, marks=marks)
    launch = performance.launches[0]
    assert -performance.pose(launch.time).root[:3, 1] @ [1, 0, 0] > 0.9


def test_a_wave_lifts_the_hand_over_the_shoulder():
    performance, _, _ = perform({"verb": "wave", "start": 0.5, "end": 3.5})
    hands = [performance.joint("RightHand", t)[2] - performance.joint("RightArm", t)[2] for t in (1.2, 2.0, 2.8)]
    assert min(hands) > 0.08


def test_waving_while_walking_does_both():
    performance, _, _ = perform({"verb": "walk", "to": (4.0, 0.0), "start": 0.0}, {"verb": "wave", "start": 1.0, "end": 2.5})
    assert performance.joint("RightHand", 1.8)[2] > performance.joint("RightArm", 1.8)[2]
    assert performance.joint("Hips", 1.8)[0] > 0.8


def test_celebrating_makes_one_smile():
    performance, _, _ = perform({"verb": "celebrate", "start": 0.5})
    assert performance.pose(1.5).face["mouthSmileLeft"] > 0.5


@pytest.mark.parametrize(
    ("mood", "shape"),
    [("surprised", "eyeWideLeft"), ("disgusted", "noseSneerLeft"), ("sleepy", "eyeBlinkLeft"), ("confused", "browOuterUpRight")],
)
def test_who_just_stands_there_shows_a_feeling(mood, shape):
    felt, plain = (perform({"verb": "stand", "mood": m}, duration=2.0)[0].pose(1.0).face for m in (mood, "neutral"))
    assert felt[shape] > plain.get(shape, 0.0) + 0.3


def test_a_laugh_opens_and_closes_the_mouth_again_and_again():
    performance, _, _ = perform({"verb": "laugh"}, duration=3.0)
    jaw = np.array([performance.pose(0.6 + k / FPS).face.get("jawOpen", 0.0) for k in range(24)])
    assert (np.diff(np.sign(np.diff(jaw))) < 0).sum() >= 2
    assert np.ptp(jaw) > 0.25


def test_an_unknown_verb_names_those_there_are():
    with pytest.raises(UnknownVerb, match="backflip"):
        perform({"verb": "teleport"})


def test_a_backflip_leaves_the_ground_head_over_heels():
    performance, body, _ = perform({"verb": "backflip", "start": 0.3}, duration=3.0)
    times = np.arange(0, 3, 0.02)
    assert any(performance.joint("Head", t)[2] < performance.joint("Hips", t)[2] for t in times)
    assert max(min(performance.joint(f"{s}ToeBase", t)[2] for s in ("Left", "Right")) for t in times) > 0.25 * body.height


def test_actions_one_after_the_other_continue_from_where_the_last_ended():
    performance, _, _ = perform({"verb": "walk", "to": (2.0, 0.0), "start": 0.0, "end": 2.2}, {"verb": "jump", "start": 2.6}, duration=6.0)
    assert performance.joint("Hips", 6.0)[0] > 2.5


def test_walkers_go_around_people_in_their_way():
    marks = (Mark(character="ada"), Mark(character="bob", position=(2.0, 0.05)))
    _, _, both = perform({"verb": "walk", "to": (4.0, 0.0), "start": 0.0}, marks=marks, duration=6.0)
    apart = [np.linalg.norm((both["ada"].joint("Hips", t) - both["bob"].joint("Hips", t))[:2]) for t in np.arange(0, 6, 0.1)]
    assert min(apart) > 0.45
    assert both["ada"].joint("Hips", 6.0)[0] == pytest.approx(4.0, abs=0.15)


def test_nobody_stops_inside_somebody_else():
    marks = (Mark(character="ada"), Mark(character="bob", position=(2.0, 0.0)))
    _, _, both = perform({"verb": "walk", "to": (2.0, 0.0), "start": 0.0}, marks=marks)
    assert np.linalg.norm((both["ada"].joint("Hips", 5.0) - both["bob"].joint("Hips", 5.0))[:2]) > 0.6


def test_speakers_turn_to_whom_they_speak_with():
    marks = (Mark(character="ada", facing=-90.0), Mark(character="bob", position=(2.0, 0.0)))
    _, _, both = perform(marks=marks, lines=(line("ada", 0.5), line("bob", 2.5)))
    assert -both["ada"].pose(2.5).root[:3, 1] @ [1, 0, 0] > 0.7


@pytest.mark.parametrize(("one", "two"), [("dance", "walk"), ("push_ups", "wave")])
def test_no_joint_is_thrown_about_where_one_action_ends_and_the_next_begins(one, two):
    performance, _, _ = perform({"verb": one, "start": 0.3}, {"verb": two, "start": 3.0}, duration=7.0)
    times = np.arange(2.5, 6.5, 1 / RATE)
    joints = np.array([[performance.joint(bone, t) for bone in ("Hips", "Head", "RightHand", "RightLeg", "LeftLeg")] for t in times])
    assert np.linalg.norm(np.diff(joints, n=2, axis=0), axis=2).max() * RATE**2 < 300  # m/s²; a kick reaches 310
