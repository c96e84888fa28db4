"""What people do, alone and together, with what they have in hand and under them."""

from itertools import product

import numpy as np
import pytest
from kinora_testkit.sweeps import thinned
from kinora_world.cast import build_body, embody
from kinora_world.catalogue import words
from kinora_world.motion import action_kinds, plan, rehearse
from kinora_world.motion.track import RATE
from kinora_world.stage import prop_kind
from kinora_world.storyboard import Action, Character, Mark, Prop, Shot
from scipy.spatial import cKDTree

ADA, BOB = Character(id="ada", name="Ada", feminine=1.0), Character(id="bob", name="Bob", feminine=0.0)
PAIRS = [verb for verb, kind in action_kinds().items() if kind.partner]
TOUCHING = {
    "shake_hands": ("RightHand", "RightHand"),
    "high_five": ("RightHand", "RightHand"),
    "fist_bump": ("RightHand", "RightHand"),
    "arm_wrestle": ("RightHand", "RightHand"),
    "hold_hands": ("RightHand", "LeftHand"),
    "dance_together": ("LeftHand", "RightHand"),
    "hug": ("RightHand", "Spine2"),
    "pat_shoulder": ("RightHand", "LeftArm"),
}


def perform(verb, *, who=ADA, other=None, props=(), duration=5.0, facing=0.0, **action):
    marks = [Mark(character="ada", facing=facing)] + ([Mark(character="bob", position=other)] if other else [])
    act = Action(**({"actor": "ada", "verb": verb, "start": 0.5, "target": "bob" if other else None} | action))
    shot = Shot(duration=duration, place="park", marks=tuple(marks), props=tuple(props), actions=(act,))
    bodies = {"ada": build_body(who, "realistic"), "bob": build_body(BOB, "realistic")}
    kinds = {prop.kind: prop_kind(prop.kind) for prop in props}
    return plan(shot, bodies, [], None, kinds), bodies


def skin_near(performance, body, joint, time, reach):
    skin = body.posed(performance.pose(time))[0]
    return skin[np.linalg.norm(skin - performance.joint(joint, time), axis=1) < reach]


def apart(both, bodies, joints, time):
    mine, theirs = (
        skin_near(both[who], bodies[who], joint, time, 0.2 if "Hand" in joint else 0.35)
        for who, joint in zip(("ada", "bob"), joints, strict=True)
    )
    return float(cKDTree(mine).query(theirs)[0].min())


@pytest.mark.parametrize(("other", "touch"), thinned(product([(1.6, 0.4), (-0.9, 0.0)], TOUCHING.items()), 3))
def test_two_people_meet_within_three_centimetres(other, touch):
    verb, joints = touch
    both, bodies = perform(verb, other=other, duration=6.0)
    swapped = tuple(joint.replace("Left", "?").replace("Right", "Left").replace("?", "Right") for joint in joints)
    sides = [joints, swapped] if verb == "hold_hands" else [joints]
    assert any(apart(both, bodies, side, time) < 0.03 for time in np.arange(1.5, 5.0, 0.1) for side in sides)


def test_a_grown_up_and_a_child_shake_hands_too():
    child = Character(id="ada", name="Ada", age_years=8)
    both, bodies = perform("shake_hands", who=child, other=(1.2, 0.0))
    assert any(apart(both, bodies, ("RightHand", "RightHand"), time) < 0.03 for time in np.arange(1.5, 4.5, 0.1))


@pytest.mark.parametrize("verb", PAIRS)
def test_partners_stand_as_near_as_it_takes_and_see_each_other(verb):
    both, _ = perform(verb, other=(2.0, 1.0), duration=6.0)
    between = both["bob"].joint("Hips", 4.0) - both["ada"].joint("Hips", 4.0)
    assert 0.25 < np.linalg.norm(between[:2]) < 1.15
    if not action_kinds()[verb].beside:
        assert -both["ada"].pose(4.0).root[:3, 1] @ between / np.linalg.norm(between) > 0.85


def test_who_says_the_same_of_each_other_hugs_once():
    actions = tuple(Action(actor=a, verb="hug", start=0.5, target=b) for a, b in (("ada", "bob"), ("bob", "ada")))
    marks = (Mark(character="ada"), Mark(character="bob", position=(1.5, 0.0)))
    bodies = {"ada": build_body(ADA, "realistic"), "bob": build_body(BOB, "realistic")}
    both = plan(Shot(duration=5, place="park", marks=marks, actions=actions), bodies, [], None, {})
    assert min(apart(both, bodies, ("RightHand", "Spine2"), time) for time in (2.6, 3.0, 3.4)) < 0.03


def test_a_row_on_the_floor_is_pushed_from_down_there():
    def reach(kind):
        pushes = perform("push", props=(Prop(id="it", kind=kind, position=(0, -0.8, 0)),), prop="it")[0]["ada"]
        return min(pushes.joint("RightHand", time)[2] for time in np.arange(0.4, 2.5, 0.1))

    assert reach("domino") < 0.6 < reach("trash_can")


