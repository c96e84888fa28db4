"""A storyboard in the words that joint models are trained on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_diffusion.looks import colour, described
from kinora_diffusion.prompts import USUAL_NEGATIVE, negative, prompt
from kinora_diffusion.speaking import cues, lines, spoken, words
from kinora_testkit.films import board, shot
from kinora_world.director import direct
from kinora_world.storyboard import Character, Clothes, Garment, Hair, Line, Shot, Storyboard


def told(*shots, **more):
    storyboard = Storyboard.model_validate(board(*shots, **more))
    return [prompt(storyboard, each) for each in storyboard.shots]


def test_a_shot_is_one_paragraph_from_style_to_music():
    (text,) = told(
        shot(camera={"move": "dolly_in", "framing": "close", "subject": "maya"}, time_of_day="night", weather="rain", style="noir")
    )
    assert "\n" not in text
    order = [
        "Black-and-white film noir",
        "A close-up of Maya; the camera moves in slowly",
        "Maya, a young woman",
        "sandy beach",
        "at night",
    ]
    places = [text.index(part) for part in [*order, "in the rain", "In the background is heard: waves", "There is no music"]]
    assert places == sorted(places)


def test_people_are_described_in_the_same_words_in_every_shot():
    one, other = told(shot(), shot(place="office", time_of_day="night", camera={"framing": "close"}))
    described_there = re.search(r"Maya, a young woman[^.]*\.", one).group()
    assert described_there in other


def test_deeds_and_lines_come_in_their_order():
    (text,) = told(
        shot(
            4,
            actions=[{"actor": "maya", "verb": "wave", "start": 2.5}, {"actor": "maya", "verb": "jump", "start": 0}],
            dialogue=[{"speaker": "maya", "text": "Bonjour.", "language": "fr", "manner": "whisper", "mood": "sad", "start": 1.2}],
        )
    )
    line = 'Then Maya whispers sadly in French, in the voice of a young woman: "Bonjour."'
    assert text.index("Maya jumps") < text.index(line) < text.index("Then Maya waves")


def test_sounds_effects_and_music_are_heard():
    (text,) = told(shot(music="calm", sounds=[{"kind": "thunder"}], effects=[{"kind": "fireworks"}]))
    assert "Fireworks that burst in the sky" in text
    assert "Sound effects: a crack and a long roll of thunder." in text
    assert "Music: a quiet piano over strings." in text
    assert "Nobody speaks." in text


def test_the_users_own_words_tell_what_happens_with_what_is_said_in_quotes():
    (text,) = told(
        shot(prompt="Maya finds a shell . She says Look at that ! and laughs .", dialogue=[{"speaker": "maya", "text": "Look at that"}])
    )
    assert 'Maya finds a shell. She says "Look at that"! and laughs.' in text
    assert "Maya says it in English, in the voice of a young woman." in text


def test_a_line_that_the_users_words_leave_out_is_added():
    (text,) = told(shot(prompt="Maya greets us.", dialogue=[{"speaker": "maya", "text": "Hi!", "manner": "shout"}]))
    assert 'Maya shouts in English, in the voice of a young woman: "Hi!"' in text


def test_what_a_director_makes_of_a_prompt_is_told_whole():
    asked = 'A dog and a robot in a park at sunset. The robot says "Good boy!" Anime style.'
    storyboard = direct(asked, seconds=4, width=1280, height=720, seed=1).storyboard
    text = prompt(storyboard, storyboard.shots[0])
    for part in ("Anime", "a dog", "a robot", "a park with lawns", "at sunset", '"Good boy!"', "in the voice of a robot"):
        assert part in text


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ({"age_years": 8, "feminine": 0.0}, "Kim, a boy with"),
        (
            {"age_years": 80, "feminine": 1.0, "hair": Hair(style="bun", colour="#e6e4df")},
            "Kim, an old woman with olive skin and white hair in a bun",
        ),
        (
            {"muscle": 0.9, "feminine": 0.0, "beard": "full"},
            "Kim, a muscular young man with olive skin, short dark brown hair and a full beard",
        ),
        ({"clothes": Clothes(top=Garment(kind="dress", colour="#2e7d32", pattern="dotted"))}, "in a green dotted dress and black sneakers"),
        ({"species": "robot", "size": 2.0, "colour": "#1e5fbf"}, "Kim, a big blue robot"),
    ],
)
def test_people_look_as_the_storyboard_says(person, words):
    assert words in described(Character(id="kim", name="Kim", **person))


@given(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True))
def test_every_colour_has_a_name(code):
    assert colour(code).isascii()


def test_what_nobody_wants_is_left_out_beside_what_the_user_does_not_want():
    assert negative("umbrellas, cars.") == f"umbrellas, cars, {USUAL_NEGATIVE}"
    assert negative("") == USUAL_NEGATIVE


TEXTS = st.lists(st.text("abc d", min_size=1, max_size=200).filter(str.strip), max_size=8)


@given(TEXTS, st.floats(0.5, 20), st.data())
def test_lines_are_spoken_in_turn_within_their_shot(texts, seconds, data):
    starts = [data.draw(st.none() | st.floats(0, 20)) for _ in texts]
    said = spoken(
        Shot(
            duration=seconds,
            place="beach",
            dialogue=tuple(Line(speaker="maya", text=text, start=start) for text, start in zip(texts, starts, strict=True)),
        )
    )
    times = [time for line in said for time in line[:2]]
    assert times == sorted(times)
    assert not times or (times[0] >= 0 and times[-1] <= seconds)


def test_captions_name_the_speaker_and_the_sounds():
    storyboard = Storyboard.model_validate(
        board(
            shot(2), shot(2, dialogue=[{"speaker": "maya", "text": "Hello you!", "start": 0.5}], sounds=[{"kind": "thunder", "start": 1.5}])
        )
    )
    said = lines(storyboard)
    spoken_cue, heard = cues(storyboard, said)
    assert (spoken_cue.start, spoken_cue.speaker, spoken_cue.text) == (2.5, "Maya", "Hello you!")
    assert (heard.start, heard.end, heard.text) == (3.5, 4.0, "[thunder]")
    assert [word["word"] for word in words(said)] == ["Hello", "you!"]
