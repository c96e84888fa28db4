"""The likeness of a person, taken from the clip in which they enrolled."""

import io
import json
import zipfile
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinora_faces.challenge import Challenge, Item, Move
from kinora_faces.likeness import BadLikeness, Likeness, take_likeness
from kinora_faces.matching import SAME, distance
from kinora_faces.mesh import FaceMesh
from kinora_faces.recogniser import face_vector
from kinora_media.clip import BadClip
from kinora_testkit.enrolment import Take
from kinora_testkit.enrolment.filming import film

ITEMS = (
    Item(1.1, "banana"),
    Item(2.4, move=Move.LEFT),
    Item(4.3, "window"),
    Item(5.5, move=Move.UP),
    Item(7.4, move=Move.RIGHT),
)


@pytest.fixture(scope="session")
def clips(enrolment):
    asked = Challenge("en", ITEMS, 9.2, 3.0)
    return {person: enrolment("genuine", asked, Take(seed=5, person=person, voice="en-us+m3")).clip for person in ("eileen", "grace")}


@pytest.fixture(scope="session")
def eileen(clips):
    return take_likeness(clips["eileen"], voice=True)


@pytest.fixture(scope="session")
def grace(clips):
    return take_likeness(clips["grace"], voice=False)


def vector_of(picture):
    with FaceMesh(still=True) as mesh:
        return face_vector(picture, mesh.find(picture)[0])


def test_every_view_is_of_the_person_and_of_nobody_else(eileen, grace):
    for mine, other in ((eileen, grace), (grace, eileen)):
        ahead = vector_of(mine.frontal)
        assert distance(ahead, mine.vector) < 0.3
        assert all(distance(ahead, vector_of(view.picture)) < SAME < distance(ahead, vector_of(other.frontal)) for view in mine.views)


def test_five_views_look_ahead_left_right_up_and_halfway(eileen):
    assert len(eileen.views) == 5
    assert max(abs(eileen.views[0].yaw), abs(eileen.views[0].pitch)) < 5
    assert eileen.views[1].yaw > 15
    assert eileen.views[2].yaw < -15
    assert eileen.views[3].pitch > 12


def test_the_texture_is_skin_where_a_face_was_seen(eileen):
    assert eileen.certainty[256, 200:312].min() > 200  # across the nose
    assert eileen.certainty[:, 0].max() == 0
    cheek = eileen.texture[300:320, 190:200].mean((0, 1))
    assert np.abs(cheek - [int(eileen.skin[i : i + 2], 16) for i in (1, 3, 5)]).max() < 60


def test_the_cut_out_holds_the_head_and_leaves_the_room(eileen):
    side = len(eileen.cutout)
    assert eileen.cutout.shape == eileen.frontal.shape[:2]
    assert eileen.cutout[side // 2, side // 2] == 255
    assert eileen.cutout[side // 8 :, : side // 12].mean() < 40


def test_colours_are_those_of_the_person(eileen, grace):
    def rgb(colour):
        return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]

    assert rgb(eileen.hair)[0] > rgb(eileen.hair)[2] + 20  # brown
    assert max(rgb(grace.hair)) < 60  # a black cap covers her hair
    assert all(rgb(likeness.skin)[0] > rgb(likeness.skin)[2] for likeness in (eileen, grace))
    assert max(rgb(grace.clothes[0])) < 60  # a black coat


def test_a_voice_is_kept_only_where_it_was_consented_to(eileen, grace):
    assert len(eileen.voice.vector) == 256
    assert 70 < eileen.voice.pitch_hz < 160  # a man's, of the synthesiser
    assert grace.voice is None


def test_a_likeness_comes_back_from_its_bytes(eileen):
    again = Likeness.from_bytes(eileen.to_bytes())
    assert again.vector == eileen.vector
    assert (again.skin, again.hair, again.clothes, again.voice) == (eileen.skin, eileen.hair, eileen.clothes, eileen.voice)
    assert [(v.yaw, v.pitch) for v in again.views] == [(v.yaw, v.pitch) for v in eileen.views]
    assert np.array_equal(again.texture, eileen.texture)
    assert np.array_equal(again.cutout, eileen.cutout)
    assert again.landmarks == pytest.approx(eileen.landmarks, abs=1e-6)


def test_an_engine_finds_a_textured_mesh_in_the_bytes(eileen):
    with zipfile.ZipFile(io.BytesIO(eileen.to_bytes())) as archive:
        assert json.loads(archive.read("about.json"))["kind"] == "person"
        mesh = {name: np.load(io.BytesIO(archive.read(f"{name}.npy"))) for name in ("landmarks", "uv", "triangles")}
    assert mesh["landmarks"].shape == (468, 3)
    assert mesh["uv"].shape == (468, 2)
    assert 0 <= mesh["uv"].min() < mesh["uv"].max() <= 1
    assert set(np.unique(mesh["triangles"])) == set(range(468))


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_broken_bytes_are_refused_as_such(eileen, data):
    whole = eileen.to_bytes()
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = data.draw(st.sampled_from([whole[:at], whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :], whole[at:]]))
    with suppress(BadLikeness):  # a byte of a picture may be another; anything else that is raised is wrong
        Likeness.from_bytes(broken)


def test_what_is_wrong_with_bytes_is_said_in_words(eileen):
    with pytest.raises(BadLikeness, match="no likeness"):
        Likeness.from_bytes(b"")
    later = eileen.to_bytes().replace(b'"version": 1', b'"version": 2')
    with pytest.raises(BadLikeness, match=r"version 2 on layout 1; 1 and 1 are read|CRC"):
        Likeness.from_bytes(later)


def test_a_clip_without_a_face_has_no_likeness():
    wall = np.full((120, 160, 3), 120, np.uint8)
    clip = film([wall] * 24, np.arange(24) / 12, np.zeros(96_000, np.float32))
    with pytest.raises(BadClip) as refused:
        take_likeness(clip, voice=False)
    assert refused.value.reason == "NO_FACE"
