"""Pets and objects, cut out of pictures by a box and strokes. People are not let in this way."""

import io
import json
import zipfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from kinora_faces.likeness import BadLikeness, BadThing, Likeness, Strokes, Thing, cut_out
from kinora_testkit.enrolment.head import Pose
from kinora_testkit.enrolment.people import PEOPLE, head, picture
from kinora_testkit.enrolment.room import room
from PIL import Image

PICTURES = Path(__file__).parents[3] / ".cache" / "carriers" / "skimage" / "data"
EVERYTHING = Strokes((0.02, 0.02, 0.98, 0.98))


def encoded(rgb, kind="JPEG"):
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, kind)
    return out.getvalue()


@pytest.fixture(scope="session")
def ball():
    """A red ball on grey, with a green one beside it."""
    rgb = np.full((300, 400, 3), 128, np.uint8)
    cv2.circle(rgb, (150, 150), 80, (200, 30, 30), -1)
    cv2.circle(rgb, (300, 150), 50, (30, 160, 40), -1)
    return cv2.GaussianBlur(rgb, (0, 0), 1.5)


def opened(thing):
    with Image.open(io.BytesIO(thing.png)) as png:
        return np.asarray(png)


def test_what_is_in_the_box_is_cut_out_with_its_colours(ball):
    thing = cut_out(encoded(ball), Strokes((0.15, 0.2, 0.6, 0.8)))
    cut = opened(thing)
    assert cut.shape[2] == 4
    assert cut.shape[:2] == (pytest.approx(161, abs=8), pytest.approx(161, abs=8))
    assert cut[80, 80, 3] == 255
    assert cut[3, 3, 3] == 0
    assert int(thing.colours[0][1:3], 16) > 150


def test_an_engine_finds_the_picture_and_its_colours_in_the_bytes(ball):
    thing = cut_out(encoded(ball), Strokes((0.15, 0.2, 0.6, 0.8)))
    with zipfile.ZipFile(io.BytesIO(thing.to_bytes())) as archive:
        assert archive.namelist() == ["about.json", "cutout.png"]
        about = json.loads(archive.read("about.json"))
        assert about == {"format": "kinora-likeness", "version": 1, "kind": "thing", "colours": list(thing.colours)}
        assert archive.read("cutout.png") == thing.png
    assert Thing.from_bytes(thing.to_bytes()) == thing


def test_what_was_around_the_thing_is_not_kept(ball):
    cut = opened(cut_out(encoded(ball), Strokes((0.15, 0.2, 0.6, 0.8))))
    assert not cut[cut[..., 3] == 0].any()


def test_no_side_of_a_cut_out_exceeds_1024_pixels(ball):
    large = np.kron(ball, np.ones((8, 8, 1), np.uint8))
    cut = opened(cut_out(encoded(large), EVERYTHING))
    assert max(cut.shape) <= 1024


def test_other_bytes_are_no_thing():
    for data in (b"", b"PK", Thing(b"png", ("#red",)).to_bytes(), Thing(b"png", ()).to_bytes()[:-9]):
        with pytest.raises(BadLikeness):
            Thing.from_bytes(data)
    with pytest.raises(BadLikeness, match="kind 'thing'"):
        Likeness.from_bytes(Thing(b"png", ()).to_bytes())


def test_strokes_keep_and_remove(ball):
    box, red = (0.15, 0.2, 0.95, 0.8), ((0.3, 0.5), (0.4, 0.5))
    across, down = ((0.65, 0.5), (0.85, 0.5)), ((0.75, 0.36), (0.75, 0.64))
    both = opened(cut_out(encoded(ball, "PNG"), Strokes(box, keep=(red, across))))
    one = opened(cut_out(encoded(ball, "WEBP"), Strokes(box, keep=(red,), remove=(across, down), breadth=0.06)))
    assert both.shape[1] == pytest.approx(281, abs=12)
    assert one.shape[1] == pytest.approx(161, abs=12)


@pytest.mark.parametrize("name", ["chelsea.png", "coffee.png", "clock_motion.png"])
def test_a_cat_a_cup_and_a_clock_are_let_in(name):
    rgb = np.asarray(Image.open(PICTURES / name).convert("RGB"))
    assert opened(cut_out(encoded(rgb), EVERYTHING))[..., 3].any()


def turned(person, **pose):
    return head(person).render(Pose(**pose), room(1))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize(
    "view",
    [
        picture,
        lambda name: np.asarray(Image.fromarray(picture(name)).rotate(45, expand=True)),
        lambda name: turned(name, yaw=30),
    ],
    ids=["upright", "aslant", "turned away"],
)
def test_a_persons_face_is_refused_however_it_is_turned(person, view):
    with pytest.raises(BadThing, match="enrolling themselves") as refused:
        cut_out(encoded(np.ascontiguousarray(view(person))), EVERYTHING)
    assert refused.value.reason == "HUMAN_FACE"


def refusal(data, strokes=EVERYTHING):
    with pytest.raises(BadThing) as refused:
        cut_out(data, strokes)
    assert str(refused.value).endswith(".")
    return refused.value.reason


def test_what_is_no_picture_and_what_is_too_much_is_refused(ball):
    whole = encoded(ball)
    assert refusal(b"") == "NOT_A_PICTURE"
    assert refusal(b"%PDF-1.7") == "NOT_A_PICTURE"
    assert refusal(whole[: len(whole) // 2]) == "NOT_A_PICTURE"
    assert refusal(encoded(np.zeros((4, 9000, 3), np.uint8), "PNG")) == "PICTURE_TOO_LARGE"
    assert refusal(bytes(21 * 1024 * 1024)) == "PICTURE_TOO_LARGE"
    assert refusal(whole, Strokes((0.1, 0.1, 0.11, 0.11), remove=(((0.1, 0.1), (0.11, 0.11)),), breadth=0.1)) == "NOTHING_KEPT"


def test_strokes_that_make_no_sense_are_refused_in_words():
    for wrong, words in (
        ({"box": (0.9, 0, 0.1, 1)}, "left before right"),
        ({"box": (0, 0, 1, float("nan"))}, "within 0 to 1"),
        ({"box": (0, 0, 1, 1), "keep": (((0.5, 7.0),),)}, "within 0 to 1"),
        ({"box": (0, 0, 1, 1), "breadth": 9.0}, "breadth"),
        ({"box": (0, 0, 1, 1), "remove": (((0.5, 0.5),) * 2001,)}, "2001 points"),
    ):
        with pytest.raises(ValueError, match=words):
            Strokes(**wrong)


def test_strokes_survive_json():
    strokes = Strokes((0.1, 0.2, 0.8, 0.9), keep=(((0.3, 0.3), (0.4, 0.5)),), breadth=0.05)
    assert Strokes.from_json(strokes.to_json()) == strokes
