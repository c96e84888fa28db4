"""Lines are spoken in time, by different voices, with mouths that close on m, b and p."""

import json
import logging
import stat
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.scene import SAMPLE_RATE
from kinora_world.sound import speak
from kinora_world.sound.engines import Choir, Espeak, Piper
from kinora_world.sound.talker import SpeechFailed, Talker
from kinora_world.sound.visemes import NEUTRAL, VISEMES, shapes
from kinora_world.sound.vocoder import taken_apart
from kinora_world.sound.voices import cast_voices, delivery_of, entry_of
from kinora_world.storyboard import Character, Line, Mark, Shot, Storyboard

CAST = (
    Character(id="maya", name="Maya", feminine=1),
    Character(id="leo", name="Leo", feminine=0),
    Character(id="kim", name="Kim", feminine=0, age_years=7),
)
MARKS = tuple(Mark(character=c.id) for c in CAST)


def said(*lines, duration=6.0, before=0.0):
    shots = [Shot(duration=duration, place="park", marks=MARKS, dialogue=lines)]
    silent = [Shot(duration=before, place="park", marks=MARKS)] if before else []
    return speak(Storyboard(characters=CAST, shots=(*silent, *shots)))


def mouth(line, time):
    """The weights in force at a time."""
    return [weights for begin, weights in line.visemes if begin <= time][-1]


def test_the_same_line_sounds_the_same_every_time():
    one, two = (said(Line(speaker="maya", text="Watch this shot!"))[0] for _ in range(2))
    assert np.array_equal(one.samples, two.samples)
    assert one.visemes == two.visemes


def test_no_lines_no_speech():
    assert said() == ()


def test_lines_follow_each_other_with_a_short_pause():
    one, two = said(Line(speaker="maya", text="Hello there"), Line(speaker="leo", text="Hi"))
    assert two.start - one.end == pytest.approx(0.15, abs=0.01)


def test_a_line_starts_when_it_should_counted_from_the_clip():
    line = said(Line(speaker="maya", text="Hi", start=1.0), before=2.0)[0]
    assert (line.shot, line.start) == (1, 3.0)


def test_everybody_has_a_voice_of_their_own():
    lines = said(*(Line(speaker=who, text="Good morning") for who in ("maya", "leo", "kim")))
    pitches = [_pitch(line.samples) for line in lines]
    assert len({round(p / 12) for p in pitches}) == 3
    assert pitches[1] < min(pitches[0], pitches[2])


def _pitch(samples):
    """Hertz, by autocorrelation of the loudest quarter second."""
    at = int(np.argmax(np.convolve(samples**2, np.ones(4800), "valid")))
    piece = samples[at : at + 12000]
    match = np.correlate(piece, piece, "full")[len(piece) - 1 :]
    return SAMPLE_RATE / (120 + int(np.argmax(match[120:700])))


def test_a_whisper_is_softer_than_speech_and_a_shout_louder():
    levels = [np.abs(said(Line(speaker="leo", text="Over here", manner=m))[0].samples).max() for m in ("whisper", "say", "shout")]
    assert levels == sorted(levels)
    assert levels[0] < levels[1] < levels[2]


def spoken(manner="say", mood="neutral", who="leo", text="Over here, everybody, look at this", **parts):
    """The line taken apart again."""
    line = said(Line(speaker=who, text=text, manner=manner, mood=mood, **parts), duration=8)[0]
    return taken_apart(line.samples.astype(float))


def middle(parts):
    return float(np.median(parts.pitch[parts.voiced > 0.5]))


def test_a_whisper_has_no_voice():
    pulsing = [np.mean((p.voiced > 0.5) & (p.pitch < 200)) for p in (spoken("say"), spoken("whisper"))]
    assert pulsing[0] > 0.5
    assert pulsing[1] < 0.1


def test_a_shout_is_higher_and_brighter():
    say, shout = spoken("say"), spoken("shout")
    assert middle(shout) > 1.25 * middle(say)
    high, low = ([p.envelope[p.voiced > 0.5][:, band].mean() for p in (say, shout)] for band in (slice(60, 150), slice(5, 30)))
    assert high[1] / low[1] > 1.3 * high[0] / low[0]


def test_a_song_holds_notes_of_the_scale():
    parts = spoken("sing", who="maya", text="La la la la la")
    semitones = 12 * np.log2(parts.pitch[parts.voiced > 0.5] / 440)
    assert np.mean(np.abs(semitones - np.round(semitones)) < 0.35) > 0.6
    assert np.ptp(semitones) > 3


def test_a_sad_line_is_slower_and_flatter_than_a_joyful_one():
    sad, joyful = (spoken(mood=mood) for mood in ("sad", "joyful"))
    assert len(sad.sound) > 1.1 * len(joyful.sound)
    spread = [np.std(np.log(p.pitch[p.voiced > 0.5])) for p in (sad, joyful)]
    assert spread[0] < 0.8 * spread[1]


