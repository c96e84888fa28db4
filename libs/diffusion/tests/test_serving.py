"""What a model's parameters and the environment come to, and what is wrong with them: told before anything is loaded."""

import json

import pytest
from kinora_diffusion.licences import LicenceNotAccepted
from kinora_diffusion.serving import serve, settings_of
from kinora_diffusion.weights import BadWeights
from kinora_engine.contract import Instance


@pytest.fixture
def weights(tmp_path):
    told = {"family": "ltx2", "version": "2.3", "licence": "ltx-2-community", "random": False}
    (tmp_path / "kinora.json").write_text(json.dumps(told))
    return tmp_path


def test_a_models_own_parameters_win_over_the_environment(monkeypatch):
    monkeypatch.setenv("DIFFUSION_WEIGHTS", "/weights/any")
    monkeypatch.setenv("DIFFUSION_THREADS", "3")
    settings = settings_of(Instance("ltx2", parameters={"weights": "/weights/ltx2", "FORCE_CPU_ONLY_INPUT_TENSORS": "yes"}))
    assert (str(settings.weights), settings.threads) == ("/weights/ltx2", 3)


def test_an_instance_computes_on_its_own_gpu_if_nothing_else_is_told():
    devices = [settings_of(Instance("ltx2", gpu=1, parameters={"weights": "/w"} | more)).device for more in ({}, {"device": "cpu"})]
    assert devices == ["cuda:1", "cpu"]


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({}, "weights: Field required"),
        ({"weights": "/w", "wieghts": "/w"}, "there is no parameter 'wieghts'; there are weights, "),
        ({"weights": "/w", "threads": "many"}, "threads: Input should be a valid integer"),
    ],
)
def test_settings_that_cannot_be_are_named(monkeypatch, parameters, told):
    monkeypatch.delenv("DIFFUSION_WEIGHTS", raising=False)
    with pytest.raises(ValueError, match=told):
        settings_of(Instance("ltx2", parameters=parameters))


def test_weights_that_are_missing_or_another_familys_are_named(weights):
    with pytest.raises(BadWeights, match=r"/nowhere: there is no such folder"):
        serve(Instance("ltx2", parameters={"weights": "/nowhere"}))
    with pytest.raises(BadWeights, match="these are weights of ltx2, and the model cosmos3 was given them"):
        serve(Instance("cosmos3", parameters={"weights": str(weights)}))


def test_a_licence_that_was_not_accepted_is_shown_with_its_terms(weights, monkeypatch):
    monkeypatch.delenv("KINORA_LICENCE_ACCEPTED", raising=False)
    with pytest.raises(LicenceNotAccepted, match="A-20"):
        serve(Instance("ltx2", parameters={"weights": str(weights)}))
