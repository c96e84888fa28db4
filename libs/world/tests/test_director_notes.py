"""The director never silently does something else: what it could not stage, it says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_world.director import direct


def notes(prompt, *, seconds=8.0, **options):
    return direct(prompt, seconds=seconds, width=1280, height=720, seed=2, **options).notes


def group(prompt, name, **options):
    return " ".join(note for note in notes(prompt, **options) if note.startswith(name))


GROUPS = ("Understood: ", "Shown differently: ", "Left out: ")


@pytest.mark.parametrize(
    ("prompt", "missed"),
    [
        ("A man polishes a gramophone", ["gramophone"]),
        ("A tall woman levies a toll", ["tall", "levies", "toll"]),
        ("A wombat chases a girl", ["wombat chases"]),
        ("Maya genuflects", ["genuflects"]),
        ("A red zeppelin drifts down the street", ["red zeppelin"]),
        ("猫が公園で走る", ["猫が公園で走る"]),
    ],
)
def test_what_cannot_be_staged_is_named(prompt, missed):
    said = group(prompt, "Left out")
    assert [words for words in missed if words not in said] == [], notes(prompt)


@pytest.mark.parametrize(
    ("prompt", "stand_in"),
    [
        ("A man waves in the chapel", "“chapel” as a castle"),
        ("A knight waves", "“knight” as a person in armour"),
        ("A woman in a green nightgown waves", "“nightgown” as a dress"),
        ("Impressionist style. A man waves", "“Impressionist” as the watercolour style"),
        ("The crowd cheers as Leo bows", "“cheers” as a crowd in the background"),
        ("A man waves", "the place, which the prompt leaves open, as a park"),
        ("qwx zzk", "one person who waves"),
        ("A 10 second video of a man who waves", "“10 second” as the length that the request asks for"),
    ],
)
def test_stand_ins_are_named(prompt, stand_in):
    assert stand_in in group(prompt, "Shown differently")


def test_a_plain_prompt_needs_no_apology():
    assert group("A man waves in the park", "Left") == group("A man waves in the park", "Shown") == ""


def test_lines_without_time_are_said_to_be_left_out():
    long = "This is a very long speech that goes on and on and on. " * 4
    assert "leave no time" in group(f'Maya waves. Maya says "{long}"', "Left out", seconds=4.0)


def test_a_line_that_is_cut_off_is_said_to_be():
    assert "the end of the line" in group(f'Maya says "{"on and on " * 40}"', "Left out", seconds=4.0)


def test_shots_without_time_are_said_to_be_left_out():
    prompt = " ".join(f"Shot {n}: Maya waves at the lamp." for n in range(1, 8))
    assert "Maya waves" in notes(prompt, seconds=4.0)[0]
    assert "waves" in group(prompt, "Left out", seconds=4.0)


def test_the_end_of_an_endless_prompt_is_said_to_be_left_out():
    assert "everything after the first 3000 words" in group("Maya waves. " * 2000, "Left out")


def test_a_negative_prompt_is_honoured_where_it_can_be():
    staged = direct("Maya dances by the table", seconds=4, width=8, height=8, seed=1, negative_prompt="table, blurry, snow")
    assert [prop.kind for prop in staged.storyboard.shots[0].props] == []
    assert [note for note in staged.notes if "keeping out" in note] == ["Left out: keeping out “snow”: nothing here controls it."]


def test_no_people_means_nobody():
    staged = direct("Maya dances in the park", seconds=4, width=8, height=8, seed=1, negative_prompt="people")
    assert staged.storyboard.characters == ()


def test_an_unknown_style_is_approximated():
    assert "“baroque”" in group("Maya waves", "Shown differently", style="baroque")


@given(st.text(max_size=1000))
@settings(max_examples=60, deadline=None)
def test_every_note_is_in_one_of_three_groups(text):
    assert all(note.startswith(GROUPS) for note in notes(text))


# Words nobody knows, among words that everybody does.
UNKNOWN = st.text("bcdfgjklmnpqvwxz", min_size=5, max_size=9).filter(lambda word: not word.endswith("s")).map(lambda word: f"x{word}q")
KNOWN = st.sampled_from(
    [
        "Maya",
        "Leo",
        "waves",
        "jumps",
        "the",
        "a",
        "red",
        "man",
        "ball",
        "crate",
        "beach",
        "at",
        "night",
        ",",
        ".",
        "and",
        "while",
        "then",
        "says",
        "on",
        "with",
        "in",
        "he",
        "she",
        "old",
        "two",
    ]
)


@given(st.lists(st.one_of(UNKNOWN, KNOWN), min_size=1, max_size=40))
@settings(max_examples=150, deadline=None)
def test_no_unknown_word_disappears(words):
    unknown = {word for word in words if word.startswith("x")}
    said = " ".join(notes(" ".join(words), seconds=20.0)).casefold()
    assert {word for word in unknown if word not in said} == set()


@pytest.mark.parametrize(
    "verb",
    [
        "walks",
        "runs",
        "jumps",
        "backflips",
        "cartwheels",
        "waves",
        "talks",
        "dances",
        "kicks",
        "punches",
        "spins",
        "points",
        "nods",
        "claps",
        "bows",
        "turns",
        "celebrates",
        "stands",
    ],
)
def test_every_verb_that_is_not_reported_is_in_the_storyboard(verb):
    staged = direct(f"Maya {verb} in the park", seconds=4, width=8, height=8, seed=1)
    assert staged.storyboard.shots[0].actions or f"“{verb}”" in " ".join(staged.notes)
