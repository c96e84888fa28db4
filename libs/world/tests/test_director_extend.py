"""A clip goes on where it ended."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_world.catalogue import check
from kinora_world.director import direct, extend

BEFORE = direct(
    "Maya in a green dress and Leo on the beach at night in the rain. Maya walks to Leo. Anime style.",
    seconds=6,
    width=1280,
    height=720,
    seed=1,
).storyboard


def after(prompt, *, seconds=4.0):
    return extend(BEFORE, prompt, seconds=seconds, seed=5).storyboard


def test_the_old_shots_stay_as_they_were():
    board = after("Leo waves")
    assert board.shots[: len(BEFORE.shots)] == BEFORE.shots
    assert board.duration == BEFORE.duration + 4


def test_place_light_weather_style_and_clothes_go_on():
    board = after("Leo waves")
    last = board.shots[-1]
    assert (last.place, last.time_of_day, last.weather, last.style) == ("beach", "night", "rain", "anime")
    assert board.characters == BEFORE.characters


def test_everybody_begins_where_they_ended():
    walked = next(action for shot in BEFORE.shots for action in shot.actions if action.verb == "walk")
    marks = {mark.character: mark.position for mark in after("Leo waves").shots[len(BEFORE.shots)].marks}
    assert marks["maya"] == pytest.approx(walked.to)


def test_what_the_prompt_changes_is_changed():
    board = after("In the park, a man named Tom dances with Maya")
    assert (board.shots[-1].place, [c.name for c in board.characters]) == ("park", ["Maya", "Leo", "Tom"])


def test_things_stay_where_they_were():
    before = direct("Leo kicks a ball at three crates in the park", seconds=4, width=1280, height=720, seed=1).storyboard
    board = extend(before, "Leo bows", seconds=4, seed=1).storyboard
    crates = {p.id: p.position for p in before.shots[-1].props if p.kind == "crate"}
    assert {p.id: p.position for p in board.shots[-1].props if p.kind == "crate"} == crates


def test_no_more_shots_than_a_storyboard_can_have():
    full = BEFORE.model_copy(update={"shots": BEFORE.shots[:1] * 24})
    with pytest.raises(ValueError, match="24 shots already"):
        extend(full, "Leo waves", seconds=4, seed=1)


@given(st.text(max_size=400), st.sampled_from([0.5, 4.0, 20.0, 60.0]))
@settings(max_examples=40, deadline=None)
def test_any_text_extends_by_exactly_the_seconds(text, seconds):
    board = after(text, seconds=seconds)
    assert board.duration == pytest.approx(BEFORE.duration + seconds)
    assert check(board) == []
