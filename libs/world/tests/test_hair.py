"""How people wear their hair and beards."""

from typing import get_args

import numpy as np
import pytest
from kinora_testkit.sweeps import thinned
from kinora_world.cast import build_body
from kinora_world.storyboard import Beard, Character, Hair, HairStyle

PEOPLE = ({"feminine": 0.0, "age_years": 40}, {"feminine": 1.0}, {"age_years": 6}, {"feminine": 1.0, "age_years": 80})


def person(**features):
    return Character(id="ada", name="Ada", **features)


@pytest.mark.parametrize(("number", "style"), thinned(enumerate(get_args(HairStyle)), 5))
def test_every_hair_style_can_be_worn(number, style):
    body = build_body.__wrapped__(person(hair=Hair(style=style), **PEOPLE[number % 4]), ("realistic", "anime", "cartoon")[number % 3])
    assert (style == "bald") == ("hair" not in {p.name for p in body.parts})
    assert np.isfinite(body.rest[0]).all()


@pytest.mark.parametrize("beard", thinned(get_args(Beard), 3))
def test_every_beard_grows_below_the_nose(beard):
    body = build_body.__wrapped__(person(beard=beard), "realistic")
    grown = [body.rest[0][np.unique(p.triangles), 2].max() for p in body.parts if p.name == "beard"]
    assert bool(grown) == (beard in {"moustache", "goatee", "full"})
    assert all(top < body.landmarks["eye_left"][2] for top in grown)


def test_an_old_mans_full_beard_leaves_the_ears_and_has_no_hole_beside_the_mouth():
    body = build_body.__wrapped__(person(beard="full", feminine=0.0, age_years=60, weight=0.5), "realistic")
    beard = next(p.triangles for p in body.parts if p.name == "beard")
    eye, chin = body.landmarks["eye_left"], body.landmarks["chin"]
    at = body.rest[0][np.unique(beard)]
    assert np.abs(at[at[:, 2] > (eye[2] + chin[2]) / 2 + 0.01, 0]).max() < 2.6 * eye[0]
    x, y, z = (body.rest[0][rim(beard)] - np.float32(body.landmarks["mouth"])).T
    assert not ((np.abs(x) > 0.025) & (np.abs(x) < 0.045) & (y > 0.008) & (y < 0.024) & (z < -0.008) & (z > -0.03)).any()  # on the jowls


def rim(triangles):
    """Vertices of sides that only one triangle has."""
    sides = np.sort(np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]]), axis=1)
    border, times = np.unique(sides, axis=0, return_counts=True)
    return np.unique(border[times == 1])


def test_beards_and_curls_leave_a_body_light():
    body = build_body.__wrapped__(person(beard="full", feminine=0.0, hair=Hair(style="curly")), "realistic")
    assert sum(len(p.triangles) for p in body.parts) < 42_000
