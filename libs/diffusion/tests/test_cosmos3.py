"""Cosmos3 with random weights: what steers a shot, what is kept of a take, and what is refused. The pictures are noise."""

import dataclasses

import numpy as np
import pytest
import torch
from kinora_diffusion.contract import Keyframe, ShotAsked
from kinora_diffusion.cosmos3 import load
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import BadWeights, Weights
from kinora_engine.contract import Refused

pytestmark = pytest.mark.timeout(300)  # torch and its company take their time to be imported
WIDTH, HEIGHT, FRAMES = 64, 32, 17
SHOT = ShotAsked("a dog runs", "", WIDTH, HEIGHT, FRAMES, seed=1)


@pytest.fixture(scope="session")
def taken(cosmos3):
    return shot(cosmos3)


def shot(cosmos3, on_step=lambda *_: None, **changes):
    return cosmos3.shoot(dataclasses.replace(SHOT, **changes), on_step)


def picture(seed=0, width=WIDTH, height=HEIGHT):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)


def same(one, other):
    return torch.equal(one.video, other.video) and torch.equal(one.audio, other.audio)


def alike(one, other):
    return float(torch.corrcoef(torch.stack([one.float().flatten(), other.float().flatten()]))[0, 1])


def test_words_become_pictures_with_as_much_sound(cosmos3, taken):
    pictures, sound = cosmos3.develop(taken)
    assert pictures.shape == (FRAMES, HEIGHT, WIDTH, 3)
    assert pictures.dtype == np.uint8
    assert sound.shape == (2, FRAMES * 2000)
    assert np.abs(sound).max() <= 1


def test_frames_last_as_long_as_asked_at_least(cosmos3):
    assert [cosmos3.frames(seconds) for seconds in (0.01, 0.5, 1, 4, 49 / 24)] == [5, 13, 25, 97, 49]


def test_the_same_seed_gives_the_same_take_another_seed_or_other_words_another(cosmos3, taken):
    assert same(shot(cosmos3), taken)
    assert not same(shot(cosmos3, seed=2), taken)
    assert not same(shot(cosmos3, prompt="a cat sleeps"), taken)


def test_a_negative_prompt_changes_the_take(cosmos3, taken):
    assert not same(shot(cosmos3, negative_prompt="blurred"), taken)


def test_every_step_is_told_and_drafts_have_fewer(cosmos3):
    full, draft = [], []
    shot(cosmos3, lambda *step: full.append(step))
    shot(cosmos3, lambda *step: draft.append(step), few_steps=True)
    assert full == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert draft == [(1, 2), (2, 2)]


def test_what_a_step_raises_ends_the_shot_and_leaves_the_weights_as_they_were(cosmos3, taken):
    def stop(done, of):
        raise KeyError("nobody waits")

    with pytest.raises(KeyError, match="nobody waits"):
        shot(cosmos3, stop, changed=taken, prompt="stopped")
    assert same(shot(cosmos3), taken)


def test_first_last_and_other_pictures_are_held_in_their_latent_frames(cosmos3):
    pictures = picture(1), picture(2), picture(3)
    take = shot(cosmos3, keyframes=(Keyframe(pictures[0], 0), Keyframe(pictures[1], 7), Keyframe(pictures[2], -1)))
    still = [shot(cosmos3, seed=9, keyframes=(Keyframe(each, frame),)) for each, frame in zip(pictures, (0, 7, -1), strict=True)]
    for latent, other in zip((0, 2, 4), still, strict=True):
        assert alike(take.video[:, :, latent], other.video[:, :, latent]) > 0.9  # coded after other pictures, from other noise


def test_pictures_that_cannot_be_kept_as_asked_are_refused_by_name(cosmos3):
    with pytest.raises(Refused, match="4 frames apart") as close:
        shot(cosmos3, keyframes=(Keyframe(picture(), 5), Keyframe(picture(), 8)))
    with pytest.raises(Refused, match="strength has to be 1") as weak:
        shot(cosmos3, keyframes=(Keyframe(picture(), 0, 0.5),))
    assert (close.value.code, weak.value.code) == ("keyframes_too_close", "unsupported_strength")


def test_a_shot_goes_on_from_the_end_of_another_in_picture_and_sound(cosmos3, taken):
    before = dataclasses.replace(taken, frames=FRAMES - 2)
    after = shot(cosmos3, before=before, prompt="it stops")
    pictures, sound = cosmos3.develop(after)
    assert (len(pictures), sound.shape[1], after.lead) == (FRAMES, FRAMES * 2000, 4)
    held = before.audio[:, : round((FRAMES - 2) / 24 * 25)][:, -5:]  # 5 of 25 latents a second last as long as 5 of 24 pictures
    assert torch.equal(after.audio[:, :5], held)


