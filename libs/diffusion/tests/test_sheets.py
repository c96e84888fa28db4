"""What an engine says of itself is the shipped sheet, as far as its weights go."""

import json

import pytest
from kinora_diffusion import cosmos3_sheet, ltx2_sheet
from kinora_diffusion.settings import Settings
from kinora_diffusion.weights import Weights
from kinora_engine.sheets import shipped

COMPLETE = {
    "ltx2": {
        "licence": "ltx-2-community",
        "ic_loras": {"reference": "cast.safetensors", "depth": "depth.safetensors"},
        "upsampler": "upsampler",
    },
    "cosmos3": {"licence": "openmdw-1.1"},
}


def told(folder, family, **manifest):
    for path in ("cast.safetensors", "depth.safetensors", "upsampler"):
        (folder / path).touch()
    (folder / "kinora.json").write_text(json.dumps({"family": family, "version": "9", "random": False} | manifest))
    weights, settings = Weights(folder), Settings(weights=folder)
    if family == "ltx2":
        return ltx2_sheet.sheet(weights, settings, on_gpu=True)
    return cosmos3_sheet.sheet(weights, settings, on_gpu=True, negative_prompt=True)


@pytest.mark.parametrize("family", COMPLETE)
def test_complete_weights_can_do_what_the_shipped_sheet_says(tmp_path, family):
    expected = shipped(family)
    expected.engine_version = "9"
    assert told(tmp_path, family, **COMPLETE[family]) == expected


def test_weights_without_additions_say_what_they_lack(tmp_path):
    sheet = told(tmp_path, "ltx2", licence="ltx-2-community")
    assert (sheet.finish, sheet.cameos) == (False, 0)
