"""A tiny LTX-2 and a tiny Cosmos3, each loaded once, and a place to make films in."""
# ruff: noqa: PLC0415 - torch is imported by the tests that need it

import pytest
from kinora_engine.contract import Cancelled
from kinora_testkit.films import Room


@pytest.fixture
def room(tmp_path):
    return Room(tmp_path, Cancelled())


@pytest.fixture(scope="session")
def ltx2_weights(tmp_path_factory):
    import torch
    from kinora_diffusion.tiny.ltx2 import build

    torch.set_num_threads(1)
    folder = tmp_path_factory.mktemp("tiny-ltx2")
    build(folder)
    return folder


@pytest.fixture(scope="session")
def ltx2(ltx2_weights):
    from kinora_diffusion.ltx2 import load
    from kinora_diffusion.settings import Settings
    from kinora_diffusion.weights import Weights

    settings = Settings(weights=ltx2_weights, device="cpu", max_sequence_length=512, overlap_frames=8, threads=1)
    return load(Weights(ltx2_weights), settings)


@pytest.fixture(scope="session")
def engine(ltx2):
    from kinora_diffusion.engine import Engine

    return Engine(ltx2)


@pytest.fixture(scope="session")
def cosmos3(tiny_models):
    import torch
    from kinora_diffusion.cosmos3 import load
    from kinora_diffusion.settings import Settings
    from kinora_diffusion.weights import Weights

    torch.set_num_threads(1)
    folder = tiny_models / "cosmos3"
    return load(Weights(folder), Settings(weights=folder, device="cpu", steps=4, draft_steps=2, threads=1))
