"""LTX-2 as diffusers runs it: what Kinora's pipeline adds changes nothing that it need not, and every setting makes films."""

import json
import shutil

import numpy as np
import pytest
import torch
from diffusers import LTX2ConditionPipeline
from kinora_diffusion.contract import ShotAsked
from kinora_diffusion.engine import Engine
from kinora_diffusion.grid import framed, middle, padded
from kinora_diffusion.guidance import Guide, nearness
from kinora_diffusion.loading import load as load_engine
from kinora_diffusion.ltx2 import load
from kinora_diffusion.prompts import USUAL_NEGATIVE
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import MANIFEST, Weights
from kinora_testkit.films import ask, board, picture, shot
from kinora_world.storyboard import Storyboard

pytestmark = pytest.mark.timeout(300)

# As trained weights have it, which are not distilled.
SHIFTED = {"use_dynamic_shifting": True, "shift_terminal": 0.1, "base_shift": 0.95, "max_shift": 2.05}


@pytest.fixture(scope="module")
def full_weights(ltx2_weights, tmp_path_factory):
    """Weights that are not distilled, with neither upsampler nor LoRAs."""
    folder = tmp_path_factory.mktemp("full") / "ltx2"
    shutil.copytree(ltx2_weights, folder)
    manifest = json.loads((folder / MANIFEST).read_text()) | {"distilled": False, "upsampler": None, "loras": {}, "ic_loras": {}}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    scheduler = folder / "scheduler" / "scheduler_config.json"
    scheduler.write_text(json.dumps(json.loads(scheduler.read_text()) | SHIFTED | {"base_image_seq_len": 1024, "max_image_seq_len": 4096}))
    return folder


@pytest.fixture(scope="module")
def full(full_weights):
    return load(Weights(full_weights), Settings(weights=full_weights, device="cpu", steps=3, max_sequence_length=128))


def asked(**more):
    given = {"prompt": "A dog runs.", "negative_prompt": "", "width": 64, "height": 64, "frames": 9, "seed": 3} | more
    return ShotAsked(**given)


def taken(pipeline, **more):
    return pipeline.shoot(asked(**more), lambda *_: None)


def test_weights_that_are_not_distilled_are_run_as_the_pipeline_runs_them(full, full_weights):
    pipe = LTX2ConditionPipeline.from_pretrained(full_weights, dtype=torch.float32, local_files_only=True)
    pipe.set_progress_bar_config(disable=True)
    video, audio = pipe(
        prompt="A dog runs.",
        negative_prompt=USUAL_NEGATIVE,
        width=64,
        height=64,
        num_frames=9,
        num_inference_steps=3,
        spatio_temporal_guidance_blocks=[1],
        max_sequence_length=128,
        generator=torch.Generator().manual_seed(3),
        output_type="latent",
        return_dict=False,
    )
    take = taken(full)
    assert torch.allclose(take.video, video, atol=1e-5)
    assert torch.allclose(take.audio, audio, atol=1e-5)


def test_a_folder_without_upsampler_and_loras_offers_less(full):
    sheet = full.sheet()
    assert (sheet.finish, sheet.cameos, list(sheet.loras)) == (False, 0, [])
    assert sheet.remix


def test_the_simulators_first_picture_leads_where_no_lora_follows_depth(full):
    assert full.guided_by == "pictures"
    guide = np.stack([picture(seed=4)] * 9)
    assert not torch.equal(taken(full).video, taken(full, guide=guide).video)


def test_poses_lead_where_a_lora_follows_them(ltx2_weights, tmp_path):
    shutil.copytree(ltx2_weights, folder := tmp_path / "ltx2")
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["ic_loras"] = {"pose": manifest["ic_loras"]["depth"]}
    (folder / MANIFEST).write_text(json.dumps(manifest))
    posed = load(Weights(folder), Settings(weights=folder, device="cpu", max_sequence_length=128))
    assert posed.guided_by == "pose"
    still, moved = (np.stack([picture(seed=seed)] * 9) for seed in (4, 5))
    assert not torch.equal(taken(posed, guide=still).video, taken(posed, guide=moved).video)


