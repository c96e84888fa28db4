"""Things fall, bounce, collide, are thrown and kicked as things are."""

import math
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world.physics import place, simulate
from kinora_world.scene import Footfall, Hold, Launch, Light, Motion, Pose, PropKind, Shape, StageSet
from kinora_world.solids import bounds
from kinora_world.stage import prop_kind
from kinora_world.storyboard import Action, Mark, Prop, Shot

FPS = 24
GRAVITY = 9.81
LIGHT = Light((0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1))
BARE = StageSet("court", (), "court", "stone", LIGHT, "clear", "court")
STANCE = {
    "Hips": (0, 0, 0.95), "Neck": (0, 0, 1.5), "Head": (0, 0, 1.58),
    "LeftForeArm": (0.3, -0.05, 1.15), "LeftHand": (0.3, -0.25, 1.2), "RightForeArm": (-0.3, -0.05, 1.15), "RightHand": (-0.3, -0.25, 1.2),
    "LeftUpLeg": (0.1, 0, 0.9), "LeftLeg": (0.1, 0, 0.48), "LeftFoot": (0.1, 0, 0.08), "LeftToeBase": (0.1, -0.13, 0.03),
    "RightUpLeg": (-0.1, 0, 0.9), "RightLeg": (-0.1, 0, 0.48), "RightFoot": (-0.1, 0, 0.08), "RightToeBase": (-0.1, -0.13, 0.03),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """A performance of somebody who stands at a place, turned by `facing` degrees, and drifts with `velocity`."""

    at: tuple[float, float] = (0.0, 0.0)
    facing: float = 0.0
    velocity: tuple[float, float] = (0.0, 0.0)
    holds: tuple[Hold, ...] = ()
    launches: tuple[Launch, ...] = ()
    footfalls: tuple[Footfall, ...] = field(default=())

    def joint(self, name, time):
        x, y, z = STANCE[name]
        turn = math.radians(self.facing)
        along = np.array([*self.at, 0.0]) + time * np.array([*self.velocity, 0.0])
        turned = x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn), z
        return along + np.array(turned)

    def pose(self, _time):
        return Pose({}, np.eye(4))


def ball(restitution=0.75, mass=0.6):
    return PropKind("ball", (Shape("sphere", (0.12,), (0, 0, 0.12), material="rubber"),), mass=mass, restitution=restitution, friction=0.8)


def play(props, people=None, seconds=3.0, check=lambda: None, going=None, walls=(), fps=FPS) -> Motion:
    moving = [Prop(id=name, kind=name, velocity=velocity) for name, velocity in (going or {}).items()]
    shot = Shot(duration=seconds, place="court", marks=[Mark(character=name) for name in people or {}], props=moving)
    return simulate(shot, props, people or {}, replace(BARE, shapes=walls), np.arange(round(seconds * fps)) / fps, check)


def between(motion, *names):
    return [c for c in motion.contacts if set(c.names) == set(names)]


@settings(max_examples=8, deadline=None)
@given(height=st.floats(0.3, 4.0), mass=st.floats(0.1, 20))
def test_a_dropped_thing_lands_when_galileo_says(height, mass):
    motion = play({"ball": (ball(mass=mass), (0, 0, height), 0)}, seconds=1.2)
    assert between(motion, "ball", "floor")[0].time == pytest.approx(math.sqrt(2 * height / GRAVITY), abs=0.005)


@settings(max_examples=5, deadline=None)
@given(restitution=st.floats(0.3, 0.9))
def test_each_bounce_gives_back_the_restitution(restitution):
    blows = between(play({"ball": (ball(restitution), (0, 0, 2), 0)}), "ball", "floor")
    assert blows[1].impulse / blows[0].impulse == pytest.approx(restitution, abs=0.06)


@settings(max_examples=5, deadline=None)
@given(restitution=st.floats(0.3, 0.9), height=st.floats(0.5, 3))
def test_a_bounce_rises_to_the_square_of_the_restitution(restitution, height):
    heights = play({"ball": (ball(restitution), (0, 0, height), 0)}, seconds=2.5, fps=240).props["ball"][:, 2, 3]
    landed = int((heights <= 0.002).argmax())
    assert heights[landed + 8 :].max() == pytest.approx(restitution**2 * height, rel=0.02)


