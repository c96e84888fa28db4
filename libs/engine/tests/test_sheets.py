"""The shipped sheets: what each says is so."""

from typing import get_args

import pytest
from kinora_engine.sheets import FAMILIES, shipped
from kinora_world.output import KINDS
from kinora_world.storyboard import Style


@pytest.mark.parametrize("family", FAMILIES)
def test_a_sheet_says_all_that_people_must_know(family):
    sheet = shipped(family)
    assert all((sheet.engine, sheet.description, sheet.ai_act_label, sheet.licence.id, sheet.licence.url, sheet.unit, sheet.rate > 0))
    assert list(sheet.seconds) == sorted(set(sheet.seconds))
    assert bool(sheet.licence.must_be_accepted) <= bool(sheet.licence.terms)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_engine_serves_the_platforms_usual_sizes_with_sound(family):
    sheet = shipped(family)
    assert {"720x1280", "1280x720"} <= set(sheet.sizes)
    assert all(int(side) % 2 == 0 for size in sheet.sizes for side in size.split("x"))
    assert (sheet.sound, sheet.fps) == (True, 24)


def test_the_worlds_styles_and_passes_are_what_it_draws():
    assert tuple(shipped("world").styles) == get_args(Style)
    assert tuple(shipped("world").passes) == KINDS


def test_a_sheet_that_was_changed_is_not_what_the_next_one_is_given():
    shipped("world").styles.append("cubist")
    assert "cubist" not in shipped("world").styles


def test_a_family_that_there_is_not_is_named_with_those_that_there_are():
    with pytest.raises(KeyError, match="'sora'; there are world, ltx2, cosmos3"):
        shipped("sora")
