"""Every sound of the catalogue can be made, and is heard when and where it belongs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.scene import SAMPLE_RATE, Light, PropKind, Shape, StageSet, View
from kinora_world.sound import ShotSound, library
from kinora_world.sound.happenings import happenings
from kinora_world.sound.modes import ring
from kinora_world.sound.rubbing import sliding
from kinora_world.storyboard import Action, Character, Effect, Mark, Shot, Sound

LIGHT = Light((0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1))
ADA, BOB = Character(id="ada", name="Ada", feminine=1), Character(id="bob", name="Bob", feminine=0)
REX = Character(id="rex", name="Rex")


def hear(duration=4.0, *, hands=None, bursts=(), people=(ADA, BOB), **parts):
    marks = tuple(Mark(character=person.id) for person in people)
    shot = Shot(duration=duration, place="park", marks=marks, **parts)
    return happenings(
        ShotSound(
            start=0.0,
            duration=duration,
            stage=StageSet("park", (), "plain", "soil", LIGHT, "clear", "park"),
            contacts=(),
            footfalls=(),
            listener=lambda _: View((0, -5, 1.6), (0, 0, 1.2), 40),
            speaker_positions=lambda _, __: np.array([1.0, 0.0, 1.6]),
            shot=shot,
            people={person.id: person for person in people},
            performances=hands or {},
            bursts=bursts,
        )
    )


@pytest.mark.parametrize("name", thinned(catalogue.names("sounds"), 4))
def test_every_sound_is_heard_and_ends(name):
    sound = library.sound(name, 1)
    assert np.isfinite(sound).all()
    assert 0.02 < np.abs(sound).max() < 1
    assert abs(sound[-1]) < 0.01
    assert 0.05 < len(sound) / SAMPLE_RATE < 8


def test_the_same_seed_makes_the_same_sound_and_another_does_not():
    one, two, other = (library.sound("thunder", seed) for seed in (1, 1, 2))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_children_laugh_higher_than_men():
    peaks = [np.argmax(np.abs(np.fft.rfft(library.sound("laughter", 1, pitch), 1 << 17))) for pitch in (0.72, 1.6)]
    assert peaks[1] > peaks[0]


def test_a_sound_that_is_asked_for_is_heard_when_and_where_it_should():
    (siren,) = hear(sounds=(Sound(kind="thunder", start=1.5, source="ada"),))
    assert (siren.sound, siren.time) == ("thunder", 1.5)
    assert siren.where(0.0)[0] == 1.0


def test_a_siren_goes_on_and_a_doorbell_rings_once():
    found = {h.sound: h.until for h in hear(sounds=(Sound(kind="siren"), Sound(kind="doorbell")))}
    assert found == {"siren": 4.0, "doorbell": None}


def test_people_laugh_with_their_own_voice():
    actions = (Action(actor="ada", verb="laugh", start=1), Action(actor="bob", verb="laugh", start=2))
    her, his = hear(actions=actions)
    assert (her.time, his.time) == (1, 2)
    assert her.pitch > 1.4 * his.pitch


def test_each_burst_of_fireworks_bangs():
    found = hear(effects=(Effect(kind="fireworks"),), bursts=(("fireworks", 0.5), ("fireworks", 0.55), ("fireworks", 2.0)))
    assert [(h.sound, h.time) for h in found] == [("firework_bang", 0.6), ("firework_bang", 2.1)]


def test_a_fire_crackles_for_as_long_as_it_burns():
    assert [(h.sound, h.time, h.until) for h in hear(effects=(Effect(kind="fire", start=1, end=3),))] == [("fire_crackle", 1, 3)]


def test_thunder_follows_the_lightning():
    assert [(h.sound, h.time) for h in hear(weather="storm", bursts=(("lightning", 1.5),))] == [("thunder", 1.85)]


def test_thunder_rolls_behind_walls_too():
    assert [h.sound for h in hear(duration=10, weather="storm")] == ["thunder", "thunder"]


@pytest.mark.parametrize(("species", "sound"), [("dog", "dog_bark"), ("cat", "cat_meow"), ("robot", "robot_beep"), ("ghost", "ghost_moan")])
def test_an_animal_is_heard_once(species, sound):
    assert [h.sound for h in hear(people=(REX.model_copy(update={"species": species}),))] == [sound]


class Clapping:
    """Hands that meet at whole seconds."""

    def joint(self, name, time):
        return np.array([(1 if name == "LeftHand" else -1) * abs(np.sin(np.pi * time)) * 0.4, 0, 1])


def test_claps_are_heard_when_the_hands_meet():
    claps = hear(actions=(Action(actor="ada", verb="clap", start=0.5, end=3.5),), hands={"ada": Clapping()})
    assert [h.time for h in claps] == pytest.approx([1, 2, 3], abs=1 / 48)


class Greeting:
    """A right hand that is at the middle of the stage at 1 s, from one side or the other."""

    def __init__(self, side):
        self.side = side

    def joint(self, name, time):
        return np.array([self.side * (abs(time - 1) + 0.02 if name == "RightHand" else 1.0), 0, 1.4])


def test_a_high_five_is_heard_when_two_peoples_hands_meet():
    hands = {"ada": Greeting(-1), "bob": Greeting(1)}
    (clap,) = hear(actions=(Action(actor="ada", verb="high_five", target="bob"),), hands=hands)
    assert (clap.sound, clap.time) == ("clap", pytest.approx(1.0, abs=1 / 48))


BALL = PropKind("ball", (Shape("sphere", (0.1,), (0, 0, 0.1)),))
CRATE = PropKind("crate", (Shape("box", (0.3, 0.3, 0.3), (0, 0, 0.3)),))


def travelling(kind, *, turning, height=0.0):
    """A second of moving along x at 2 m/s, rolling about y or not."""
    poses = np.repeat(np.eye(4)[None], 25, 0)
    for index, pose in enumerate(poses):
        angle = 2 * index / 24 / 0.1 if turning else 0.0
        pose[:3, :3] = [[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]]
        middle = np.array(kind.shapes[0].position)
        pose[:3, 3] = np.array([2 * index / 24, 0, height]) + middle - pose[:3, :3] @ middle
    return sliding(poses, kind, 24)


def test_a_pushed_crate_slides_and_a_ball_rolls():
    slid, rolled = travelling(CRATE, turning=False)
    assert (slid.mean(), rolled.mean()) == pytest.approx((2, 0), abs=0.05)
    slid, rolled = travelling(BALL, turning=True)
    assert (slid.mean(), rolled.mean()) == pytest.approx((0, 2), abs=0.05)


def test_what_flies_neither_slides_nor_rolls():
    assert not np.any(travelling(BALL, turning=True, height=0.5))


@given(st.lists(st.tuples(st.floats(30, 9000), st.floats(0.01, 2), st.floats(0.1, 1)), min_size=1, max_size=6), st.integers(1, 3000))
@settings(max_examples=25, deadline=None)
def test_many_modes_at_once_are_the_sum_of_each(modes, count):
    clock = np.arange(count) / SAMPLE_RATE
    each = sum(gain * np.exp(-clock / fall) * np.sin(2 * np.pi * hertz * clock) for hertz, fall, gain in modes)
    assert np.allclose(ring(*np.array(modes).T, count), each, atol=1e-3)