def test_a_basketball_bounces_ever_lower_until_it_lies_still():
    motion = play({"ball": (prop_kind("basketball"), (0, 0, 2), 0)}, seconds=8)
    impulses = [blow.impulse for blow in between(motion, "ball", "floor")]
    assert len(impulses) > 3
    assert impulses == sorted(impulses, reverse=True)
    assert motion.props["ball"][-1, 2, 3] == pytest.approx(0, abs=0.02)


@settings(max_examples=5, deadline=None)
@given(first_mass=st.floats(0.5, 3), second_mass=st.floats(0.3, 3), beside=st.floats(-0.1, 0.1))
def test_two_balls_that_collide_in_the_air_keep_their_momentum(first_mass, second_mass, beside):
    speed, angle = 9 * math.sqrt(0.5 / first_mass), math.radians(14)
    ahead = (0.25 * speed * math.cos(angle), beside, 20 + 0.25 * speed * math.sin(angle))  # both fall: they meet on a straight line
    balls = {"first": (ball(mass=first_mass), (0, 0, 20), 0), "second": (ball(mass=second_mass), ahead, 0)}
    motion = play(balls, {"ann": Standing((0, -9), 90, launches=(Launch("first", 0.0, "kick"),))}, seconds=1.0)
    first, second = (motion.props[name][:, :3, :] @ [0, 0, 0.12, 1] for name in ("first", "second"))
    hit = int(between(motion, "first", "second")[0].time * FPS)
    carried = [first_mass * (first[i + 1] - first[i]) + second_mass * (second[i + 1] - second[i]) for i in (hit - 1, hit + 3)]
    fallen = (first_mass + second_mass) * GRAVITY * 4 / FPS**2
    assert carried[1] == pytest.approx(carried[0] - np.array([0, 0, fallen]), abs=0.01 * (first_mass + second_mass))


@settings(max_examples=3, deadline=None)
@given(length=st.floats(0.5, 2.5))
def test_a_pendulum_swings_in_the_time_that_huygens_gives_it(length):
    bob = PropKind("bob", (Shape("sphere", (0.05,), (0, 0, 0.05), material="metal"),), mass=2.0, hangs=(0, 0, 0.05 + length))
    motion = play({"bob": (bob, (0, 0, 1.0), 0)}, seconds=9, going={"bob": (0.6, 0, 0)})
    path = motion.props["bob"][:, :3, :] @ [0, 0, 0.05, 1]
    aside = path[:, 0]
    crossings = [i + aside[i] / (aside[i] - aside[i + 1]) for i in range(1, len(aside) - 1) if aside[i] > 0 >= aside[i + 1]]
    inertia = length + 0.4 * 0.05**2 / length  # of a ball, not of a point
    widest = math.asin(aside.max() / length)
    swing = 2 * math.pi * math.sqrt(inertia / GRAVITY) * (1 + widest**2 / 16)
    assert np.diff(crossings).mean() / FPS == pytest.approx(swing, rel=0.01)
    assert np.linalg.norm(path - [0, 0, 1.05 + length], axis=1) == pytest.approx(length, abs=1e-3)


@pytest.mark.parametrize("name", ["tennis_ball", "basketball", "book", "crate"])
@pytest.mark.parametrize("down", [False, True])
def test_nothing_goes_through_a_floor_or_a_wall_at_30_metres_a_second(name, down):
    kind = prop_kind(name)
    wall = Shape("box", (0.05, 3, 3), (4, 0, 3), material="stone")
    motion = play({name: (kind, (0, 0, 1.5), 0)}, seconds=1.5, going={name: (0, 0, -30) if down else (30, 0, 0)}, walls=(wall,))
    assert motion.props[name][:, 0, 3].max() < 4.0
    assert motion.props[name][:, 2, 3].min() > -0.1


