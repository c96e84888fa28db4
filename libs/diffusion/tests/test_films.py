"""People ask a diffusion engine for films; a tiny LTX-2 of random weights makes them."""

import json

import av
import numpy as np
import pytest
import torch
from kinora.engine.v1 import engine_pb2 as pb
from kinora_diffusion import takes
from kinora_diffusion.prompts import USUAL_NEGATIVE
from kinora_engine.contract import Cancelled, Refused
from kinora_media.film import Picture, film
from kinora_testkit.films import ask, board, picture, shot
from kinora_testkit.likenesses import packed, pet
from PIL import Image

pytestmark = pytest.mark.timeout(300)  # torch and its company take their time to be imported

FIRST, LAST, KEY = pb.CONDITIONING_KIND_FIRST_FRAME, pb.CONDITIONING_KIND_LAST_FRAME, pb.CONDITIONING_KIND_KEYFRAME
REMIX, EXTEND, FINISH = pb.CONDITIONING_KIND_REMIX, pb.CONDITIONING_KIND_EXTEND, pb.CONDITIONING_KIND_FINISH


@pytest.fixture
def make(engine, room, tmp_path):
    """Makes a film; gives its result and its takes."""

    def made(storyboard=None, prefix="films/a", **more):
        result = engine.render(ask(storyboard, prefix, **more), room)
        return result, takes.read(tmp_path / result.take_key)

    return made


@pytest.fixture
def put(room):
    def stored(key, value=None):
        path = key.replace("/", "-") + ".png"
        Image.fromarray(picture() if value is None else value).save(room_path := room.folder / path)
        return room_path.name

    return stored


def steered(kind, key, **more):
    return [pb.Conditioning(kind=kind, key=key, **more)]


def pictures(path):
    return [part.planes for part in film(path) if isinstance(part, Picture)]


def same(one, other):
    return all(torch.equal(a.video, b.video) and torch.equal(a.audio, b.audio) for a, b in zip(one.takes, other.takes, strict=True))


def test_words_become_a_film_with_its_captions_sound_and_take(make, tmp_path):
    result, found = make(board(shot(dialogue=[{"speaker": "maya", "text": "Hello you!"}])))
    assert len(pictures(tmp_path / result.video_key)) == 12
    assert "<v Maya>Hello you!" in (tmp_path / result.captions_key).read_text()
    with av.open(tmp_path / result.audio_key) as sound:
        assert sum(frame.samples for frame in sound.decode(audio=0)) == 24_000
    assert (found.about.family, found.about.width, found.about.shots[0].seconds) == ("kinora-ltx2", 64, 0.5)
    for key in (result.thumbnail_key, result.spritesheet_key, result.descriptions_key):
        assert (tmp_path / key).stat().st_size > 0


def test_random_weights_are_called_noise(make):
    result, _ = make()
    assert "Random weights: what this engine makes is noise." in result.notes
    assert not result.trained


def test_the_same_request_makes_the_same_film_and_another_seed_another(make):
    _, once = make()
    assert same(once, make()[1])
    assert not same(once, make(board(seed=8))[1])


def test_progress_never_falls_and_shows_pictures(make, room):
    make(board(shot(), shot()))
    fractions = [fraction for fraction, _ in room.told]
    assert fractions == sorted(fractions)
    assert room.steps == 16
    assert "shot 2 of 2, step 8 of 8" in [stage for _, stage in room.told]
    assert room.previews[0].shape == (64, 64, 3)


def test_a_film_that_nobody_waits_for_ends_within_a_step_and_stores_nothing(make, room, tmp_path):
    _, before = make()
    room.leave_after = room.steps + 3
    with pytest.raises(Cancelled):
        make(prefix="films/b")
    assert room.steps == room.leave_after
    assert not (tmp_path / "films/b").exists()
    room.leave_after = None
    assert same(before, make()[1])


def test_memory_that_runs_out_fails_one_film_alone(engine, make, room):
    _, before = make()
    room.leave_after, room._gone = room.steps + 2, torch.OutOfMemoryError("out of memory")
    with pytest.raises(torch.OutOfMemoryError):
        make(prefix="films/b")
    room.leave_after = None
    assert same(before, make()[1])


def test_a_story_of_shots_is_cut_where_the_storyboard_says(make, tmp_path):
    result, found = make(board(shot(0.5), shot(0.75, transition="fade"), shot(0.6)))
    happened = json.loads((tmp_path / result.events_key).read_text())
    assert happened["cuts"] == [0.5, 1.25]
    assert happened["frames"] == len(pictures(tmp_path / result.video_key)) == 44
    assert [take.frames for take in found.takes] == [17, 25, 17]


