from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.look.programs import finishes
from kinora_world.physics import place as put
from kinora_world.solids import bounds, volume
from kinora_world.stage import CatalogueError, build_stage, place_entries, places, prop_entries, prop_kind, prop_kinds
from kinora_world.stage.schema import ShapeEntry
from kinora_world.stage.shapes import euler, expand, linear, placed
from kinora_world.storyboard import Shot
from scipy.spatial.transform import Rotation

TIMES = ["dawn", "day", "sunset", "night"]


@pytest.mark.parametrize(("place", "time"), thinned(product(places(), TIMES), 5))  # places by turns, and times too
def test_every_place_stands_at_every_time(place, time):
    stage = build_stage(place, time, seed=1)
    assert stage.shapes
    assert np.isclose(np.linalg.norm(stage.light.direction), 1)
    assert {shape.finish for shape in stage.shapes} | {stage.ground_finish} <= set(finishes())


@pytest.mark.parametrize("place", places())
def test_people_can_stand_in_the_middle_of_every_place(place):
    stage = build_stage(place, seed=1)
    solid = np.array([bounds([shape]) for shape in stage.shapes if shape.collides]).reshape(-1, 2, 3)
    low, high = solid[:, 0], solid[:, 1]
    here = (high[:, 2] > 0.03) & (low[:, 2] < 2.2) & (high[:, 0] > -2.4) & (low[:, 0] < 2.4) & (high[:, 1] > -2.0) & (low[:, 1] < 1.15)
    assert not here.any()


@pytest.mark.parametrize("place", places())
def test_a_place_is_furnished_within_reason(place):
    entry, stage = place_entries()[place], build_stage(place, seed=1)
    assert len(stage.shapes) < 800
    assert stage.ground_finish in finishes()
    x0, y0, x1, y1 = stage.bounds
    assert x0 < -2.4
    assert x1 > 2.4
    assert y0 < -4 < 0 < y1
    assert all(x0 - 6 < spot.at[0] < x1 + 6 for spot in entry.spots.values())
    assert set(entry.spots) <= set(prop_entries())


@pytest.mark.parametrize(("place", "kind"), [(place, kind) for place in places() for kind in place_entries()[place].spots])
def test_where_a_place_wants_a_thing_it_fits(place, kind):
    alone = Shot.model_validate({"duration": 1, "place": place, "props": [{"id": "it", "kind": kind}]})
    settled = put(alone, {"it": prop_kind(kind)}, build_stage(place, seed=1)).props[0]
    assert settled.position == place_entries()[place].spots[kind].at


@pytest.mark.parametrize("place", places())
def test_nobody_is_born_in_the_water(place):
    water = place_entries()[place].water
    assert water is None or water.area[1] > place_entries()[place].bounds[3] - 0.5


def test_there_are_places_enough_for_most_stories():
    assert len(places()) >= 28


SOFT = {"leaf", "needle", "glow", "glass", "bands", "breaker"}  # what bends, burns, flies or flows has no body to bump into


@pytest.mark.parametrize("name", prop_kinds())
def test_every_prop_is_made_of_known_finishes_and_stands_on_the_ground(name):
    kind = prop_kind(name)
    solid = [shape for shape in kind.shapes if shape.collides]
    assert {shape.finish for shape in kind.shapes} <= set(finishes())
    assert any(shape.visible for shape in kind.shapes)
    assert abs(bounds(solid)[0][2]) < 0.04 or name == "balloon"


@pytest.mark.parametrize("name", sorted({*prop_kinds()} - {"balloon"}))  # a string is no body
def test_what_can_be_bumped_into_is_what_is_seen(name):
    kind = prop_kind(name)
    seen = bounds([shape for shape in kind.shapes if shape.collides or (shape.visible and shape.finish not in SOFT)])
    solid = bounds([shape for shape in kind.shapes if shape.collides])
    assert all(np.abs(seen[0] - solid[0]) < 0.1 + 0.35 * (seen[1] - seen[0]))
    assert all(np.abs(seen[1] - solid[1]) < 0.1 + 0.35 * (seen[1] - seen[0]))


@pytest.mark.parametrize("name", prop_kinds())
def test_a_prop_is_as_heavy_as_what_it_is_made_of(name):
    density = prop_kind(name).mass / sum(volume(shape) for shape in prop_kind(name).shapes if shape.collides)
    assert density < 11_340  # lead
    assert density > 110 or prop_entries()[name].hollow  # balsa


@given(scale=st.floats(0.1, 10))
def test_a_prop_of_another_size_weighs_by_the_cube(scale):
    usual, scaled = prop_kind("hammer"), prop_kind("hammer", None, scale)
    assert np.isclose(scaled.mass / usual.mass, scale**3)
    assert np.allclose(bounds(scaled.shapes)[1], bounds(usual.shapes)[1] * scale, atol=1e-4)
    assert np.allclose(scaled.anchors["grip"], np.multiply(usual.anchors["grip"], scale))