def shoot(outcome, at=(0.0, 0.0)):
    hoop = (prop_kind("hoop"), (0.0, 5.0, 0.0), 0.0)
    facing = math.degrees(math.atan2(-at[0], -(5.0 - at[1])))
    hold, launch = Hold("ball", "Both", 0.0, 0.5), Launch("ball", 0.5, "shoot", "hoop", outcome)
    shooter = Standing(at, facing, holds=(hold,), launches=(launch,))
    motion = play({"ball": (prop_kind("basketball"), (*at, 1.0), 0), "hoop": hoop}, {"ann": shooter})
    path = motion.props["ball"][:, :3, 3] + [0, 0, 0.12]
    rim = np.array([0, 5 - 1.315, 3.05])
    falls = [i for i in range(len(path) - 1) if path[i, 2] > rim[2] >= path[i + 1, 2]]
    return motion, any(np.hypot(*(path[i] - rim)[:2]) < 0.2 for i in falls)


@pytest.mark.parametrize("at", thinned([((0.0, 0.0),), ((2.5, 1.0),), ((-3.0, 2.0),), ((0.5, -2.5),)], 2))
def test_a_shot_that_shall_hit_falls_through_the_rim(at):
    motion, scored = shoot("hit", at)
    assert scored
    assert any("cloth" in contact.materials for contact in between(motion, "ball", "hoop"))  # the net is heard


@pytest.mark.parametrize("at", thinned([((0.0, 0.0),), ((2.5, 1.0),), ((-3.0, 2.0),), ((0.5, -2.5),)], 2))
def test_a_shot_that_shall_miss_touches_the_hoop_and_stays_out(at):
    motion, scored = shoot("miss", at)
    assert between(motion, "ball", "hoop")
    assert not scored


def test_a_held_ball_stays_in_the_hands():
    walker = Standing(velocity=(1.0, 0.0), holds=(Hold("ball", "Both", 0.0, 2.0),))
    motion = play({"ball": (ball(), (0, 0, 0), 0)}, {"ann": walker}, seconds=2)
    hands = [(walker.joint("LeftHand", i / FPS) + walker.joint("RightHand", i / FPS)) / 2 for i in range(48)]
    assert np.abs(motion.props["ball"][:, :3, 3] + [0, 0, 0.12] - hands).max() < 0.35


def test_a_throw_arrives_in_the_hands_that_close_on_it():
    ann = Standing((-2, 0), 90, holds=(Hold("ball", "Right", 0.0, 0.5),), launches=(Launch("ball", 0.5, "throw", "bob"),))
    bob = Standing((2, 0), -90, holds=(Hold("ball", "Both", 1.2, 3.0),))
    motion = play({"ball": (ball(), (-2, 0, 0), 0)}, {"ann": ann, "bob": bob})
    flying = motion.props["ball"][27:31, :3, 3]
    assert np.linalg.norm(np.diff(flying, axis=0), axis=1).max() < 0.4  # no jump where flight becomes grip
    assert np.abs(motion.props["ball"][-1, :2, 3] - bob.joint("Hips", 3)[:2]).max() < 0.6
    assert between(motion, "ball", "bob")


@pytest.mark.parametrize("outcome", ["hit", "miss"])
def test_a_kick_at_a_tower_of_boxes_does_as_told(outcome):
    ann = Standing((0, 0), 90, launches=(Launch("ball", 0.3, "kick", "low", outcome),))
    box = prop_kind("cardboard_box")
    props = {
        "ball": (prop_kind("football"), (0.5, 0, 0), 0),
        "low": (box, (4, 0, 0), 0),
        "high": (box, (4, 0, bounds(box.shapes)[1][2]), 0),
    }
    moved = play(props, {"ann": ann}, seconds=2).props["low"]
    assert (np.linalg.norm(moved[-1, :3, 3] - moved[0, :3, 3]) > 0.03) == (outcome == "hit")


