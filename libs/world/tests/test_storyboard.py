"""A storyboard is plain JSON with a schema, and refuses what contradicts itself."""

import json

import pytest
from kinora_world.storyboard import Action, Character, Line, Mark, Prop, Shot, Storyboard
from pydantic import ValidationError

ADA = Character(id="ada", name="Ada")


def shot(**parts):
    return Shot(duration=2, place="park", marks=(Mark(character="ada"),), **parts)


def test_it_survives_json():
    board = Storyboard(characters=(ADA,), shots=(shot(props=(Prop(id="ball_1", kind="football"),)),))
    assert Storyboard.model_validate_json(board.model_dump_json()) == board


def test_its_duration_is_that_of_its_shots():
    assert Storyboard(characters=(ADA,), shots=(shot(), shot())).duration == 4


def test_its_json_schema_names_every_part_of_a_shot():
    schema = json.loads(json.dumps(Storyboard.model_json_schema()))
    assert {"place", "marks", "props", "actions", "dialogue", "camera", "style"} <= set(schema["$defs"]["Shot"]["properties"])


@pytest.mark.parametrize(
    ("parts", "where"),
    [
        ({"actions": (Action(actor="bob", verb="wave"),)}, r"shots\[0\].actions\[0\]"),
        ({"actions": (Action(actor="ada", verb="kick", prop="ball_1"),)}, r"shots\[0\].actions\[0\]"),
        ({"dialogue": (Line(speaker="bob", text="Hi"),)}, r"shots\[0\].dialogue\[0\]"),
        ({"props": (Prop(id="ada", kind="football"),)}, r"shots\[0\]"),
    ],
)
def test_a_name_that_is_not_in_the_shot_is_refused_with_its_path(parts, where):
    with pytest.raises(ValidationError, match=where):
        Storyboard(characters=(ADA,), shots=(shot(**parts),))


def test_unknown_fields_are_refused():
    with pytest.raises(ValidationError, match="smell"):
        Shot.model_validate({"duration": 2, "place": "park", "smell": "roses"})


def test_two_people_need_two_ids():
    with pytest.raises(ValidationError, match="share an id"):
        Storyboard(characters=(ADA, ADA), shots=(shot(),))
