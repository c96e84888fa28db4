"""A remix changes what the new prompt names and keeps the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_world.catalogue import check
from kinora_world.director import direct, remix

BEFORE = direct(
    'Maya and Leo on a basketball court at sunset. Maya says "Watch this shot!" and shoots the ball, it misses. '
    'Then Leo, cheering, says "So close!"',
    seconds=4,
    width=1280,
    height=720,
    seed=1,
).storyboard


def after(prompt):
    return remix(BEFORE, prompt, seed=9).storyboard


def without(board, *fields):
    return [{key: value for key, value in shot.model_dump().items() if key not in fields} for shot in board.shots]


def test_place_time_and_style_change_and_nothing_else():
    night = after("make it night on the beach, in anime style")
    assert [(s.place, s.time_of_day, s.style) for s in night.shots] == [("beach", "night", "anime")] * 2
    assert without(night, "place", "time_of_day", "style") == without(BEFORE, "place", "time_of_day", "style")


def test_clothes_and_hair_change_on_the_person_named():
    maya, leo = after("Maya wears a green shirt and her hair is blue").characters
    assert (maya.clothes.top.colour, maya.hair.colour, maya.clothes.bottom) == ("#2e7d32", "#2b66c4", BEFORE.characters[0].clothes.bottom)
    assert leo == BEFORE.characters[1]


def test_a_new_line_takes_the_old_ones_place():
    lines = [line for shot in after('Leo says "Unlucky!"').shots for line in shot.dialogue]
    assert [(line.speaker, line.text) for line in lines] == [("maya", "Watch this shot!"), ("leo", "Unlucky!")]


def test_a_new_deed_takes_the_old_ones_place():
    first, second = after("Leo dances").shots
    assert [a.verb for a in second.actions] == ["dance"]
    assert first == BEFORE.shots[0]


def test_the_outcome_can_change():
    assert [a.outcome for a in after("Maya shoots and scores").shots[0].actions] == ["hit"]


def test_a_thing_is_swapped_for_another():
    assert {p.kind: p.colour for p in after("replace the basketball with a red beach ball").shots[0].props}["beach_ball"] == "#c62828"


@pytest.mark.parametrize("more", ["Maya kicks the crate.", "Add a bench. Leo looks at the bench."])
def test_a_swapped_thing_can_be_spoken_of_again(more):
    kinds = {p.kind for p in after(f"Replace the basketball with a crate. {more}").shots[0].props}
    assert {"crate", *(["bench"] if "bench" in more else [])} <= kinds - {"basketball"}


def test_a_thing_is_taken_away_with_what_was_done_with_it():
    shot = after("remove the hoop").shots[0]
    assert [p.kind for p in shot.props] == ["basketball"]
    assert shot.actions == ()


def test_the_camera_changes():
    assert {(s.camera.move, s.camera.subject) for s in after("the camera orbits around Leo").shots} == {("orbit", "leo")}


def test_somebody_new_joins():
    board = after("Ana waves at Maya")
    assert [c.name for c in board.characters] == ["Maya", "Leo", "Ana"]
    assert ("ana", "wave", "maya") in [(a.actor, a.verb, a.target) for a in board.shots[0].actions]


def test_what_cannot_be_changed_is_said():
    assert "“gramophone”" in remix(BEFORE, "add a gramophone", seed=1).notes[-1]


def test_nothing_named_nothing_changed():
    assert after("").shots == BEFORE.shots


@given(st.text(max_size=500))
@settings(max_examples=40, deadline=None)
def test_any_text_remixes_to_the_same_length(text):
    board = after(text)
    assert board.duration == BEFORE.duration
    assert check(board) == []


@given(
    st.lists(
        st.sampled_from(
            [
                "Maya",
                "Leo",
                "Ana",
                "he",
                "they",
                "throws",
                "shoots",
                '"Hi!"',
                "says",
                "ball",
                "red",
                "beach",
                "no",
                "remove",
                "replace",
                "with",
                "the",
                "a",
                "and",
                "two",
                "crates",
                "wide",
            ]
        ),
        max_size=30,
    )
)
@settings(max_examples=80, deadline=None)
def test_any_jumble_of_known_words_remixes(words):
    assert check(after(" ".join(words))) == []


@pytest.mark.parametrize("prompt", ["Maya dances", "make it night", 'Leo says "Hm"'])
def test_a_remix_is_deterministic(prompt):
    assert after(prompt) == after(prompt)
