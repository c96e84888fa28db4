"""An operator mounts a folder of weights."""

import json

import pytest
from kinora_diffusion.licences import LicenceNotAccepted, check_accepted, known
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import MANIFEST, BadWeights, Weights

RANDOM = {"family": "ltx2", "version": "tiny", "licence": "none", "random": True}


@pytest.fixture
def folder(tmp_path):
    def put(**manifest):
        (tmp_path / MANIFEST).write_text(json.dumps(RANDOM | manifest))
        return tmp_path

    return put


def test_a_missing_folder_is_told_with_what_to_do(tmp_path):
    with pytest.raises(BadWeights, match=r"no such folder; mount the weights there, or name another in DIFFUSION_WEIGHTS"):
        Weights(tmp_path / "nowhere")


def test_a_missing_manifest_is_told_with_an_example(tmp_path):
    with pytest.raises(BadWeights, match=r'holds no kinora.json; write one, e.g. .*"licence": "ltx-2-community"'):
        Weights(tmp_path)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"family": "sora"}, "family: Input should be 'ltx2' or 'cosmos3'"),
        ({"licence": "mine", "random": False}, "licence: Value error, there is no licence 'mine'; known: .*ltx-2-community"),
        ({"licence": "ltx-2-community"}, 'random weights have the licence "none", and only they'),
        ({"random": False}, 'random weights have the licence "none", and only they'),
        ({"loras": {"inky": "inky.safetensors"}}, "names 'inky.safetensors', which is not in the folder"),
        ({"upsampler": "../elsewhere"}, "'../elsewhere' leads out of the folder"),
        ({"sizes": ["big"]}, "sizes.0: String should match"),
    ],
)
def test_a_wrong_manifest_is_told_by_field(folder, wrong, told):
    with pytest.raises(BadWeights, match=told):
        Weights(folder(**wrong))


def test_what_is_no_json_is_told(tmp_path):
    (tmp_path / MANIFEST).write_text("family: ltx2")
    with pytest.raises(BadWeights, match=r"kinora.json: it: Invalid JSON"):
        Weights(tmp_path)


def test_random_weights_need_no_consent(folder):
    check_accepted(Weights(folder()).licence, frozenset())


def test_weights_with_terms_are_refused_with_these_terms_until_they_are_accepted(folder):
    found = Weights(folder(licence="ltx-2-community", random=False)).licence
    with pytest.raises(
        LicenceNotAccepted, match=r"(?s)10 million US dollars.*Clause A-20 bars direct competitors.*KINORA_LICENCE_ACCEPTED"
    ):
        check_accepted(found, {"openmdw-1.1"})
    check_accepted(found, {"openmdw-1.1", "ltx-2-community"})


def test_every_licence_says_where_it_is_written_and_what_it_asks():
    for found in known().values():
        assert found.id == "none" or found.url.startswith("https://")
        assert found.must_be_accepted == bool(found.terms)
        assert all(term.endswith(".") for term in found.terms)


def test_accepted_licences_are_named_in_one_variable(monkeypatch):
    monkeypatch.setenv("KINORA_LICENCE_ACCEPTED", "ltx-2-community, openmdw-1.1")
    monkeypatch.setenv("DIFFUSION_WEIGHTS", "/weights")
    assert Settings().licence_accepted == {"ltx-2-community", "openmdw-1.1"}
