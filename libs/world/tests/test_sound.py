"""What is seen is heard, where and when it is seen."""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.scene import SAMPLE_RATE, Contact, Footfall, Light, SpokenLine, StageSet, View
from kinora_world.sound import ShotSound, cues, descriptions, mix, speak
from kinora_world.sound import ambience as ambiences
from kinora_world.sound.foley import impact
from kinora_world.sound.mastering import CEILING, limited, loudness
from kinora_world.sound.rooms import reverb
from kinora_world.storyboard import Action, Character, Line, Mark, Shot, Storyboard

LIGHT = Light((0, 0, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1))
CAST = (Character(id="maya", name="Maya", feminine=1), Character(id="leo", name="Leo", feminine=0))
MARKS = tuple(Mark(character=c.id) for c in CAST)


def place(ambience="room", ground="stone"):
    return StageSet(ambience, (), "plain", ground, LIGHT, "clear", ambience)


def listener(_):
    return View((0, -5, 1.6), (0, 0, 1.2), 40)


def mouths(who, _):
    return np.array([-2.5 if who == "maya" else 2.5, 0, 1.6])


def heard(start=0.0, duration=2.0, contacts=(), footfalls=(), ambience="room", ground="stone"):
    return ShotSound(start, duration, place(ambience, ground), contacts, footfalls, listener, mouths)


def board(*durations, lines=(), time_of_day="day", seed=3):
    shots = [Shot(duration=d, place="park", time_of_day=time_of_day, marks=MARKS) for d in durations]
    shots[0] = shots[0].model_copy(update={"dialogue": lines})
    return Storyboard(seed=seed, characters=CAST, shots=tuple(shots))


def blow(at, impulse=4.0, materials=("rubber", "wood"), position=(0.0, 0.0, 0.0), names=("ball_1", "floor")):
    return Contact(at, position, impulse, materials, names)


def onset(sound, begin, until):
    """When the sharpest rise of the sound between two times is."""
    envelope = np.abs(sound).max(axis=1)
    rise = np.diff(np.maximum.accumulate(envelope[int(begin * SAMPLE_RATE) : int(until * SAMPLE_RATE)]))
    return begin + int(np.argmax(rise > 0.3 * rise.max())) / SAMPLE_RATE


@pytest.mark.parametrize("materials", [("rubber", "stone"), ("rubber", "metal"), ("wood", "wood"), ("glass", "stone"), ("flesh", "cloth")])
def test_a_blow_is_heard_when_it_is_seen(materials):
    sound = mix(board(2), (), (heard(contacts=(blow(0.9, materials=materials),)),))
    assert onset(sound, 0.6, 1.4) == pytest.approx(0.9, abs=0.01)


def test_it_is_as_long_as_the_clip_and_stereo():
    assert mix(board(1.5, 2), (), (heard(duration=1.5), heard(start=1.5))).shape == (int(3.5 * SAMPLE_RATE), 2)


def test_the_same_storyboard_sounds_the_same():
    one, two = (mix(board(2), (), (heard(contacts=(blow(1),), ambience="park"),)) for _ in range(2))
    assert np.array_equal(one, two)


def test_another_seed_has_other_birds():
    one, two = (mix(board(2, seed=s), (), (heard(ambience="park"),)) for s in (1, 2))
    assert not np.array_equal(one, two)


def test_it_never_clips_however_hard_things_hit():
    hits = tuple(blow(0.05 * n, impulse=500) for n in range(1, 35))
    assert np.abs(mix(board(2), (), (heard(contacts=hits),))).max() < 10 ** (-1 / 20)


