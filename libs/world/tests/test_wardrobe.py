"""What people wear."""

from dataclasses import replace
from functools import cache
from itertools import zip_longest

import numpy as np
import pytest
from kinora_testkit.sweeps import thinned
from kinora_world import catalogue
from kinora_world.cast import build_body
from kinora_world.cast.cloth import heights
from kinora_world.cast.surface import Surface
from kinora_world.cast.wardrobe import garment
from kinora_world.director import direct
from kinora_world.look import Renderer
from kinora_world.scene import Pose, View
from kinora_world.stage import build_stage
from kinora_world.storyboard import Character, Clothes, Garment, Hair

PEOPLE = (
    {"feminine": 0.0, "age_years": 40},
    {"feminine": 1.0, "age_years": 25},
    {"feminine": 0.3, "age_years": 6},
    {"feminine": 1.0, "age_years": 80, "weight": 0.9},
)
SLOTS = {
    slot: [n for n in catalogue.names("garments") if garment(n).slot == slot]
    for slot in ("top", "bottom", "shoes", "over", "hat", "eyewear", "neck")
}
OUTFITS = [{slot: kind for slot, kind in zip(SLOTS, row, strict=True) if kind} for row in zip_longest(*SLOTS.values())]


def person(kinds=None, patterns=None, **features):
    worn = {slot: Garment(kind=kind, colour="#3355aa", **(patterns or {})) for slot, kind in (kinds or {}).items()}
    return Character(id="ada", name="Ada", clothes=Clothes(**worn), **features)


def turned(axis, degrees):
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    a, b = ((1, 2), (2, 0), (0, 1))[axis]
    rotation = np.eye(3)
    rotation[[a, a, b, b], [a, b, a, b]] = c, -s, s, c
    return rotation


POSES = {
    "rest": {},
    "stride": {"LeftUpLeg": turned(0, -35), "RightUpLeg": turned(0, 22), "RightLeg": turned(0, 25), "LeftArm": turned(0, 30)},
    "arms up": {"LeftArm": turned(1, -120), "RightArm": turned(1, 120)},
    "sitting": {f"{side}{bone}": turned(0, angle) for side in ("Left", "Right") for bone, angle in (("UpLeg", -85), ("Leg", 85))},
    "bowing": {"Spine": turned(0, 30), "Spine1": turned(0, 20)},
}


def part(body, name):
    return next(p for p in body.parts if p.name == name)


@pytest.mark.parametrize(("number", "kinds"), thinned(enumerate(OUTFITS), 3))
def test_every_garment_can_be_worn(number, kinds):
    body = build_body.__wrapped__(person(kinds, **PEOPLE[number % 4]), "realistic")
    assert np.isfinite(body.posed(Pose(POSES["stride"], np.eye(4)))[0]).all()
    assert all(p.triangles.max() < len(body.rest[0]) for p in body.parts)
    assert sum(len(p.triangles) for p in body.parts) < 50_000


@pytest.mark.parametrize("pose", POSES)
@pytest.mark.parametrize("kinds", [{"top": "tshirt", "bottom": "jeans"}, {"top": "superhero_suit"}, {"top": "shirt", "bottom": "shorts"}])
def test_skin_stays_beneath_the_cloth(kinds, pose):
    body = build_body(person(kinds), "realistic")
    posed = body.posed(Pose(POSES[pose], np.eye(4)))[0]
    cloth = np.concatenate([p.triangles for p in body.parts if p.name in {"top", "bottom"}])
    skin = np.unique(part(body, "skin").triangles)
    under = heights(body.rest[0][skin].astype(float), Surface(None, body.rest[0].astype(float), cloth))[0] < -0.002
    height, _ = heights(posed[skin[under]].astype(float), Surface(None, posed.astype(float), cloth))
    assert np.mean(height > 0.008) < 0.02


@pytest.mark.parametrize("over", ["blazer", "coat", "jacket"])
def test_what_is_worn_over_hides_what_is_beneath(over):
    bare, covered = (build_body(person({"top": "tshirt"} | extra), "realistic") for extra in ({}, {"over": over}))
    assert len(part(covered, "top").triangles) < 0.6 * len(part(bare, "top").triangles)


def test_a_dress_leaves_no_trousers_to_see():
    names = {p.name for p in build_body(person({"top": "dress", "bottom": "jeans"}), "realistic").parts}
    assert "top" in names
    assert "bottom" not in names


def test_a_skirt_goes_with_the_leg_on_its_side():
    body = build_body(person({"bottom": "skirt"}), "realistic")
    before, after = (body.posed(Pose(turns, np.eye(4)))[0] for turns in ({}, {"LeftUpLeg": turned(0, -60)}))
    hem = [v for v in np.unique(part(body, "bottom").triangles) if before[v, 2] < 0.6]
    left, right = ([v for v in hem if sign * before[v, 0] > 0.12] for sign in (1, -1))
    assert (before - after)[left, 1].mean() > 0.15 > abs((before - after)[right, 1].mean()) + 0.05