@pytest.mark.parametrize(("kind", "more"), [(FIRST, {}), (LAST, {}), (KEY, {"at_s": 0.3}), (FIRST, {"strength": 0.5})])
def test_pictures_steer_a_film(make, put, kind, more):
    _, free = make()
    _, led = make(conditioning=steered(kind, put("led"), **more))
    assert not same(free, led)


def test_a_film_opens_on_the_latent_of_its_first_picture(make, put, ltx2):
    shown = picture(seed=5)
    found = [make(board(seed=seed), conditioning=steered(FIRST, put("led", shown)))[1].takes[0].video for seed in (1, 2)]
    assert torch.allclose(found[0][:, :, 0], found[1][:, :, 0], atol=1e-4)
    assert not torch.allclose(found[0][:, :, 1], found[1][:, :, 1], atol=1e-2)


@pytest.mark.parametrize(
    ("kind", "value", "more", "code"),
    [
        (FIRST, picture(64, 32), {}, "first_frame_size"),
        (LAST, picture(64, 32), {}, "last_frame_size"),
        (KEY, picture(), {"at_s": 9.0}, "keyframe_time"),
    ],
)
def test_pictures_that_cannot_steer_are_refused(make, put, kind, value, more, code):
    with pytest.raises(Refused) as refused:
        make(conditioning=steered(kind, put("wrong", value), **more))
    assert refused.value.code == code


def test_pictures_that_are_none_are_refused(make, room):
    with pytest.raises(Refused, match="is not in the media store"):
        make(conditioning=steered(FIRST, "nowhere.png"))
    room.media.put_now("words.png", b"not a picture", content_type="image/png")
    with pytest.raises(Refused, match="cannot be read; store a PNG, JPEG or WebP"):
        make(conditioning=steered(FIRST, "words.png"))


@pytest.mark.parametrize(("strength", "steps"), [(0.9, 1), (0.0, 3), (0.2, 6)])
def test_the_closer_a_remix_keeps_its_film_the_less_of_it_is_done_again(make, room, strength, steps):
    source, before = make()
    _, after = make(board(shot(time_of_day="night")), "films/b", conditioning=steered(REMIX, source.take_key, strength=strength))
    assert room.steps == 8 + steps
    assert not same(before, after)


def test_a_shot_of_another_length_is_filmed_anew_and_that_is_told(make):
    source, _ = make(board(shot(0.5), shot(0.5)))
    result, _ = make(board(shot(0.5), shot(0.8)), "films/b", conditioning=steered(REMIX, source.take_key))
    assert "Shot 2 is filmed anew: its length is not that of the film that is changed." in result.notes


def test_an_extension_keeps_the_film_and_goes_on_from_its_end(make):
    source, before = make()
    _, after = make(board(shot(), shot()), "films/b", conditioning=steered(EXTEND, source.take_key))
    assert torch.equal(before.takes[0].video, after.takes[0].video)
    assert after.takes[1].lead == 8
    assert torch.allclose(after.takes[1].audio[:, :, :8], _tail(before.takes[0], 8), atol=1e-4)


def _tail(take, count):
    """The sound's latents up to the first frame that is not shown: 12 of 17 are."""
    first = round(4 / 24 * 25)
    return take.audio[:, :, first : first + count]


def test_an_extension_elsewhere_does_not_look_back(make):
    source, _ = make()
    _, after = make(board(shot(), shot(place="office")), "films/b", conditioning=steered(EXTEND, source.take_key))
    assert after.takes[1].lead == 0


def test_a_draft_is_half_the_size_in_few_steps_and_is_finished_as_it_was(make, room, tmp_path):
    draft, rough = make(draft=True, width=32, height=32)
    assert room.steps == 4
    result, fine = make(prefix="films/b", conditioning=steered(FINISH, draft.take_key))
    assert rough.about.draft
    assert [tuple(found.takes[0].video.shape[3:]) for found in (rough, fine)] == [(2, 2), (4, 4)]
    assert pictures(tmp_path / result.video_key)[0].shape == (96, 64)


def test_a_film_goes_on_after_its_draft_did(make):
    draft, _ = make(draft=True, width=32, height=32)
    longer, _ = make(board(shot(), shot()), "films/b", draft=True, width=32, height=32, conditioning=steered(EXTEND, draft.take_key))
    _, fine = make(board(shot(), shot()), "films/c", conditioning=steered(FINISH, longer.take_key))
    assert [(take.frames, take.lead) for take in fine.takes] == [(17, 0), (17, 8)]


