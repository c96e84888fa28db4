"""Animals and playful beings: how they are built, move and speak."""

from dataclasses import replace

import numpy as np
import pytest
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.cast import embody
from kinora_world.cast.creatures import build_creature
from kinora_world.look import Renderer
from kinora_world.motion import rehearse
from kinora_world.scene import SAMPLE_RATE, Pose, SpokenLine, View
from kinora_world.species import species, species_can
from kinora_world.stage import build_stage, prop_kind
from kinora_world.storyboard import Action, Character, Mark, Prop, Shot

STILL = Pose({}, np.eye(4))
OTHERS = [name for name in catalogue.names("species") if species(name).rig != "person"]
AFLOAT = [name for name in OTHERS if species(name).rig == "swimmer" or name == "ghost"]
PAWS = ("LeftHandTip", "RightHandTip", "LeftToeBase", "RightToeBase")
PAIRS = (("LeftHandTip", "RightToeBase"), ("RightHandTip", "LeftToeBase"))


@pytest.fixture(scope="module")
def renderer():
    with Renderer(96, 72) as made:
        yield made


def body_of(kind, style="realistic", **features):
    return embody(Character(id="rex", name="Rex", species=kind, **features), style)


def acted(kind, *actions, seconds=3.0, lines=(), props=(), kinds=None):
    shot = Shot(
        duration=seconds,
        place="park",
        marks=(Mark(character="rex", facing=90),),
        props=props,
        actions=tuple(Action(actor="rex", **action) for action in actions),
    )
    return rehearse(shot, {"rex": body_of(kind)}, lines, None, kinds or {})["rex"]


def tracked(performance, joint, start, end, rate=48):
    return np.array([performance.joint(joint, t) for t in np.arange(start, end, 1 / rate)])


@pytest.mark.parametrize("kind", thinned(OTHERS, 3))
def test_every_species_is_whole_and_stands_on_the_floor_or_floats(kind):
    body = body_of(kind)
    positions, normals = body.posed(STILL)
    assert np.isfinite(positions).all()
    assert np.isfinite(normals).all()
    low = positions[:, 2].min() / body.height
    assert low > 0 if kind in AFLOAT else abs(low) < 0.05


@pytest.mark.parametrize("kind", thinned(OTHERS, 3))
def test_no_species_has_more_triangles_than_the_budget(kind):
    assert sum(len(part.triangles) for part in body_of(kind).parts) <= 12_000


@pytest.mark.parametrize("kind", thinned(OTHERS, 3))
def test_every_species_is_drawn(renderer, kind):
    stage, body = replace(build_stage("park", "day", "realistic", 1), shapes=()), body_of(kind)
    view = View((0.0, -2.4 * body.height, body.height / 2), (0.0, 0.0, body.height / 2), 40)
    empty, seen = (renderer.frame(view, stage, [], bodies, "realistic", 0.0) for bodies in ([], [(body, *body.posed(STILL))]))
    assert (np.abs(empty.astype(int) - seen).sum(2) > 30).mean() > 0.02


def test_a_dog_trots_on_diagonal_pairs():
    dog = acted("dog", {"verb": "trot", "to": (5.0, 0.0)})
    for front, hind in PAIRS:
        heights = [tracked(dog, paw, 0.8, 2.0)[:, 2] for paw in (front, hind)]
        assert np.corrcoef(*heights)[0, 1] > 0.8


def test_a_walking_horse_lifts_each_foot_at_a_time_of_its_own():
    horse = acted("horse", {"verb": "walk", "to": (5.0, 0.0)}, seconds=4.0)
    lifted = np.stack([tracked(horse, paw, 1.0, 3.0)[:, 2] for paw in PAWS])
    up = (lifted - lifted.min(1, keepdims=True)) > 0.05 * horse.joint("Hips", 0)[2]
    assert up.sum(0).max() <= 2


