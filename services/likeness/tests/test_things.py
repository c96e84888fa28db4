"""Pets and objects: a still to draw on, and what is cut out."""

import io

import numpy as np
import pytest
from kinora.likeness.v1 import likeness_service_pb2 as pb
from kinora_faces.likeness import Thing
from kinora_testkit.enrolment.filming import film
from kinora_testkit.enrolment.people import picture
from PIL import Image


def opened(data):
    with Image.open(io.BytesIO(data)) as shown:
        return np.asarray(shown)


def box(left, top, right, bottom, **more):
    return pb.Strokes(**{"from": pb.Point(x=left, y=top)}, to=pb.Point(x=right, y=bottom), **more)


AROUND_REX = box(0.2, 0.25, 0.8, 0.92, keep=[pb.Stroke(points=[pb.Point(x=0.34, y=0.47), pb.Point(x=0.6, y=0.6)])])


async def test_a_dog_is_cut_out_of_its_picture(ask, stored, rex, encoded):
    cut = await ask("CutOut", source_key=await stored(encoded(rex)), strokes=AROUND_REX)
    alone = opened(cut.png)
    assert alone.shape == (pytest.approx(226, abs=12), pytest.approx(286, abs=12), 4)
    assert alone[..., :3][alone[..., 3] > 250].mean(0) == pytest.approx([130, 80, 40], abs=12)
    assert Thing.from_bytes(cut.package) == Thing(cut.png, tuple(cut.colours))


@pytest.fixture(scope="session")
def clip_of_rex(rex):
    """Two seconds: the dog in the second one alone."""
    frames = [np.full_like(rex, 90)] * 12 + [rex] * 12
    return film(frames, np.arange(24) / 12, None)


async def test_a_dog_is_found_in_a_clip_at_its_moment(ask, stored, clip_of_rex, rex):
    key = await stored(clip_of_rex)
    before, after = [opened((await ask("LookAt", source_key=key, at_s=at)).jpeg).astype(int) for at in (0.2, 99)]
    assert before.std() < 3
    assert abs(after - rex).mean() < 12
    assert (await ask("LookAt", source_key=key)).seconds == pytest.approx(23 / 12)
    cut = await ask("CutOut", source_key=key, at_s=1.5, strokes=AROUND_REX)
    assert opened(cut.png).shape[1] == pytest.approx(286, abs=12)


async def test_a_still_is_no_larger_than_a_screen(ask, stored, rex, encoded):
    shown = await ask("LookAt", source_key=await stored(encoded(np.kron(rex, np.ones((4, 4, 1), np.uint8)), "JPEG")))
    assert opened(shown.jpeg).shape == (960, 1280, 3)
    assert shown.seconds == 0


async def test_people_do_not_enter_as_things(ask, stored, refused, encoded, enrolment):
    photo, clip = await stored(encoded(picture("grace"), "JPEG")), await stored(enrolment().clip)
    for rpc, key, more in (("LookAt", photo, {}), ("LookAt", clip, {}), ("CutOut", photo, {"strokes": box(0.05, 0.05, 0.95, 0.95)})):
        with refused("PictureRefused", "source_key", "HUMAN_FACE") as told:
            await ask(rpc, source_key=key, **more)
        assert "enrolling themselves" in told.value.message


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "NOT_A_PICTURE"),
        (b"GIF89a and more", "NOT_A_PICTURE"),
        (bytes(21 * 1024 * 1024), "PICTURE_TOO_LARGE"),
        (b"\0\0\0\x20ftypisom" + bytes(5000), "CUT_OFF"),
        (bytes(41 * 1024 * 1024), "CLIP_TOO_LARGE"),
    ],
    ids=["empty", "GIF", "a large picture", "a broken clip", "a large file"],
)
async def test_what_is_no_picture_is_refused_in_words(ask, stored, refused, data, code):
    with refused("PictureRefused", "source_key", code):
        await ask("LookAt", source_key=await stored(data))


async def test_a_box_around_nothing_keeps_nothing(ask, stored, refused, rex, encoded):
    everywhere = [pb.Stroke(points=[pb.Point(x=0.02, y=0.05), pb.Point(x=0.1, y=0.05)])]
    with refused("PictureRefused", "strokes", "NOTHING_KEPT"):
        await ask("CutOut", source_key=await stored(encoded(rex)), strokes=box(0.02, 0.02, 0.1, 0.1, remove=everywhere, breadth=0.3))


NAN = float("nan")
WRONG = [
    ("strokes", pb.Strokes()),
    ("strokes", box(0.8, 0.2, 0.2, 0.8)),
    ("strokes", box(0, 0, NAN, 1)),
    ("strokes", box(0, 0, 1, 1, breadth=-1)),
    ("strokes", box(0, 0, 1, 1, keep=[pb.Stroke()])),
    ("strokes", box(0, 0, 1, 1, keep=[pb.Stroke(points=[pb.Point(x=2)])])),
    ("strokes", box(0, 0, 1, 1, keep=[pb.Stroke(points=[pb.Point()] * 2001)])),
    ("at_s", NAN),
    ("source_key", "no key"),
]


@pytest.mark.parametrize(("field", "value"), WRONG)
async def test_a_wrong_field_is_named(ask, stored, refused, rex, encoded, field, value):
    fields = {"source_key": await stored(encoded(rex)), "strokes": AROUND_REX} | {field: value}
    with refused("BadField", field):
        await ask("CutOut", **fields)


async def test_a_picture_that_is_not_there_is_not_found(ask, refused):
    with refused("FileNotStored", "source_key"):
        await ask("LookAt", source_key="things/none")
