"""Handles in prompts: people, pets and objects that are somebody's."""

import pytest
from kinora_world.director import direct
from kinora_world.director.recalling import recall
from kinora_world.storyboard import Clothes


def staged(prompt):
    return direct(prompt, seconds=4, seed=1, width=640, height=360).storyboard


def deeds(board):
    return [(action.actor, action.verb, action.target, action.prop) for shot in board.shots for action in shot.actions]


def objects(board):
    return [(prop.id, prop.kind, prop.handle) for shot in board.shots for prop in shot.props]


def test_a_pet_that_does_something_is_one_of_the_cast():
    board = staged("@ada.rex runs on the beach.")
    [rex] = board.characters
    assert (rex.name, rex.handle, rex.species, board.shots[0].place) == ("Rex", "@ada.rex", "puppet", "beach")
    assert deeds(board) == [("rex", "run", None, None)]


def test_a_pet_whose_name_is_an_animal_has_its_size_and_ways():
    assert staged("@ada.cat jumps.").characters[0].species == "cat"


@pytest.mark.parametrize(
    ("prompt", "kind", "handle"),
    [
        ("@ada.teapot on a table.", "teapot", "@ada.teapot"),
        ("Bob holds @ada.vase.", "vase", "@ada.vase"),
        ("Bob throws @ada.ball to Cleo.", "basketball", "@ada.ball"),
        ("Bob kicks @ada.zorp.", "keepsake", "@ada.zorp"),
    ],
)
def test_an_object_is_a_prop_with_its_handle(prompt, kind, handle):
    board = staged(prompt)
    assert (f"{kind}_1", kind, handle) in objects(board)
    assert handle in board.handles
    assert all(character.handle is None for character in board.characters)


def test_a_thrown_object_is_what_is_thrown():
    assert deeds(staged("Bob throws @ada.ball to @cleo.")) == [("bob", "throw", "cleo", "basketball_1")]


def test_an_object_that_dances_is_one_of_the_cast():
    assert deeds(staged("@ada.teapot dances on a stage.")) == [("teapot", "dance", None, None)]


def test_the_same_handle_is_the_same_thing():
    assert len(staged("Bob holds @ada.vase. Then he throws @ada.vase.").handles) == 1
    assert [who.id for who in staged("@cleo walks with @ada.rex. @ada.rex jumps.").characters] == ["cleo", "rex"]


def test_a_remix_keeps_the_handle_of_an_object():
    assert [thing.handle for thing in recall(staged("@ada.teapot on a table.")).things] == ["@ada.teapot", None]


def test_a_cameo_wears_its_own_clothes_unless_others_are_told():
    assert staged("@bob waves.").characters[0].clothes == Clothes()
    assert staged("@bob in a green coat waves.").characters[0].clothes != Clothes()