@pytest.mark.parametrize(("kind", "seat"), [("chair", 0.47), ("sofa", 0.48), ("bench", 0.47), ("stool", 0.457)])
def test_people_sit_as_high_as_the_seat_and_keep_their_feet_on_the_floor(kind, seat):
    both, _ = perform("sit_down", props=(Prop(id="it", kind=kind, position=(0.0, 0.8, 0.0)),), target="it", duration=6.0)
    hips = both["ada"].joint("Hips", 5.8)
    assert hips[2] == pytest.approx(seat + 0.115, abs=0.05)
    assert np.linalg.norm(hips[:2] - [0.0, 0.8]) < 0.25
    assert all(both["ada"].joint(f"{side}ToeBase", 5.8)[2] < 0.06 for side in ("Left", "Right"))


def test_a_sitter_stands_up_before_walking_on():
    marks, props = (Mark(character="ada"),), (Prop(id="it", kind="chair", position=(0.0, 0.5, 0.0)),)
    actions = (Action(actor="ada", verb="sit", target="it"), Action(actor="ada", verb="walk", start=1.5, to=(2.5, -1.0)))
    shot = Shot(duration=7, place="park", marks=marks, props=props, actions=actions)
    ada = plan(shot, {"ada": build_body(ADA, "realistic")}, [], None, {"chair": prop_kind("chair")})["ada"]
    assert ada.joint("Hips", 0.5)[2] < 0.7
    assert ada.joint("Hips", 7.0)[2] > 0.85
    assert np.linalg.norm(ada.joint("Hips", 7.0)[:2] - [2.5, -1.0]) < 0.15


def test_a_bicycle_goes_where_its_rider_goes():
    both, _ = perform("ride_bike", props=(Prop(id="bike", kind="bicycle", position=(0.3, 0.0, 0.0)),), prop="bike", start=0.0)
    path = both["ada"].holds[0].path
    for time in (0.5, 2.0, 4.0):
        saddle = path(time) @ [*prop_kind("bicycle").anchors["saddle"], 1.0]
        assert np.linalg.norm(saddle[:2] - both["ada"].joint("Hips", time)[:2]) < 0.05
        assert path(time)[2, 3] == pytest.approx(0.0, abs=1e-6)
    assert np.linalg.norm(path(4.0)[:3, 3] - path(0.5)[:3, 3]) > 4


@pytest.mark.parametrize(("verb", "kind", "anchor", "hand"), [
    ("ride_bike", "bicycle", "handlebar_left", "LeftHand"),
    ("play_guitar", "guitar", "grip_left", "LeftHand"),
    ("play_violin", "violin", "bow", "RightHand"),
    ("play_violin", "violin", "grip_left", "LeftHand"),
    ("sweep", "broom", "grip_right", "RightHand"),
    ("dig", "shovel", "grip_left", "RightHand"),
])  # fmt: skip
def test_hands_hold_what_they_use(verb, kind, anchor, hand):
    both, bodies = perform(verb, props=(Prop(id="it", kind=kind, position=(0.3, 0.0, 0.0)),), prop="it", start=0.0)
    where = prop_kind(kind).anchors[anchor]
    for time in (1.0, 1.7, 2.4):
        point = (both["ada"].holds[0].path(time) @ [*where, 1.0])[:3]
        fingers = skin_near(both["ada"], bodies["ada"], hand, time, 0.2)
        assert np.linalg.norm(fingers - point, axis=1).min() < 0.05


@pytest.mark.parametrize("time", [0.0, 4.0])
def test_who_plays_all_through_a_shot_plays_in_its_first_frame_and_in_its_last(time):
    violin = Prop(id="it", kind="violin", position=(0.3, 0.0, 0.0))
    both, bodies = perform("play_violin", props=(violin,), prop="it", start=0.15, end=4.0, duration=4.0)
    bow = (both["ada"].holds[0].path(time) @ [*prop_kind("violin").anchors["bow"], 1.0])[:3]
    assert np.linalg.norm(skin_near(both["ada"], bodies["ada"], "RightHand", time, 0.2) - bow, axis=1).min() < 0.05


def test_a_hug_until_the_cut_is_not_let_go_before_it():
    both, _ = perform("hug", other=(0.6, 0.0), start=0.3, end=3.0, duration=3.0, facing=90.0)
    far = [np.linalg.norm(both["ada"].joint("RightHand", time) - both["bob"].joint("Spine2", time)) for time in (2.0, 3.0)]
    assert far[1] == pytest.approx(far[0], abs=0.05)


def test_a_rider_stays_on_the_horse():
    marks = (Mark(character="ada"), Mark(character="star", position=(0.5, 0.0)))
    actions = (Action(actor="ada", verb="ride_horse", target="star"), Action(actor="star", verb="run", to=(5.0, 0.0)))
    bodies = {"ada": embody(ADA, "realistic"), "star": embody(Character(id="star", name="Star", species="horse"), "realistic")}
    both = rehearse(Shot(duration=3, place="park", marks=marks, actions=actions), bodies, [], None, {})
    for time in (0.0, 1.0, 2.0):
        off = both["ada"].joint("Hips", time) - both["star"].joint("Spine", time)
        assert np.linalg.norm(off[:2]) < 0.25
        assert 0.2 < off[2] < 0.5