def test_there_are_props_enough_for_most_stories():
    assert len(prop_kinds()) >= 110


@pytest.mark.parametrize("kind", ["places", "props"])
def test_no_two_entries_answer_to_the_same_word(kind):
    entries = {"places": place_entries(), "props": prop_entries()}[kind]
    claims = Counter(word.lower() for name, entry in entries.items() for word in {name.replace("_", " "), *entry.words})
    assert {word for word, count in claims.items() if count > 1} == set()
    assert all(catalogue.words(kind)[word] in entries for word in claims)


def test_ambiences_are_in_their_catalogue():
    known = catalogue.names("ambiences")
    assert not known or {entry.ambience for entry in place_entries().values()} <= set(known)


def test_a_basketball_bounces_and_a_hoop_stays():
    ball, hoop = prop_kind("basketball"), prop_kind("hoop")
    assert ball.shapes[0].size == (0.12,)
    assert ball.restitution == 0.75
    assert hoop.fixed
    assert hoop.anchors["goal"][2] == 3.05


def test_the_rim_can_be_hit_all_around():
    hoop = prop_kind("hoop")
    rim = [shape for shape in hoop.shapes if shape.kind == "capsule" and not shape.visible]
    away = np.array([shape.position for shape in rim]) - hoop.anchors["goal"]
    assert len(rim) == 16
    assert np.allclose(np.linalg.norm(away, axis=1), 0.2375)
    along = Rotation.from_euler("XYZ", [shape.rotation for shape in rim], degrees=True).apply([0, 0, 1])
    assert np.allclose((along * away).sum(1), 0, atol=1e-5)


def test_a_prop_takes_the_colour_asked_for():
    assert prop_kind("basketball", "#0000ff").shapes[0].colour == (0.0, 0.0, 1.0)
    assert prop_kind("hoop", "#0000ff").shapes == prop_kind("hoop").shapes


def test_seeds_vary_a_place_and_repeat_it():
    first, other = build_stage("park", seed=1), build_stage("park", seed=2)
    assert first.shapes != other.shapes
    build_stage.cache_clear()
    assert build_stage("park", seed=1) == first


@pytest.mark.parametrize("place", ["park", "street", "court"])
def test_lamps_light_up_after_dark(place):
    assert build_stage(place, "night").light.lamps
    assert not build_stage(place, "day").light.lamps


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(CatalogueError, match=r"no place 'narnia'; there are airplane_cabin, bathroom"):
        build_stage("narnia")
    with pytest.raises(CatalogueError, match=r"no prop 'anvil'; there are airplane, apple"):
        prop_kind("anvil")
    with pytest.raises(CatalogueError, match=r"no time of day 'noon'"):
        build_stage("park", "noon")


def test_a_shape_s_mirror_image_keeps_its_outline():
    bent = ShapeEntry(kind="tube", size=(0.01, 0, 0, 0, 0.2, 0.1, 0, 0.2, 0.3, 0.4), at=(0.5, 0.2, 0), rotate=(10, 20, 30), mirror="x")
    one, other = (bounds([shape]) for shape in expand(bent))
    assert np.allclose(one[0] * (-1, 1, 1), (other[1][0], *other[0][1:]), atol=1e-5)
    wedge = list(expand(ShapeEntry(kind="extrusion", size=(0.1, 0.01, 0, 0, 1, 0, 0, 1), mirror="x")))
    assert wedge[1].size[2:] == (0, 1, -1, 0, 0, 0)


def test_a_shape_with_too_few_sizes_is_told_so():
    with pytest.raises(ValueError, match="a box takes 3 numbers, not 1"):
        ShapeEntry(kind="box", size=(1,))


def test_turned_copies_keep_their_geometry():
    legs = list(expand(ShapeEntry(kind="box", size=(0.1, 0.1, 0.4), at=(1, 0.5, 0.4), mirror="xy")))
    assert {shape.position[:2] for shape in legs} == {(1, 0.5), (-1, 0.5), (1, -0.5), (-1, -0.5)}
    turned = placed(legs[0], (0, 0, 0), 90)
    assert np.allclose(turned.position, (-0.5, 1, 0.4))


def test_angles_survive_the_way_there_and_back():
    turns = [*Rotation.random(20, rng=1), Rotation.from_euler("YZ", [90, 33], degrees=True)]
    for turn in turns:
        assert np.allclose(Rotation.from_euler("XYZ", euler(turn), degrees=True).as_matrix(), turn.as_matrix(), atol=1e-5)


def test_colours_become_linear_light():
    assert np.allclose(linear("#ff8000"), (1, 0.2158605, 0))
