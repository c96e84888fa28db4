"""How people wear their hair and beards."""

from typing import get_args

import numpy as np
import pytest
from kinora_world.cast import build_body
from kinora_world.storyboard import Beard, Character, Hair, HairStyle

PEOPLE = ({"feminine": 0.0, "age_years": 40}, {"feminine": 1.0}, {"age_years": 6}, {"feminine": 1.0, "age_years": 80})


def person(**features):
    return Character(id="ada", name="Ada", **features)


@pytest.mark.parametrize(("number", "style"), list(enumerate(get_args(HairStyle))))
def test_every_hair_style_can_be_worn(number, style):
    body = build_body.__wrapped__(person(hair=Hair(style=style), **PEOPLE[number % 4]), ("realistic", "anime", "cartoon")[number % 3])
    assert (style == "bald") == ("hair" not in {p.name for p in body.parts})
    assert np.isfinite(body.rest[0]).all()


@pytest.mark.parametrize("beard", get_args(Beard))
def test_every_beard_grows_below_the_nose(beard):
    body = build_body.__wrapped__(person(beard=beard), "realistic")
    grown = [body.rest[0][np.unique(p.triangles), 2].max() for p in body.parts if p.name == "beard"]
    assert bool(grown) == (beard in {"moustache", "goatee", "full"})
    assert all(top < body.landmarks["eye_left"][2] for top in grown)