@pytest.mark.parametrize("verb", ["walk", "trot", "run"])
@pytest.mark.parametrize("kind", ["dog", "horse", "cat"])
def test_planted_paws_stay_within_two_centimetres(kind, verb):
    walker = acted(kind, {"verb": verb, "to": (6.0, 0.0)})
    for paw in PAWS:
        way = tracked(walker, paw, 0.0, 3.0)
        down = way[:, 2] < way[0, 2] + 0.001
        slides = [np.linalg.norm(np.ptp(way[rows, :2], axis=0)) for rows in _runs(down)]
        assert max(slides) < 0.02


def _runs(flags):
    """Index ranges where flags hold for three samples or more; the first and last belong to starting and stopping."""
    edges = np.flatnonzero(np.diff(np.r_[0, flags, 0]))
    return [np.arange(a, b) for a, b in edges.reshape(-1, 2) if b - a > 2]


def test_a_galloping_dog_leaves_the_ground():
    dog = acted("dog", {"verb": "run", "to": (9.0, 0.0)})
    heights = np.stack([tracked(dog, paw, 0.6, 1.6)[:, 2] for paw in PAWS])
    assert (heights.min(0) > heights.min() + 0.01).any()


def test_a_bird_in_flight_beats_its_wings():
    bird = acted("crow", {"verb": "fly", "to": (8.0, 0.0)}, seconds=4.0)
    tips = tracked(bird, "LeftHandTip", 0.8, 1.8)[:, 2] - tracked(bird, "LeftArm", 0.8, 1.8)[:, 2]
    assert (np.diff(np.sign(tips - tips.mean())) != 0).sum() >= 4
    assert tracked(bird, "LeftToeBase", 1.0, 1.6)[:, 2].min() > 0.5


def test_a_bird_folds_its_wings_on_the_ground():
    bird = acted("crow", {"verb": "walk", "to": (1.0, 0.0)})
    tip, shoulder = bird.joint("LeftHandTip", 1.0), bird.joint("LeftArm", 1.0)
    assert abs(tip[1] - shoulder[1]) < 0.5 * abs(tip[0] - shoulder[0])


def test_a_dinosaur_takes_one_step_after_the_other():
    dinosaur = acted("dinosaur", {"verb": "walk", "to": (6.0, 0.0)}, seconds=4.0)
    left, right = (tracked(dinosaur, f"{side}ToeBase", 1.0, 3.5)[:, 2] for side in ("Left", "Right"))
    assert np.corrcoef(left, right)[0, 1] < 0


def test_a_fish_beats_its_tail_sideways_and_a_whale_up_and_down():
    fish, whale = (acted(kind, {"verb": "swim", "to": (4.0, 0.0)}) for kind in ("goldfish", "whale"))
    moves = [np.ptp(tracked(b, "Tail4", 1.0, 2.5) - tracked(b, "Hips", 1.0, 2.5), axis=0) for b in (fish, whale)]
    assert moves[0][1] > 3 * moves[0][2]
    assert moves[1][2] > 3 * moves[1][1]


def test_a_ghost_floats_and_a_snowman_hops():
    ghost, snowman = (acted(kind, {"verb": "walk", "to": (2.0, 0.0)}, seconds=4.0) for kind in ("ghost", "snowman"))
    assert np.ptp(tracked(ghost, "Hips", 0.5, 3.0)[:, 2]) < 0.1
    assert np.ptp(tracked(snowman, "Hips", 0.5, 2.0)[:, 2]) > 0.08


@pytest.mark.parametrize("kind", ["robot", "alien", "monster", "teddy_bear", "gingerbread_man"])
def test_beings_on_a_persons_bones_do_what_people_do(kind):
    being = acted(kind, {"verb": "wave", "start": 0.2}, {"verb": "walk", "start": 2.0, "to": (1.5, 0.0)}, seconds=4.0)
    lowest = min(body_of(kind).posed(being.pose(t))[0][:, 2].min() for t in np.arange(0, 4, 0.25))
    assert being.joint("RightHand", 1.2)[2] > being.joint("RightHand", 0.0)[2] + 0.1 * body_of(kind).height
    assert -0.06 * body_of(kind).height < lowest < 0.06 * body_of(kind).height
    assert species_can(kind, "dance")


