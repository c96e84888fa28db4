"""Pets and objects of somebody's own, in the picture."""

import gc
import weakref

import numpy as np
import pytest
from kinora_testkit.likenesses import BROWN, RED, ball, packed, pet
from kinora_world.cast.creatures.puppet import build_puppet, turned
from kinora_world.likeness import read_likeness
from kinora_world.likeness.cutout import blown_up
from kinora_world.look import Renderer
from kinora_world.render import draw, moment, prepare
from kinora_world.scene import Pose
from kinora_world.storyboard import Character, Mark, Prop, Shot, Storyboard

REX, BALL, FPS = "@ada.rex", "@ada.ball", 12
STYLES = ("realistic", "cartoon", "anime", "claymation", "noir", "watercolour", "pixel", "sketch")


@pytest.fixture(scope="session")
def likenesses():
    return {REX: read_likeness(packed(pet(), BROWN)), BALL: read_likeness(packed(ball(), RED))}


def board(style="realistic", **shot):
    rex = Character(id="rex", name="Rex", handle=REX, species="puppet")
    told = {"duration": 1.0, "place": "park", "style": style, "marks": (Mark(character="rex"),), **shot}
    return Storyboard(characters=(rex,), shots=(Shot.model_validate(told),))


def thrown(**where):
    return (Prop(id="ball", kind="basketball", handle=BALL, position=(0.5, -0.5, 1.0), **where),)


def clip_of(storyboard, likenesses):
    return prepare(storyboard, width=160, height=90, fps=FPS, likenesses=likenesses)


def frame(storyboard, likenesses):
    clip = clip_of(storyboard, likenesses)
    renderer = Renderer(160, 90)
    try:
        return draw(renderer, clip.scenes[0], 6, FPS).astype(int)
    finally:
        renderer.close()


def test_a_disc_is_blown_up_to_a_ball():
    cushion = blown_up(ball())
    assert cushion.width == pytest.approx(1, abs=0.02)
    assert np.ptp(cushion.positions[:, 1]) == pytest.approx(1, abs=0.05)
    assert np.linalg.norm(cushion.positions - (0, 0, 0.5), axis=1) == pytest.approx(0.5, abs=0.04)


def test_a_cushion_is_closed_and_faces_outwards():
    cushion = blown_up(pet())
    edges = np.sort(np.concatenate([cushion.triangles[:, [0, 1]], cushion.triangles[:, [1, 2]], cushion.triangles[:, [2, 0]]]), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] % 2 == 0).all()
    a, b, c = (cushion.positions[cushion.triangles[:, k]] for k in range(3))
    assert np.einsum("ij,ij->i", a, np.cross(b, c)).sum() > 0  # six times its volume


@pytest.mark.parametrize("style", STYLES)
def test_every_style_shows_the_cut_out(likenesses, style):
    own, plain = (frame(board(style), given) for given in (likenesses, {}))
    changed = np.abs(own - plain).max(2) > 20
    assert 100 < changed.sum() < 0.3 * changed.size
    if style not in {"noir", "sketch"}:
        red, green, blue = own[changed].mean(0)
        assert red > green > blue  # a brown dog


def test_a_pet_is_as_high_as_its_kind(likenesses):
    dog = board().model_copy(update={"characters": (Character(id="rex", name="Rex", handle=REX, species="dog", size=2.0),)})
    heights = [clip_of(story, likenesses).scenes[0].bodies["rex"].height for story in (board(), dog)]
    assert heights == pytest.approx([0.5, 1.16])


def test_a_person_in_the_storyboard_whose_likeness_is_a_thing_is_that_thing(likenesses):
    rex = Character(id="rex", name="Rex", handle=REX)
    assert clip_of(board().model_copy(update={"characters": (rex,)}), likenesses).scenes[0].bodies["rex"].height == pytest.approx(0.5)


def test_a_puppet_turns_to_the_camera():
    puppet = build_puppet(pet(), 0.5)
    positions, normals = turned(*puppet.posed(Pose({}, np.eye(4))), (5.0, 0.0, 1.0))
    assert np.ptp(positions[:, 1]) > np.ptp(positions[:, 0])
    assert normals[positions[:, 0].argmax(), 0] > 0.9


def test_a_running_pet_hops_and_a_tired_one_lies_on_its_side(likenesses):
    actions = ({"actor": "rex", "verb": "run", "to": (1.5, 0), "end": 1.2}, {"actor": "rex", "verb": "sleep", "start": 1.4})
    scene = clip_of(board(duration=3.0, actions=actions), likenesses).scenes[0]
    extents = [np.ptp(moment(scene, index, FPS).bodies["rex"][1], axis=0) for index in (0, 35)]
    lowest = [moment(scene, index, FPS).bodies["rex"][1][:, 2].min() for index in range(15)]
    assert max(lowest) > 0.03
    assert extents[1][2] < 0.75 * extents[0][2]


def test_an_object_falls_and_bounces_as_its_kind_does(likenesses):
    seen = clip_of(board(props=thrown()), likenesses).scenes[0]
    heights = [moment(seen, index, FPS).bodies["ball"][1][:, 2].min() for index in range(FPS)]
    assert heights[0] > 0.9
    assert min(heights) < 0.15
    assert max(heights[heights.index(min(heights)) :]) > min(heights) + 0.1
    assert "ball" not in moment(seen, 0, FPS).props


def test_without_a_likeness_stand_ins_are_named(likenesses):
    story = board(props=thrown())
    assert clip_of(story, likenesses).notes == ()
    assert clip_of(story, {}).notes == (
        "@ada.ball is shown by a stand-in: no likeness of it was given.",
        "@ada.rex is shown by a stand-in: no likeness of it was given.",
    )


def test_nothing_of_a_likeness_outlives_its_clip(likenesses):
    clip = clip_of(board(props=thrown()), likenesses)
    next(frames := clip.frames())
    held = [weakref.ref(thing.portrait.picture) for thing in (clip.scenes[0].bodies["rex"], clip.scenes[0].keepsakes["ball"])]
    frames.close()
    del clip, frames
    gc.collect()
    assert all(ref() is None for ref in held)
