"""Lines are spoken in time, by different voices, with mouths that close on m, b and p."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_world import catalogue
from kinora_world.scene import SAMPLE_RATE
from kinora_world.sound import speak
from kinora_world.sound.talker import SpeechFailed, Talker
from kinora_world.sound.visemes import NEUTRAL, VISEMES, shapes
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


@pytest.mark.parametrize("language", catalogue.languages())
def test_every_language_of_the_catalogue_can_be_heard(language):
    greeting = catalogue.entries("words")["languages"][language]["hello"]
    line = said(Line(speaker="maya", text=greeting, language=language))[0]
    assert 0.15 < len(line.samples) / SAMPLE_RATE < 4
    assert any(weights for _, weights in line.visemes)


def test_text_is_only_ever_text():
    plain, marked = (said(Line(speaker="leo", text=t))[0] for t in ("one two", "one [[two]] <break time='3s'/>"))
    assert marked.end < plain.end + 4
    assert said(Line(speaker="leo", text="..."))[0].end < 2


@given(st.text(min_size=1, max_size=60))
@settings(max_examples=15, deadline=None)
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
