"""The same engine makes films with a tiny Cosmos3 of random weights."""

import av
import pytest
import torch
from kinora.engine.v1 import engine_pb2 as pb
from kinora_diffusion import takes
from kinora_diffusion.engine import Engine
from kinora_engine.contract import Cancelled, Refused
from kinora_media.film import Picture, film
from kinora_testkit.films import ask, board, picture, shot
from kinora_testkit.likenesses import packed, pet
from PIL import Image

pytestmark = pytest.mark.timeout(300)  # torch and its company take their time to be imported


@pytest.fixture
def make(cosmos3, room, tmp_path):
    """Makes a film; gives its result and its takes."""

    def made(storyboard=None, prefix="films/a", **more):
        result = Engine(cosmos3).render(ask(storyboard, prefix, **more), room)
        return result, takes.read(tmp_path / result.take_key)

    return made


@pytest.fixture
def opening(room):
    """Conditioning on a stored picture."""
    Image.fromarray(picture(seed=5)).save(room.folder / "led.png")
    return lambda kind, **more: [pb.Conditioning(kind=kind, key="led.png", **more)]


def by(kind, result):
    return [pb.Conditioning(kind=kind, key=result.take_key)]


def same(one, other):
    return all(torch.equal(a.video, b.video) and torch.equal(a.audio, b.audio) for a, b in zip(one.takes, other.takes, strict=True))


def test_words_become_a_film_with_sound(make, tmp_path):
    result, found = make()
    assert sum(isinstance(part, Picture) for part in film(tmp_path / result.video_key)) == 12
    with av.open(tmp_path / result.audio_key) as sound:
        assert sum(frame.samples for frame in sound.decode(audio=0)) == 24_000
    assert found.about.family == result.engine == "kinora-cosmos3"
    assert "Random weights: what this engine makes is noise." in result.notes
    assert not result.trained


def test_a_film_that_nobody_waits_for_ends_within_a_step(make, room, tmp_path):
    room.leave_after = 2
    with pytest.raises(Cancelled):
        make()
    assert room.steps == 2
    assert not (tmp_path / "films").exists()


@pytest.mark.parametrize("kind", ["FIRST_FRAME", "LAST_FRAME", "KEYFRAME"])
def test_pictures_steer_a_film(make, opening, kind):
    _, led = make(conditioning=opening(f"CONDITIONING_KIND_{kind}", at_s=0.3 if kind == "KEYFRAME" else 0))
    assert not same(make()[1], led)


def test_a_picture_that_is_to_be_kept_loosely_is_refused(make, opening):
    with pytest.raises(Refused, match="strength has to be 1"):
        make(conditioning=opening("CONDITIONING_KIND_FIRST_FRAME", strength=0.5))


def test_a_remix_is_made_of_the_film_it_changes(make, room):
    source, before = make()
    steps = room.steps
    _, after = make(board(shot(time_of_day="night")), "films/b", conditioning=by("CONDITIONING_KIND_REMIX", source))
    assert room.steps - steps < steps
    assert not same(before, after)


def test_an_extension_keeps_the_film_and_goes_on_from_its_end(make):
    source, before = make()
    _, after = make(board(shot(), shot()), "films/b", conditioning=by("CONDITIONING_KIND_EXTEND", source))
    assert torch.equal(before.takes[0].video, after.takes[0].video)
    assert after.takes[1].lead == 4
    assert torch.equal(after.takes[1].audio[:, :5], before.takes[0].audio[:, 9:14])  # up to the 13th picture, the first not shown


def test_a_draft_is_finished_at_twice_its_size(make):
    draft, rough = make(draft=True, width=32, height=32)
    _, fine = make(prefix="films/b", conditioning=by("CONDITIONING_KIND_FINISH", draft))
    assert [tuple(found.takes[0].video.shape[3:]) for found in (rough, fine)] == [(2, 2), (4, 4)]


def test_a_cameo_leads_the_shot_unseen(make, tmp_path):
    rex = board(maya={"handle": "@rex"})
    result, cameo = make(rex, likenesses=[pb.CastLikeness(handle="@rex", package=packed(pet()))])
    assert cameo.takes[0].lead == 1
    assert sum(isinstance(part, Picture) for part in film(tmp_path / result.video_key)) == 12


def test_a_loop_is_drawn_towards_its_first_picture(make):
    result, _ = make(board(shot(), shot(), loop=True))
    assert "The loop is drawn towards its first picture, and meets it about." in result.notes


def test_the_simulator_leads_a_film(make):
    assert not same(make()[1], make(prefix="films/b", guidance="world")[1])
