"""Takes are kept beside the film."""

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from kinora_diffusion.contract import Take
from kinora_diffusion.takes import About, BadTakes, ShotTaken, read, write
from safetensors.torch import save_file

pytestmark = pytest.mark.timeout(300)


def about(*frames, **more):
    shots = tuple(ShotTaken(seconds=count / 24, frames=count) for count in frames)
    return About(**{"family": "kinora-ltx2", "weights": "tiny", "seed": 1, "width": 64, "height": 64, "fps": 24, "shots": shots} | more)


@given(
    st.lists(st.tuples(st.integers(1, 300), st.sampled_from([torch.bfloat16, torch.float32])), min_size=1, max_size=4), st.integers(0, 99)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_takes_come_back_as_they_were(tmp_path, shots, seed):
    torch.manual_seed(seed)
    made = [Take(torch.randn(1, 8, 3, 2, 2).to(dtype), torch.randn(1, 2, 5, 16).to(dtype), count) for count, dtype in shots]
    write(tmp_path / "take.safetensors", about(*[count for count, _ in shots]), made)
    found = read(tmp_path / "take.safetensors")
    for one, other in zip(made, found.takes, strict=True):
        assert torch.equal(one.video, other.video)
        assert one.video.dtype == other.video.dtype
        assert (one.frames, one.lead) == (other.frames, other.lead)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "is no safetensors file, or is cut short"),
        (b"\x00" * 64, "is no safetensors file, or is cut short"),
        ({}, "its header is not that of takes"),
        ({"kinora": "{}"}, "its header is not that of takes .wrong: family, weights"),
        ({"kinora": about(17, 17).model_dump_json()}, "it holds the latents 0.audio, 0.video, which are not those of 2 shots"),
    ],
)
def test_what_is_no_take_is_told(tmp_path, content, told):
    path = tmp_path / "take.safetensors"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        save_file({"0.video": torch.zeros(1), "0.audio": torch.zeros(1)}, path, metadata=content or None)
    with pytest.raises(BadTakes, match=told):
        read(path)


def test_latents_that_are_no_numbers_are_told(tmp_path):
    write(tmp_path / "take.safetensors", about(17), [Take(torch.tensor([float("nan")]), torch.zeros(1), 17)])
    with pytest.raises(BadTakes, match=r"its latents 0.video are no finite numbers"):
        read(tmp_path / "take.safetensors")