def test_what_a_shot_goes_on_from_is_not_what_another_does(cosmos3, taken):
    assert not same(shot(cosmos3, before=taken), shot(cosmos3, before=shot(cosmos3, seed=5)))


def test_references_steer_the_shot_and_are_not_shown(cosmos3):
    take = shot(cosmos3, references=(picture(1, 40, 60), picture(2, 90, 30)))
    assert take.lead == 5
    assert cosmos3.develop(take)[0].shape == (FRAMES, HEIGHT, WIDTH, 3)
    assert not same(take, shot(cosmos3, references=(picture(3, 40, 60), picture(2, 90, 30))))


def test_references_go_before_what_the_shot_goes_on_from(cosmos3, taken):
    take = shot(cosmos3, references=(picture(),), before=taken, keyframes=(Keyframe(picture(4), -1),))
    assert take.lead == 8
    assert len(cosmos3.develop(take)[0]) == FRAMES


def test_a_change_keeps_what_it_changes_as_closely_as_asked(cosmos3, taken):
    near, far = (shot(cosmos3, changed=taken, changed_strength=kept, prompt="a cat", seed=3) for kept in (0.75, 0.25))
    assert alike(near.audio, taken.audio) > alike(far.audio, taken.audio) > abs(alike(shot(cosmos3, seed=3).audio, taken.audio))


def test_a_draft_is_finished_at_twice_its_size_with_its_own_sound(cosmos3):
    draft = shot(cosmos3, width=32, height=16, few_steps=True)
    done = []
    finished = shot(cosmos3, lambda *step: done.append(step), draft=draft, seed=8)
    assert cosmos3.develop(finished)[0].shape == (FRAMES, HEIGHT, WIDTH, 3)
    assert done == [(1, 2), (2, 2)]
    assert alike(finished.audio, draft.audio) > 0.05 > abs(alike(shot(cosmos3, seed=8).audio, draft.audio))


def test_the_simulators_pictures_lead_the_shot(cosmos3):
    guides = [np.stack([picture(seed)] * FRAMES) for seed in (1, 2)]
    one, other = (shot(cosmos3, guide=guide) for guide in guides)
    assert not same(one, other)


def test_styles_change_the_shot_and_are_taken_off_again(cosmos3, taken):
    inky, both = shot(cosmos3, loras=("inky",)), shot(cosmos3, loras=("inky", "sunny"))
    assert not same(inky, taken)
    assert not same(inky, both)
    assert same(shot(cosmos3), taken)


def test_sizes_between_those_that_can_be_made_are_made_a_little_larger(cosmos3):
    assert cosmos3.develop(shot(cosmos3, width=60, height=36))[0].shape == (FRAMES, 48, 64, 3)


def test_a_take_has_a_small_preview(cosmos3, taken):
    assert cosmos3.preview(taken).shape == (HEIGHT, WIDTH, 3)


def test_the_sheet_says_that_the_weights_are_random_and_what_they_are_asked_for(cosmos3):
    sheet = cosmos3.sheet()
    assert not sheet.trained
    assert sheet.notes[0] == "Random weights: what this engine makes is noise."
    assert (sheet.first_frame, sheet.last_frame, sheet.remix, sheet.extend, sheet.finish, sheet.sound) == (True,) * 6
    assert (sheet.cameos, sheet.keyframes, list(sheet.sizes)) == (4, 8, ["128x64", "64x128", "64x64"])
    assert list(sheet.loras) == ["inky", "sunny"]


def test_weights_without_sound_are_refused(tiny_models):
    weights = Weights(tiny_models / "cosmos3")
    weights.manifest = weights.manifest.model_copy(update={"distilled": True})
    with pytest.raises(BadWeights, match="distilled weights make no sound"):
        load(weights, Settings(weights=weights.folder))


@pytest.mark.parametrize(
    ("setting", "named"), [({"attention": "flash"}, "DIFFUSION_ATTENTION"), ({"taylorseer": True}, "DIFFUSION_TAYLORSEER")]
)
def test_settings_that_these_weights_cannot_follow_are_refused_by_name(tiny_models, setting, named):
    weights = Weights(tiny_models / "cosmos3")
    with pytest.raises(ValueError, match=named):
        load(weights, Settings(weights=weights.folder, **setting))