def test_the_skirt_of_somebody_seated_falls_from_the_knees_to_the_floor():
    body, root = build_body(person({"top": "long_dress"}), "realistic"), np.eye(4)
    root[2, 3] = -0.4
    hangs, stiff = (b.posed(Pose(POSES["sitting"], root))[0] for b in (body, replace(body, drapes=())))
    dress = np.unique(part(body, "top").triangles)
    reach = [-at[(at[:, 2] > 0.2) & (at[:, 2] < 0.4), 1].min() for at in (hangs[dress], stiff[dress])]
    assert reach[0] < reach[1] - 0.1
    assert hangs[dress, 2].min() > 0


def test_a_skirt_hangs_as_it_was_sewn_on_somebody_who_stands():
    body = build_body(person({"top": "long_dress"}), "realistic")
    hangs, skinned = (b.posed(Pose({}, np.eye(4)))[0] for b in (body, replace(body, drapes=())))
    assert np.abs(hangs - skinned).max() < 0.01


def test_bare_feet_have_toes_and_shoes_have_none():
    barefoot, shod = (build_body(person({"shoes": kind}), "realistic") for kind in ("barefoot", "boots"))
    lowest = [body.rest[0][np.unique(part(body, "skin").triangles), 2].min() for body in (barefoot, shod)]
    assert lowest[0] < 0.005
    assert lowest[1] > 0.1


def test_hair_stays_beneath_a_hat():
    body = build_body(person({"hat": "beanie"}, hair=Hair(style="curly")), "realistic")
    hat, hair = (body.rest[0][np.unique(part(body, name).triangles)] for name in ("hat", "hair"))
    assert hair[:, 2].max() < hat[:, 2].max() - 0.05


def test_a_dearer_garment_is_found_by_its_words():
    assert catalogue.words("garments")["suit"] == "blazer"
    assert catalogue.words("garments")["kilt"] == "pleated_skirt"


def test_plates_stand_off_the_mail_and_ride_stiffly_on_their_bones():
    body = build_body(person({"top": "armour"}), "realistic")
    plates = np.unique(part(body, "top_plates").triangles)
    left = plates[(body.rest[0][plates, 0] > 0) & (body.rest[0][plates, 2] < 0.35)]  # greaves
    bent = body.posed(Pose({"LeftLeg": turned(0, 80)}, np.eye(4)))[0]
    spans = [np.linalg.norm(at[left] - at[left].mean(0), axis=1) for at in (body.rest[0], bent)]
    assert np.abs(spans[0] - spans[1]).max() < 1e-4
    assert part(body, "top_plates").finish == "steel"


@pytest.mark.parametrize("hat", ["hood", "mask_hood", "knight_helmet"])
def test_no_scalp_shows_through_what_encloses_the_head(hat):
    body = build_body(person({"hat": hat}), "realistic")
    shell, skin = (body.rest[0][np.unique(part(body, name).triangles)] for name in ("hat", "skin"))
    assert skin[:, 2].max() < shell[:, 2].max() - 0.01


def test_boots_end_beneath_trousers_that_fall_over_them():
    wide, bare = (build_body(person({"shoes": "boots", "bottom": kind}), "realistic") for kind in ("wide_trousers", "shorts"))
    tops = [body.rest[0][np.unique(part(body, "shoes").triangles), 2].max() for body in (wide, bare)]
    assert tops[0] < tops[1] - 0.05


@pytest.mark.parametrize(
    ("role", "worn"),
    [("knight", {"armour", "knight_helmet"}), ("pirate", {"tricorn"}), ("judge", {"judge_robe"}), ("doctor", {"stethoscope"})],
)
def test_a_role_is_known_by_its_clothes(role, worn):
    clothes = direct(f"a {role} stands in the park", seconds=1, width=64, height=36, seed=0).storyboard.characters[0].clothes
    assert worn <= {item.kind for _, item in clothes if item is not None}


@pytest.fixture(scope="module")
def picture():
    stage, view = build_stage("park"), View((0, -2.2, 1.25), (0, 0, 1.2), 18)
    with Renderer(120, 120) as renderer:

        @cache
        def drawn(character):
            body = build_body(character, "realistic")
            return renderer.frame(view, stage, [], [(body, *body.posed(Pose({}, np.eye(4))))], "realistic", 0.0)[50:80, 45:75].astype(int)

        yield drawn


def test_freckles_reach_the_picture():
    stage, faces = build_stage("park"), []
    with Renderer(160, 160) as renderer:
        for freckles in (0.0, 1.0):
            body = build_body(person(skin="#f0cdb0", freckles=freckles), "realistic")
            x, y, z = body.landmarks["nose"]
            view = View((x, y - 0.7, z), (x, y, z), 14)
            faces.append(renderer.frame(view, stage, [], [(body, *body.posed(Pose({}, np.eye(4))))], "realistic", 0.0).astype(int))
    assert np.mean(faces[0] - faces[1] > 8) > 0.01


@pytest.mark.parametrize("pattern", ["striped", "checked", "dotted", "floral"])
def test_patterns_reach_the_picture(picture, pattern):
    plain, patterned = (picture(person({"top": "tshirt"}, {"pattern": name, "accent": "#ffffff"})) for name in ("plain", pattern))
    assert (patterned[..., 0] > plain[..., 0].max() + 25).mean() > 0.08


def test_colours_reach_the_picture(picture):
    blue = picture(person({"top": "tshirt"})).reshape(-1, 3).mean(0)
    assert blue[2] > 1.4 * blue[0]