def test_taking_a_voice_apart_finds_its_pitch():
    clock = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    vowel = sum(np.sin(2 * np.pi * 140 * k * clock) / k for k in range(1, 12))
    parts = taken_apart(vowel)
    assert middle(parts) == pytest.approx(140, rel=0.01)
    assert parts.voiced[20:-20].min() == 1


@pytest.mark.parametrize(
    ("species", "voice"), [("robot", "robot"), ("ghost", "ghost"), ("dragon", "monster"), ("cat", "critter"), ("bear", "beast")]
)
def test_other_beings_sound_like_what_they_are(species, voice):
    being = Character(id="it", name="It", species=species, feminine=entry_of(voice).feminine)
    assert cast_voices(Storyboard(characters=(being,), shots=(Shot(duration=1, place="park"),)))["it"] == voice


def test_a_crowd_of_speakers_has_as_many_voices():
    people = tuple(Character(id=f"p{n}", name="P", feminine=n % 2, age_years=30) for n in range(12))
    cast = cast_voices(Storyboard(characters=people, shots=(Shot(duration=1, place="park"),)))
    lines = [delivery_of(p, cast[p.id], Line(speaker=p.id, text="Hi")) for p in people]
    assert len({(round(d.hertz), d.variant) for d in lines}) >= 10


@pytest.mark.parametrize("name", thinned(catalogue.names("voices"), 4))
def test_every_voice_speaks_at_its_pitch(name):
    someone = Character(id="leo", name="Leo", voice=name, age_years=entry_of(name).ages[1])
    board = Storyboard(
        characters=(someone,),
        shots=(Shot(duration=5, place="park", marks=MARKS[1:2], dialogue=(Line(speaker="leo", text="Good morning"),)),),
    )
    assert len(speak(board)[0].samples) > SAMPLE_RATE // 3


@pytest.mark.parametrize("text", ["mama", "papa", "baba"])
def test_the_lips_close_twice_on_each_of_these(text):
    line = said(Line(speaker="maya", text=text))[0]
    closed = [time for time, weights in line.visemes if weights.get("mouthPressLeft", 0) > 0.5]
    assert len(closed) == 2
    assert all(mouth(line, time)["jawOpen"] == 0 for time in closed)


def test_the_mouth_is_at_rest_when_the_line_is_over():
    line = said(Line(speaker="maya", text="Ah"))[0]
    assert line.visemes[-1] == (len(line.samples) / SAMPLE_RATE, NEUTRAL)


def test_the_mouth_moves_while_sound_is_heard():
    line = said(Line(speaker="maya", text="Hello everybody, how are you today?"))[0]
    assert max(weights.get("jawOpen", 0) for _, weights in line.visemes) > 0.5
    assert [time for time, _ in line.visemes] == sorted(time for time, _ in line.visemes)


def test_the_words_are_those_of_the_line_in_order():
    line = said(Line(speaker="leo", text="Bonjour tout le monde !", language="fr"))[0]
    assert " ".join(word for _, word in line.words).replace(" !", "").startswith("Bonjour tout le monde")


def test_a_long_line_is_hurried_into_its_shot():
    text = "I have something rather long to say to you"
    easy, hurried = said(Line(speaker="leo", text=text))[0], said(Line(speaker="leo", text=text), duration=2.0)[0]
    assert len(hurried.samples) < len(easy.samples)
    assert hurried.end <= 2.0


def test_a_line_that_cannot_fit_fades_out_at_the_cut():
    line = said(Line(speaker="leo", text="word " * 90), duration=1.0)[0]
    assert line.end <= 1.0
    assert np.abs(line.samples[-20:]).max() < 0.02


@pytest.mark.parametrize("language", thinned(catalogue.languages(), 4))
def test_every_language_of_the_catalogue_can_be_heard(language):
    greeting = catalogue.entries("words")["languages"][language]["hello"]
    line = said(Line(speaker="maya", text=greeting, language=language))[0]
    assert 0.15 < len(line.samples) / SAMPLE_RATE < 4
    assert any(weights for _, weights in line.visemes)


PANGRAMS = yaml.safe_load(Path(__file__).with_name("pangrams.yaml").read_text())


@pytest.fixture(scope="module")
def talker():
    with Talker() as one:
        yield one


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_sound_of_a_language_moves_the_mouth(language, talker):
    voice = catalogue.entries("words")["languages"][language]["voice"]
    phonemes = {ipa for _, ipa in talker.say(PANGRAMS[language], voice=voice, rate=170, pitch=50).phonemes}
    letters = {ipa for ipa in phonemes if any(unicodedata.category(symbol) in ("Ll", "Lo") for symbol in ipa)}
    assert len(letters) > 15
    assert [ipa for ipa in letters if not shapes(ipa)] == []


def test_text_is_only_ever_text():
    plain, marked = (said(Line(speaker="leo", text=t))[0] for t in ("one two", "one [[two]] <break time='3s'/>"))
    assert marked.end < plain.end + 4
    assert said(Line(speaker="leo", text="..."))[0].end < 2


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=8, deadline=None)
def test_any_text_can_be_given_to_the_voice(text):
    lines = said(Line(speaker="leo", text=text))
    assert all(np.isfinite(line.samples).all() and line.end <= 6 for line in lines)