@pytest.mark.parametrize(("ambience", "time_of_day"), thinned(product(catalogue.names("ambiences"), ["day", "night"]), 3))
def test_every_place_has_its_air_and_is_never_silent(ambience, time_of_day):
    bed = ambiences.bed(ambiences.Air(ambience, time_of_day), 3, SAMPLE_RATE)
    assert -60 < loudness(bed) < -18
    assert np.abs(bed[: SAMPLE_RATE // 5]).max() > 1e-4


def test_a_place_alone_stays_soft():
    assert loudness(mix(board(2), (), (heard(ambience="park"),)).astype(float)) == pytest.approx(-27, abs=0.5)


@pytest.mark.parametrize("weather", ["rain", "storm", "wind", "fog"])
def test_weather_is_heard_outside_and_dulled_inside(weather):
    clear, outside, inside = (
        ambiences.bed(ambiences.Air("library", "day", w, 0, indoor), 3, 2 * SAMPLE_RATE)
        for w, indoor in (("clear", False), (weather, False), (weather, True))
    )
    assert loudness(outside) > loudness(clear) + 0.5
    assert loudness(inside) < loudness(outside)


def test_snow_hushes_a_place():
    clear, snow = (ambiences.bed(ambiences.Air("park", "day", w), 3, SAMPLE_RATE) for w in ("clear", "snow"))
    assert loudness(snow) < loudness(clear) - 6


def test_more_people_murmur_louder():
    few, many = (loudness(ambiences.bed(ambiences.Air("park", "day", "clear", crowd), 3, SAMPLE_RATE)) for crowd in (2, 40))
    assert many > few + 3


def test_a_large_hall_rings_longer_than_a_room():
    click = np.zeros((SAMPLE_RATE // 10, 2))
    click[0] = 1
    room, hall = (np.abs(reverb(click, size, seconds, 0.3, 1)) for size, seconds in (((5, 6, 3), 0.4), ((20, 30, 12), 2.0)))
    assert np.abs(room[SAMPLE_RATE // 2 :]).max(initial=0) < 0.001 < hall[SAMPLE_RATE // 2 :].max()


def test_a_loop_goes_on_where_it_began():
    hits = (blow(1.95, materials=("metal", "metal")),)
    looped = board(2).model_copy(update={"loop": True})
    sound = mix(looped, (), (heard(contacts=hits, ambience="street"),)).astype(float)
    seam = np.abs(np.diff(np.concatenate([sound[-100:], sound[:100]]), axis=0)).max()
    assert seam < 2 * np.percentile(np.abs(np.diff(sound, axis=0)), 99.9)
    assert np.std(sound[:2000]) > 0.3 * np.std(sound[-2000:])  # the ring goes on over the beginning


def test_it_is_as_loud_as_a_stream_should_be():
    hits = tuple(blow(0.3 * n) for n in range(1, 6))
    assert loudness(mix(board(2), (), (heard(contacts=hits),)).astype(float)) == pytest.approx(-16, abs=0.5)


@given(st.floats(50, 15000), st.floats(-50, -10))
@settings(max_examples=20, deadline=None)
def test_loudness_follows_the_level_decibel_by_decibel(hertz, level):
    tone = np.sin(2 * np.pi * hertz * np.arange(SAMPLE_RATE) / SAMPLE_RATE)[:, None].repeat(2, axis=1)
    assert loudness(tone * 10 ** (level / 20)) == pytest.approx(loudness(tone) + level, abs=0.01)


def test_a_tone_measures_what_the_standard_says():
    """EBU Tech 3341, case 1: a stereo sine of 1 kHz at -23 dBFS is -23 LUFS."""
    tone = np.sin(2 * np.pi * 1000 * np.arange(20 * SAMPLE_RATE) / SAMPLE_RATE)[:, None].repeat(2, axis=1)
    assert loudness(tone * 10 ** (-23 / 20)) == pytest.approx(-23, abs=0.1)


def test_day_and_night_differ():
    day, night = (mix(board(2, time_of_day=t), (), (heard(ambience="park"),)) for t in ("day", "night"))
    assert not np.allclose(day, night)


def test_harder_is_louder_and_metal_rings_longer_than_rubber():
    rng = np.random.default_rng
    assert np.abs(impact(blow(0, 8), rng(1))).max() > np.abs(impact(blow(0, 1), rng(1))).max()
    assert len(impact(blow(0, materials=("metal", "metal")), rng(1))) > 2 * len(impact(blow(0, materials=("rubber", "stone")), rng(1)))


def test_the_softest_touches_are_not_heard():
    assert len(impact(blow(0, impulse=0.001), np.random.default_rng(1))) == 0


@pytest.mark.parametrize(("x", "louder"), [(-3.0, 0), (3.0, 1)])
def test_left_is_left_and_right_is_right(x, louder):
    sound = mix(board(2), (), (heard(contacts=(blow(1, position=(x, 0, 0)),)),))
    levels = np.abs(sound[SAMPLE_RATE : SAMPLE_RATE + 4800]).max(axis=0)
    assert levels[louder] > 1.2 * levels[1 - louder]


def test_far_is_softer_than_near():
    both = (blow(0.5, position=(0, -2, 0)), blow(1.5, position=(0, 25, 0)))
    sound = np.abs(mix(board(2), (), (heard(contacts=both),)))
    assert sound[24000:30000].max() > 1.5 * sound[72000:78000].max()


@pytest.mark.parametrize("ground", ["stone", "soil", "wood", "sand", "unheard-of"])
def test_steps_are_heard_on_any_ground(ground):
    with_steps, without = (mix(board(2), (), (heard(footfalls=f, ground=ground),)) for f in ((Footfall(1.0, (0, 0, 0), 0.8),), ()))
    assert np.abs(with_steps[48000:52000]).max() > np.abs(without[48000:52000]).max()


@cache
def talk():
    return speak(board(4, lines=(Line(speaker="maya", text="Hello there, my friend!"), Line(speaker="leo", text="Hi!"))))


def test_speech_is_heard_from_where_the_speaker_stands():
    sound = mix(board(4), talk(), (heard(duration=4),))
    spans = [slice(int(line.start * SAMPLE_RATE), int(line.end * SAMPLE_RATE)) for line in talk()]
    lefts = [np.std(sound[span, 0]) / np.std(sound[span, 1]) for span in spans]
    assert lefts[0] > 1.1
    assert lefts[1] < 0.9


def test_the_city_gives_way_to_speech():
    alone, spoken = (mix(board(4), lines, (heard(duration=4, ambience="street"),)).astype(float) for lines in ((), talk()))
    assert -20 < loudness(spoken) < -14
    tail = slice(int(3.2 * SAMPLE_RATE), None)
    assert np.std(spoken[tail]) < 4 * np.std(alone[tail])


def test_a_cut_does_not_click():
    sound = mix(board(1, 1), (), (heard(duration=1, ambience="street"), heard(start=1, duration=1, ambience="beach")))
    steps = np.abs(np.diff(sound, axis=0)).max(axis=1)
    assert steps[47000:49000].max() < 3 * np.percentile(steps, 99.9)


def test_the_limiter_holds_between_samples_too():
    wave = np.sin(2 * np.pi * 11_999 * np.arange(SAMPLE_RATE) / SAMPLE_RATE)[:, None].repeat(2, axis=1) * 3
    assert np.abs(limited(wave)).max() <= CEILING + 1e-6


def test_captions_are_the_lines_word_for_word():
    spoken = [(c.speaker, c.text) for c in cues(talk()) if c.speaker]
    assert spoken == [("maya", "Hello there, my friend!"), ("leo", "Hi!")]


def test_captions_stand_while_the_line_is_heard():
    for cue, line in zip(cues(talk()), talk(), strict=True):
        assert cue.start == line.start
        assert cue.end >= line.end


def test_captions_tell_what_is_heard():
    hits = (blow(0.5), blow(1.0, names=("ball_1", "hoop_1")), blow(1.05, names=("ball_1", "hoop_1")), blow(1.5, impulse=0.1))
    texts = [c.text for c in cues((), (heard(contacts=hits, ambience="beach"),), kinds={"ball_1": "basketball", "hoop_1": "hoop"})]
    assert texts == ["[waves]", "[basketball bounces]", "[basketball hits the hoop]"]


def test_captions_end_with_the_clip():
    assert max(c.end for c in cues((), (heard(contacts=(blow(1.9),)),))) <= 2.0


def test_captions_know_when_each_word_is_spoken():
    cue = cues(talk())[0]
    assert cue.words[0][1] == "Hello"
    assert all(cue.start <= time <= cue.end for time, _ in cue.words)


def test_captions_tell_of_weather_music_and_what_is_done():
    shot = Shot(duration=3, place="park", weather="rain", mood="calm", marks=MARKS, actions=(Action(actor="maya", verb="laugh", start=1),))
    sounds = [c.text for c in cues((), (replace(heard(duration=3, ambience="park"), shot=shot),))]
    assert sounds == ["[birdsong, rain]", "[calm music]", "[laughter]"]


def described(*lines, **parts):
    shot = Shot.model_validate({"duration": 8, "place": "beach", "marks": MARKS, **parts})
    spoken = [SpokenLine(0, "maya", "x", "en", start, np.zeros(int(length * SAMPLE_RATE)), (), ()) for start, length in lines]
    return descriptions(Storyboard(characters=CAST, shots=(shot,)), spoken)


def test_a_description_says_who_is_where_and_does_what():
    actions = (Action(actor="maya", verb="wave", target="leo", start=5), Action(actor="leo", verb="stand", start=5))
    texts = [c.text for c in described(actions=actions, time_of_day="sunset")]
    assert "at sunset: Maya, a young woman in a tshirt and Leo, a young man in a tshirt." in texts[0].replace(";", "")
    assert texts[1:] == ["Maya waves to Leo."]


@given(st.lists(st.tuples(st.floats(0, 7), st.floats(0.2, 2)), max_size=4))
@settings(max_examples=40, deadline=None)
def test_descriptions_never_talk_over_a_line_or_each_other(lines):
    found = described(*lines, actions=(Action(actor="maya", verb="wave", start=2), Action(actor="leo", verb="dance", start=3)))
    for cue in found:
        assert 0 <= cue.start < cue.end <= 8
        assert all(cue.end <= start + 1e-6 or cue.start >= start + length - 1e-6 for start, length in lines)
    assert all(a.end <= b.start + 1e-6 for a, b in pairwise(found))