@pytest.mark.slow
def test_the_simulator_draws_poses_for_who_asks(room):
    storyboard = Storyboard.model_validate(board(shot(0.5)))
    drawn = Guide(storyboard, {}, (128, 128), room, 24).shot(0, 14, "pose")
    assert drawn.shape == (14, 128, 128, 3)
    assert {(255, 255, 0), (85, 255, 0)} <= {tuple(map(int, colour)) for colour in drawn[0].reshape(-1, 3)}  # both hands
    assert np.array_equal(drawn[-1], drawn[-2])  # the shot is shorter, and stands still


@pytest.mark.parametrize(
    "told", [{"taylorseer": True}, {"fp8": True}, {"offload": True}, {"tiling": True}, {"dtype": "bfloat16"}, {"guidance_scale": 3.0}]
)
def test_every_way_to_save_makes_films_that_can_be_made_again(ltx2_weights, told):
    pipeline = load(Weights(ltx2_weights), Settings(weights=ltx2_weights, device="cpu", max_sequence_length=128, **told))
    once, again = (taken(pipeline, loras=("inky",)) for _ in range(2))
    assert torch.equal(once.video, again.video)
    frames, sound = pipeline.develop(once)
    assert (frames.shape, sound.shape) == ((9, 64, 64, 3), (2, 9000))


@pytest.mark.parametrize(("seconds", "frames"), [(0.04, 9), (0.5, 17), (1, 25), (2.3, 57), (5, 121), (20, 481)])
def test_a_shot_has_frames_that_fill_whole_latents(ltx2, seconds, frames):
    assert ltx2.frames(seconds) == frames


def test_a_size_between_latents_is_the_middle_of_a_larger_one(ltx2):
    frames, _ = ltx2.develop(taken(ltx2, width=96, height=90))
    assert frames.shape[1:3] == (96, 96)
    assert middle(frames, 96, 90).shape[1:3] == (90, 96)
    assert framed(picture(40, 40), 96, 64).shape == (64, 96, 3)
    assert np.array_equal(middle(padded(picture(96, 90), 96, 96)[None], 96, 90)[0], picture(96, 90))


def test_a_shot_that_goes_on_begins_with_the_end_of_the_one_before(ltx2):
    before = taken(ltx2, frames=17)
    follow, elsewhere = taken(ltx2, before=before, frames=17), taken(ltx2, before=taken(ltx2, seed=9, frames=17), frames=17)
    assert (follow.lead, follow.video.shape[2]) == (8, 4)
    assert not torch.allclose(follow.video[:, :, :2], elsewhere.video[:, :, :2], atol=1e-3)
    assert torch.allclose(follow.audio[:, :, :8], before.audio[:, :, 8:16], atol=1e-4)


def test_depth_is_grey_and_near_is_white():
    depth = np.array([[[1.0, 2.0], [4.0, np.inf]]])
    assert nearness(depth)[0, :, :, 0].tolist() == [[255, 128], [64, 0]]


@pytest.mark.slow
def test_struck_things_are_heard_where_the_simulator_leads(ltx2, room, tmp_path):
    ball = {"id": "ball", "kind": "basketball", "position": [0.5, -1, 1.2]}
    storyboard, heard = board(shot(1.0, props=[ball])), []
    for loud in (0.0, 1.0):
        result = Engine(ltx2, world_sounds=loud).render(ask(storyboard, f"films/{loud}", guidance="world"), room)
        heard.append((tmp_path / result.audio_key).read_bytes())
    assert heard[0] != heard[1]


def test_an_engine_is_loaded_by_its_settings_alone(ltx2_weights, monkeypatch):
    monkeypatch.setenv("DIFFUSION_WEIGHTS", str(ltx2_weights))
    monkeypatch.setenv("DIFFUSION_DEVICE", "cpu")
    sheet = load_engine(Settings()).sheet()
    assert (sheet.engine, sheet.engine_version, sheet.licence.id) == ("kinora-ltx2", "tiny-random", "none")
    assert list(sheet.sizes) == ["128x64", "64x128", "64x64"]