def test_a_robots_mouth_lights_up_on_its_words():
    talking, silent = (body_of("robot").posed(Pose({}, np.eye(4), {"jawOpen": weight}))[0] for weight in (1.0, 0.0))
    assert np.abs(talking - silent).max() > 0.01


def test_a_dog_sits_on_its_haunches_and_keeps_its_front_up():
    dog = acted("dog", {"verb": "sit", "start": 0.2})
    before, after = dog.joint("Hips", 0.0), dog.joint("Hips", 2.5)
    assert after[2] < 0.6 * before[2]
    assert dog.joint("Head", 2.5)[2] > 0.85 * dog.joint("Head", 0.0)[2]


def test_a_cat_sits_up_on_the_sofa_before_its_back_rest():
    sofa = Prop(id="sofa", kind="sofa", position=(0, 0.35, 0))
    cat = acted("cat", {"verb": "sit", "start": 0.15, "end": 1.0, "target": "sofa"}, props=(sofa,), kinds={"sofa": prop_kind("sofa")})
    for time in (0.0, 2.5):
        assert [cat.joint(paw, time)[2] for paw in PAWS] == pytest.approx([0.53] * 4, abs=0.05)
        assert -0.2 < cat.joint("Hips", time)[1] - 0.35 < 0.2


def test_a_dog_leaps_onto_a_sofa_and_runs_off_it_to_the_ground():
    sofa = Prop(id="sofa", kind="sofa", position=(1.5, 1.5, 0))
    verbs = (
        {"verb": "bark", "end": 0.9},
        {"verb": "lie_down", "start": 1.0, "target": "sofa"},
        {"verb": "run", "start": 6.0, "to": (-3, -2)},
    )
    dog = acted("dog", *verbs, seconds=9, props=(sofa,), kinds={"sofa": prop_kind("sofa")})
    assert dog.joint("LeftHandTip", 0.5)[2] < 0.1
    assert dog.joint("Hips", 5.5)[2] > 0.5
    assert dog.joint("Hips", 5.5)[:2] == pytest.approx((1.5, 1.4), abs=0.6)
    assert dog.joint("LeftHandTip", 8.9)[2] < 0.1


def test_a_dog_that_chases_a_cat_comes_after_it():
    marks = (Mark(character="rex", position=(-2.0, 0.0), facing=90), Mark(character="tom", facing=90))
    run = Action(actor="tom", verb="run", to=(6.0, 0.0), end=4.0)
    shot = Shot(duration=4.5, place="park", marks=marks, actions=(Action(actor="rex", verb="chase", target="tom", end=4.0), run))
    both = rehearse(shot, {"rex": body_of("dog"), "tom": body_of("cat")}, [], None, {})
    gap = both["tom"].joint("Hips", 4.0) - both["rex"].joint("Hips", 4.0)
    assert 0.3 < gap[0] < 1.8


def test_a_dog_runs_after_the_ball_that_somebody_else_throws():
    marks = (Mark(character="rex", facing=90), Mark(character="tom", position=(-1.5, 0.0), facing=90))
    ball = Prop(id="ball", kind="tennis_ball", position=(-1.0, 0.0, 0.0))
    throw, chase = Action(actor="tom", verb="throw", prop="ball"), Action(actor="rex", verb="chase", target="ball", to=(5.0, 0.0), end=4.0)
    shot = Shot(duration=4.5, place="park", marks=marks, actions=(throw, chase), props=(ball,))
    both = rehearse(shot, {"rex": body_of("dog"), "tom": body_of("bear")}, [], None, {"tennis_ball": prop_kind("tennis_ball")})
    assert both["rex"].joint("Hips", 4.0)[0] > 3.5


def test_a_dog_fetches_the_ball_in_its_mouth():
    ball = Prop(id="ball", kind="tennis_ball", position=(2.5, 0.0, 0.0))
    dog = acted("dog", {"verb": "fetch", "prop": "ball"}, seconds=5.0, props=(ball,), kinds={"tennis_ball": prop_kind("tennis_ball")})
    (hold,) = dog.holds
    assert np.linalg.norm(dog.joint("Mouth", hold.start)[:2] - (2.5, 0)) < 0.3
    assert np.linalg.norm(hold.path(hold.start + 1.0)[:3, 3] - dog.joint("Mouth", hold.start + 1.0)) < 0.1


