"""What there is to stage, and what a storyboard asks for in vain."""

import subprocess
import sys

import pytest
from kinora_world import catalogue
from kinora_world.storyboard import Action, Character, Clothes, Effect, Garment, Line, Mark, Prop, Shot, Sound, Storyboard

ADA = Character(id="ada", name="Ada")


def board(**parts):
    marks = (Mark(character="ada"),)
    return Storyboard(characters=(ADA,), shots=(Shot.model_validate({"duration": 3, "place": "park", "marks": marks, **parts}),))


def test_a_storyboard_of_known_things_has_no_problems():
    assert catalogue.check(board(actions=(Action(actor="ada", verb="wave"),), dialogue=(Line(speaker="ada", text="Hi"),))) == []


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ({"place": "narnia"}, "shots[0].place: unknown place 'narnia'; known: airplane_cabin, bathroom"),
        ({"props": (Prop(id="a", kind="dragon"),)}, "shots[0].props[0].kind: unknown prop 'dragon'"),
        ({"actions": (Action(actor="ada", verb="teleport"),)}, "shots[0].actions[0].verb: unknown action 'teleport'"),
        ({"sounds": (Sound(kind="kazoo"),)}, "shots[0].sounds[0].kind: unknown sound 'kazoo'"),
        ({"effects": (Effect(kind="smoke", start=1, end=1),)}, "shots[0].effects[0].end: 1.0 s is not after"),
        ({"music": "polka"}, "shots[0].music: unknown music 'polka'"),
        ({"actions": (Action(actor="ada", verb="wave", start=5),)}, "shots[0].actions[0].start: 5.0 s is past the shot's end"),
        ({"actions": (Action(actor="ada", verb="wave", start=2, end=1),)}, "shots[0].actions[0].end: 1.0 s is not after"),
        ({"dialogue": (Line(speaker="ada", text="x", language="tlh"),)}, "shots[0].dialogue[0].language: unknown language 'tlh'"),
        ({"dialogue": (Line(speaker="ada", text="x", start=9),)}, "shots[0].dialogue[0].start: 9.0 s is past"),
        (
            {"props": (Prop(id="a", kind="crate"),), "dialogue": (Line(speaker="a", text="x"),)},
            "shots[0].dialogue[0].speaker: 'a' is a prop",
        ),
    ],
)
def test_every_problem_says_where_and_what_would_be_right(parts, problem):
    assert catalogue.check(board(**parts))[0].startswith(problem)


def test_a_voice_that_is_not_there():
    strange = board().model_copy(update={"characters": (ADA.model_copy(update={"voice": "dalek"}),)})
    assert catalogue.check(strange)[0].startswith("characters[0].voice: unknown voice 'dalek'; known: alien, announcer, ")


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"species": "jabberwock"}, "characters[0].species: unknown species 'jabberwock'"),
        ({"clothes": Clothes(top=Garment(kind="shako", colour="#777777"))}, "characters[0].clothes.top.kind: unknown garment 'shako'"),
        (
            {"clothes": Clothes(hat=Garment(kind="sneakers", colour="#777777"))},
            "characters[0].clothes.hat.kind: a sneakers is worn as 'shoes'",
        ),
    ],
)
def test_a_character_that_there_is_not(wrong, problem):
    strange = board().model_copy(update={"characters": (ADA.model_copy(update=wrong),)})
    assert catalogue.check(strange)[0].startswith(problem)


def test_regional_languages_fall_back_to_their_base():
    assert (catalogue.base_language("pt-BR"), catalogue.base_language("fr-CA"), catalogue.base_language("xx")) == ("pt-br", "fr", None)


def test_people_find_things_by_many_words():
    assert (catalogue.words("props")["soccer ball"], catalogue.words("places")["seaside"]) == ("football", "beach")


def test_every_word_list_names_only_what_the_catalogues_hold():
    own = catalogue.entries("words")
    assert set(own["verbs"]) <= set(catalogue.names("actions"))
    assert set(own["props"]["words"]) <= set(catalogue.names("props"))


def test_what_can_be_staged_is_told_by_a_command(capsys):
    catalogue.main()
    told = capsys.readouterr().out
    assert all(f" {kind}: " in told for kind in catalogue.KINDS)
    assert "basketball" in told


def test_directing_and_checking_load_neither_numpy_nor_mujoco():
    code = "import sys, kinora_world.director, kinora_world.catalogue; print(sorted({'numpy', 'mujoco', 'scipy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.strip() == "[]"