@pytest.mark.parametrize(
    ("kind", "storyboard", "more", "code"),
    [
        (EXTEND, board(shot()), {}, "take_of_another_film"),
        (EXTEND, board(shot(0.9), shot()), {}, "take_of_another_film"),
        (EXTEND, board(shot(), shot()), {"width": 128}, "take_size"),
        (FINISH, board(shot()), {}, "take_size"),
        (FINISH, board(shot(), shot()), {"width": 128, "height": 128}, "invalid_size"),
    ],
)
def test_takes_that_do_not_fit_are_refused(make, kind, storyboard, more, code):
    source, _ = make()
    with pytest.raises(Refused) as refused:
        make(storyboard, "films/b", conditioning=steered(kind, source.take_key), **more)
    assert refused.value.code == code


def test_takes_of_other_weights_and_broken_ones_are_refused(make, room, tmp_path):
    source, found = make()
    other = found.about.model_copy(update={"weights": "2.3-distilled"})
    takes.write(tmp_path / "other.safetensors", other, found.takes)
    with pytest.raises(Refused, match=r"was made by kinora-ltx2 2.3-distilled, and this is kinora-ltx2 tiny-random"):
        make(conditioning=steered(REMIX, "other.safetensors"))
    room.media.put_now("cut.safetensors", (tmp_path / source.take_key).read_bytes()[:-9], content_type="")
    with pytest.raises(Refused, match="is no safetensors file, or is cut short"):
        make(conditioning=steered(REMIX, "cut.safetensors"))


def test_a_cameo_is_referred_to(make):
    rex = board(maya={"handle": "@rex"})
    _, stand_in = make(rex)
    result, cameo = make(rex, likenesses=[pb.CastLikeness(handle="@rex", package=packed(pet()))])
    assert not same(stand_in, cameo)
    assert not [note for note in result.notes if "stand-in" in note]


def test_a_likeness_of_nobody_in_the_storyboard_is_refused(make):
    with pytest.raises(Refused, match="belongs to nobody in the storyboard"):
        make(likenesses=[pb.CastLikeness(handle="@rex", package=packed(pet()))])


def test_styles_of_the_folder_are_used_by_name(make, engine):
    assert list(engine.sheet().loras) == ["inky", "sunny"]
    plain, inky, sunny = make()[1], make(loras=["inky"])[1], make(loras=["sunny"])[1]
    assert not same(plain, inky)
    assert not same(inky, sunny)
    assert same(plain, make()[1])


def test_a_style_that_is_not_in_the_folder_is_refused_with_those_that_are(make):
    with pytest.raises(Refused, match="there is no LoRA 'oily'; there are inky, sunny"):
        make(loras=["oily"])


def test_a_negative_prompt_is_minded(make):
    assert not same(make()[1], make(negative_prompt="umbrellas")[1])
    assert "subtitles" in USUAL_NEGATIVE


def test_a_loop_of_one_shot_ends_where_it_begins(make, tmp_path):
    result, _ = make(board(shot(1.0), loop=True))
    shown = [planes.astype(float) for planes in pictures(tmp_path / result.video_key)]
    assert np.abs(shown[0] - shown[-1]).mean() < 0.1 * np.abs(shown[12] - shown[-1]).mean()
    assert [note for note in result.notes if "loop closes with a dissolve" in note]


def test_a_loop_of_shots_is_drawn_towards_its_first_picture(make):
    _, open_ended = make(board(shot(), shot()))
    _, loop = make(board(shot(), shot(), loop=True))
    assert torch.equal(open_ended.takes[0].video, loop.takes[0].video)
    assert not torch.equal(open_ended.takes[1].video, loop.takes[1].video)


@pytest.mark.parametrize(
    ("storyboard", "more", "told"),
    [
        (board(), {"width": 66}, "66x64 is not made here; there are 128x64, 64x128, 64x64, and half of that for drafts"),
        (board(), {"fps": 30}, "30 frames per second; kinora-ltx2 makes 24"),
        (board(shot(20), shot(1)), {}, "21 s are new; 20 s are made in one go"),
        (board(shot(place="atlantis")), {}, r"shots\[0\].place: unknown place 'atlantis'"),
        (board({**shot(), "duration": -1}), {}, r"shots.0.duration: Input should be greater than or equal to 0.5"),
        (board(), {"passes": ["depth"]}, "there is no pass 'depth'"),
        (board(), {"guidance": "dreams"}, "there is no guidance 'dreams'; there are world"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name(make, storyboard, more, told):
    with pytest.raises(Refused, match=told):
        make(storyboard, **more)


@pytest.mark.slow
def test_the_simulator_leads_a_film_and_tells_when_is_spoken(make, tmp_path):
    spoken = board(shot(1.0, dialogue=[{"speaker": "maya", "text": "Hi!"}]))
    _, free = make(spoken)
    result, led = make(spoken, guidance="world")
    assert not same(free, led)
    happened = json.loads((tmp_path / result.events_key).read_text())
    assert [word["word"] for word in happened["words"]] == ["Hi!"]
    assert not [note for note in result.notes if "estimated" in note]