def test_a_talking_cat_opens_its_mouth_on_its_words():
    samples = np.zeros(SAMPLE_RATE, np.float32)
    line = SpokenLine(0, "rex", "Hello", "en", 1.0, samples, ((0.0, {}), (0.4, {"jawOpen": 0.6}), (0.7, {})), ((0.4, "Hello"),))
    cat = acted("cat", lines=[line])
    chin = [body_of("cat").posed(cat.pose(t))[0][_jaw()].mean(0)[2] for t in (0.5, 1.5)]
    assert chin[0] - chin[1] > 0.004


def _jaw():
    return np.unique(next(part.triangles for part in body_of("cat").parts if part.name == "jaw"))


def test_a_confused_dog_tilts_its_head():
    heads = [acted("dog", {"verb": "stand", "mood": mood}).pose(1.5).rotations["Head"] for mood in ("neutral", "confused")]
    assert np.degrees(np.arccos((np.trace(heads[0].T @ heads[1]) - 1) / 2)) > 15


def test_a_bark_opens_the_mouth():
    dog = acted("dog", {"verb": "bark", "start": 1.0})
    assert dog.pose(1.07).face["jawOpen"] > 0.7
    assert dog.pose(0.5).face["jawOpen"] < 0.2


def test_a_creature_looks_at_whoever_speaks():
    shot = Shot(duration=3.0, place="park", marks=(Mark(character="rex", facing=0), Mark(character="ada", position=(2.0, -0.5))))
    line = SpokenLine(0, "ada", "Sit!", "en", 0.5, np.zeros(2 * SAMPLE_RATE, np.float32), (), ())
    bodies = {"rex": body_of("dog"), "ada": embody(Character(id="ada", name="Ada"), "realistic")}
    dog = rehearse(shot, bodies, [line], None, {})["rex"]
    muzzle = dog.joint("Mouth", 1.8) - dog.joint("Head", 1.8)
    assert muzzle[0] > 0.5 * np.linalg.norm(muzzle)


def test_a_person_can_act_on_an_animal():
    shot = Shot(
        duration=2.0,
        place="park",
        marks=(Mark(character="rex", position=(1.0, 0.0)), Mark(character="ada")),
        actions=tuple(
            Action(actor="ada", verb=verb, target="rex", start=0.2 * i) for i, verb in enumerate(("look_at", "hug", "pet", "follow"))
        ),
    )
    bodies = {"rex": body_of("dog"), "ada": embody(Character(id="ada", name="Ada"), "realistic")}
    assert set(rehearse(shot, bodies, [], None, {})) == {"rex", "ada"}


@pytest.mark.parametrize("kind", ["dog", "parrot", "shark", "snowman"])
def test_any_action_of_the_catalogue_can_be_asked_of_an_animal(kind):
    verbs = catalogue.names("actions")
    actions = [{"verb": verb, "start": 0.5 * number} for number, verb in enumerate(verbs)]
    creature = acted(kind, *actions[:60], seconds=20.0)
    assert np.isfinite(tracked(creature, "Hips", 0.0, 20.0, 4)).all()


def test_what_a_species_can_do_is_known_without_trying():
    assert species_can("dog", "bark")
    assert species_can("horse", "gallop")
    assert not species_can("cow", "bark")
    assert not species_can("dog", "throw")


def test_a_colour_is_of_the_coat():
    plain, blue = (max(body.parts, key=lambda p: len(p.triangles)).colour for body in (body_of("pig"), body_of("pig", colour="#2040ff")))
    assert plain != blue
    assert blue[2] > blue[0]


def test_a_size_is_of_the_whole_animal():
    assert body_of("dog", size=2.0).height == pytest.approx(2 * body_of("dog").height, rel=0.02)


def test_the_same_animal_has_the_same_body():
    first, again = (build_creature.__wrapped__("tiger", 1.0, None, "anime").rest[0] for _ in range(2))
    assert np.array_equal(first, again)