def test_an_unknown_voice_is_an_error_and_the_next_line_is_not():
    with Talker() as talker:
        with pytest.raises(SpeechFailed, match="no voice 'nobody'"):
            talker.say("Hi", voice="nobody", rate=160, pitch=50)
        assert len(talker.say("Hi", voice="en-us", rate=160, pitch=50).samples) > 1000


def test_a_dead_voice_is_an_error_and_no_hang():
    with Talker() as talker:
        talker._process.kill()
        talker._process.wait()
        with pytest.raises(SpeechFailed, match="ended before"):
            talker.say("Hi", voice="en-us", rate=160, pitch=50)


@pytest.mark.parametrize(("ipa", "moves"), [("aɪ", 2), ("oʊ", 2), ("tʃ", 2), ("m", 1), ("ˈ", 0), ("ː", 0), ("_", 0), ("", 0)])  # noqa: RUF001 - IPA
def test_diphthongs_move_the_mouth_twice_and_marks_never(ipa, moves):
    assert len(shapes(ipa)) == moves


def test_every_mouth_shape_is_a_weight_of_a_known_face_shape():
    assert all(0 <= weight <= 1 and name.startswith(("jaw", "mouth", "tongue")) for w in VISEMES.values() for name, weight in w.items())


# A program that obeys piper's command line: half a second of a tone for every word, at the pace asked for.
PIPER = """#!/usr/bin/env python3
import array, math, sys
pace = float(sys.argv[sys.argv.index("--length-scale") + 1])
count = int(len(sys.stdin.read().split()) * 11025 * pace)
array.array("h", (int(9000 * math.sin(k * 0.06)) for k in range(count))).tofile(sys.stdout.buffer)
"""
SAY = delivery_of(CAST[0], "warm_woman", Line(speaker="maya", text="Hi"))


@pytest.fixture
def piper(tmp_path):
    """An environment with a piper and a voice of it."""
    program = tmp_path / "piper"
    program.write_text(PIPER)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    model = tmp_path / "en_US-amy-medium.onnx"
    model.touch()
    model.with_name(model.name + ".json").write_text(json.dumps({"audio": {"sample_rate": 22050}}))
    return {"KINORA_PIPER_VOICES": str(tmp_path), "PATH": f"{tmp_path}:/usr/bin:/bin"}


@pytest.fixture(params=["espeak", "piper"])
def engine(request, piper):
    with Talker() as talker:
        espeak = Espeak(talker)
        folder = Path(piper["KINORA_PIPER_VOICES"])
        yield espeak if request.param == "espeak" else Piper(str(folder / "piper"), folder / "en_US-amy-medium.onnx", espeak)


class TestEveryEngine:
    def test_speaks_with_times_within_the_sound(self, engine):
        take = engine.say("Hello my good friend", SAY)
        end = len(take.samples) / take.rate
        assert 0.5 < end < 4
        assert np.abs(take.samples).max() <= 1
        assert [word for _, word in take.words] == ["Hello", "my", "good", "friend"]
        assert [time for time, _ in take.phonemes] == sorted(time for time, _ in take.phonemes)
        assert all(0 <= time <= end for time, _ in (*take.phonemes, *take.words))

    def test_speaks_faster_when_hurried(self, engine):
        slow, fast = (engine.say("Hello my good friend", delivery_of(CAST[0], "warm_woman", LINE, hurry=h)) for h in (1.0, 1.35))
        assert len(fast.samples) < 0.9 * len(slow.samples)

    def test_gives_little_for_nothing(self, engine):
        assert len(engine.say("", SAY).samples) < 22050


LINE = Line(speaker="maya", text="Hello my good friend")


def test_an_operators_voice_speaks_its_language_and_espeak_the_others(piper):
    french = delivery_of(CAST[0], "warm_woman", Line(speaker="maya", text="Bonjour", language="fr"))
    with Choir(piper) as choir:
        assert len(choir.say("Hello", SAY).samples) == pytest.approx(11025 * 165 / SAY.rate, rel=0.02)
        assert len(choir.say("Bonjour", french).phonemes) > 3


def test_a_voice_that_fails_is_replaced_and_said_so(piper, caplog):
    (Path(piper["KINORA_PIPER_VOICES"]) / "piper").write_text("#!/bin/sh\nexit 3\n")
    with caplog.at_level(logging.WARNING), Choir(piper) as choir:
        assert len(choir.say("Hello", SAY).samples) > 3000
    assert "espeak speaks instead" in caplog.text


def test_voices_without_the_program_are_named_in_the_log(piper, caplog):
    with caplog.at_level(logging.WARNING), Choir(piper | {"PATH": "/nowhere"}) as choir:
        assert len(choir.say("Hello", SAY).samples) > 3000
    assert "no program `piper`" in caplog.text