def test_a_cup_reaches_the_mouth():
    both, bodies = perform("drink", props=(Prop(id="cup", kind="cup", position=(0.2, -0.4, 0.0)),), prop="cup")
    head = bodies["ada"].skeleton.heads[bodies["ada"].skeleton.index("Head")]
    mouth = np.linalg.norm(np.array(bodies["ada"].landmarks["mouth"]) - head)
    cup = both["ada"].holds[0].path(1.9) @ [*prop_kind("cup").anchors["mouth"], 1.0]
    assert abs(np.linalg.norm(cup[:3] - both["ada"].joint("Head", 1.9)) - mouth) < 0.07


def test_what_is_given_changes_hands():
    both, _ = perform("give", other=(1.5, 0.0), props=(Prop(id="it", kind="bottle", position=(0.2, -0.4, 0.0)),), prop="it")
    mine, theirs = both["ada"].holds[0], both["bob"].holds[0]
    assert mine.end == theirs.start < theirs.end


@pytest.mark.parametrize("verb", ["walk", "march", "sneak", "limp", "stumble", "skip", "jog"])
def test_feet_slide_less_than_two_centimetres_a_step(verb):
    both, _ = perform(verb, to=(3.0, -1.0))
    balls = np.array([[both["ada"].joint(f"{side}ToeBase", t) for side in ("Left", "Right")] for t in np.arange(0, 5, 1 / RATE)])
    for foot in (0, 1):
        down = balls[:, foot, 2] < balls[:, foot, 2].min() + 0.002
        for first, end in np.flatnonzero(np.diff(np.concatenate([[0], down, [0]]).astype(int))).reshape(-1, 2):
            part = balls[first:end, foot, :2]
            assert end - first < 5 or np.linalg.norm(part - part[len(part) // 2], axis=1).max() < 0.02


def test_twice_the_pace_takes_half_the_time():
    ends = [perform("walk", to=(3.0, 0.0), pace=pace, duration=8.0)[0]["ada"].footfalls[-1].time - 0.5 for pace in (0.7, 1.4)]
    assert ends[0] / ends[1] == pytest.approx(2.0, rel=0.3)


def test_old_people_step_slowly_and_stoop_and_children_hurry():
    ages = [Character(id="ada", name="Ada", age_years=age) for age in (9, 30, 88)]
    shows = [perform("walk", who=who, to=(4.0, 0.0), duration=9.0)[0]["ada"] for who in ages]
    young, grown, old = (np.median(np.diff([step.time for step in show.footfalls])) for show in shows)
    assert young < grown < old
    ahead = [show.joint("Neck", 0.2) - show.joint("Hips", 0.2) for show in shows]
    assert -ahead[2][1] > -ahead[1][1] + 0.05


MOODS = {
    "joyful": "mouthSmileLeft",
    "playful": "mouthSmileLeft",
    "calm": "mouthSmileLeft",
    "romantic": "browInnerUp",
    "sad": "mouthFrownLeft",
    "tense": "browDownLeft",
    "scary": "eyeWideLeft",
    "mysterious": "eyeSquintLeft",
    "epic": "browDownLeft",
}


@pytest.mark.parametrize(("mood", "shape"), MOODS.items())
def test_moods_show_in_the_face(mood, shape):
    felt, calm = (perform("wave", mood=m)[0]["ada"].pose(1.5).face.get(shape, 0.0) for m in (mood, "neutral"))
    assert felt > 0.15
    assert mood in ("joyful", "playful", "calm") or felt > calm


def test_sleepers_close_their_eyes():
    both, _ = perform("sleep", start=0.0)
    assert both["ada"].pose(2.0).face["eyeBlinkLeft"] > 0.9


@pytest.mark.parametrize("verb", ["fall", "trip", "slip", "faint"])
def test_who_falls_ends_on_the_floor_and_gets_up_again(verb):
    actions = (Action(actor="ada", verb=verb, start=0.3), Action(actor="ada", verb="stand_up", start=2.5))
    shot = Shot(duration=7, place="park", marks=(Mark(character="ada"),), actions=actions)
    ada = plan(shot, {"ada": build_body(ADA, "realistic")}, [], None, {})["ada"]
    assert 0.3 <= ada.falls[0] < 0.8
    assert ada.joint("Hips", ada.falls[0])[2] > 0.7
    assert ada.joint("Hips", 2.2)[2] < 0.35
    assert ada.joint("Hips", 7.0)[2] > 0.85


SAID = """sit down, lie down, kneel, hug, shake hands, high five, ride a bike, skateboard, surf, swim, climb, fly, faint, play guitar,
play the piano, drink, eat, read, type, drive, row, juggle, sneeze, yawn, salute, meditate, dunk"""


@pytest.mark.parametrize("said", [words_of.strip() for words_of in SAID.split(",")])
def test_what_people_say_is_in_the_catalogue(said):
    assert words("actions")[said] in action_kinds()


def test_there_are_at_least_seventy_five_verbs():
    assert sum(1 for kind in action_kinds().values() if kind.words) >= 75