def test_a_kick_is_heard_when_the_foot_strikes():
    ann = Standing((0, 0), 90, launches=(Launch("ball", 0.4, "kick"),))
    motion = play({"ball": (prop_kind("football"), (0.5, 0, 0), 0)}, {"ann": ann})
    struck = between(motion, "ball", "ann")
    assert struck[0].time == pytest.approx(0.4, abs=0.002)
    assert motion.props["ball"][-1, 0, 3] > 3


def test_things_that_rest_make_no_sound():
    crate = prop_kind("crate")
    props = {f"box{i}": (crate, (0, 0, i * bounds(crate.shapes)[1][2]), 0) for i in range(3)}
    motion = play(props, seconds=2)
    assert motion.contacts == ()
    assert np.abs(motion.props["box2"][-1] - motion.props["box2"][0]).max() < 0.02


def test_a_box_put_down_at_the_feet_is_not_flung_away():
    hold = Hold("box", "Both", 0.0, 1.0)
    near = Standing(holds=(hold,), launches=(Launch("box", 1.0, "drop"),))
    motion = play({"box": (prop_kind("cardboard_box"), (0, -0.3, 0), 0)}, {"ann": near}, seconds=4)
    assert np.linalg.norm(motion.props["box"][-1, :2, 3] - motion.props["box"][20, :2, 3]) < 0.3
    assert max(contact.impulse for contact in motion.contacts) < 10


def test_a_pushed_crate_slides_a_little_way():
    pusher = Standing((-0.7, 0), 90, launches=(Launch("crate", 0.5, "push"),))
    slid = play({"crate": (prop_kind("crate"), (0, 0, 0), 0)}, {"ann": pusher}).props["crate"][-1, 0, 3]
    assert 0.2 < slid < 1.5


def test_people_push_what_stands_in_their_way():
    walker = Standing((-1.5, 0), 90, velocity=(1.2, 0))
    motion = play({"box": (prop_kind("cardboard_box"), (0, 0, 0), 0)}, {"ann": walker})
    assert motion.props["box"][-1, 0, 3] > 0.5


def test_the_same_shot_moves_the_same_way_to_the_bit():
    one, other = shoot("miss")[0], shoot("miss")[0]
    assert one.contacts == other.contacts
    assert all(np.array_equal(one.props[name], other.props[name]) for name in one.props)


class Stop(Exception):
    pass


def test_whoever_asks_can_stop_it():
    def stop():
        raise Stop

    with pytest.raises(Stop):
        play({"ball": (ball(), (0, 0, 2), 0)}, check=stop)


def test_props_without_a_place_find_one_of_their_own():
    kinds = {"hoop": prop_kind("hoop"), "ball": prop_kind("basketball"), "one": prop_kind("crate"), "two": prop_kind("crate")}
    shoots = Action(actor="ann", verb="shoot", prop="ball", target="hoop")
    props = [Prop(id="hoop", kind="hoop"), Prop(id="ball", kind="basketball"), Prop(id="one", kind="crate"), Prop(id="two", kind="crate")]
    shot = place(Shot(duration=2, place="beach", marks=[Mark(character="ann")], props=props, actions=[shoots]), kinds, BARE)
    spots = [np.array(prop.position[:2]) for prop in shot.props] + [np.zeros(2)]
    apart = [np.linalg.norm(a - b) for i, a in enumerate(spots) for b in spots[:i]]
    assert min(apart) > 0.3
    assert np.linalg.norm(spots[1]) < 1.2  # the ball is at hand
    assert 3 < np.linalg.norm(spots[0]) < 6  # the hoop is in range


def test_a_drummer_sits_behind_the_drums_and_faces_the_audience():
    props = [Prop(id="bench", kind="bench", position=(0, 0.35, 0)), Prop(id="drums", kind="drum_kit")]
    kinds = {prop.id: prop_kind(prop.kind) for prop in props}
    plays = Action(actor="ann", verb="play_drums", prop="drums", target="bench")
    shot = place(
        Shot(duration=2, place="theatre", marks=[Mark(character="ann", position=(0, 0.25))], props=props, actions=[plays]), kinds, BARE
    )
    drums = shot.props[1]
    assert drums.facing == 0
    assert drums.position[1] < 0
    assert abs(drums.position[0]) < 0.2
