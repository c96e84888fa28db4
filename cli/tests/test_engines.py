"""What the settings say of engines is there, or the platform does not start."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from kinora_cli.settings import EnginesMissing, PlatformSettings

MODELS = Path(__file__).parents[2] / "models"


def told(monkeypatch, **environment):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return PlatformSettings(models_dir=MODELS)


def test_the_world_needs_nothing():
    PlatformSettings(models_dir=MODELS).check_engines()


def test_engines_are_named_in_a_line_and_their_weights_by_name(monkeypatch, tmp_path):
    settings = told(monkeypatch, KINORA_ENGINES="world, ltx2", KINORA_ENGINE_WEIGHTS=f'{{"ltx2": "{tmp_path}"}}')
    settings.check_engines()
    assert (settings.engines, settings.engine_weights) == (("world", "ltx2"), {"ltx2": tmp_path})


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"KINORA_ENGINES": "world,sora"}, "KINORA_ENGINES: there is no model 'sora' in"),
        ({"KINORA_ENGINES": "ltx2", "KINORA_ENGINE_WEIGHTS": '{"ltx2": "/nowhere"}'}, "ltx2: there is no folder /nowhere"),
        ({"KINORA_ENGINE_WEIGHTS": '{"ltx2": "/tmp"}'}, "'ltx2' is not among KINORA_ENGINES (world)"),
    ],
)
def test_what_is_not_there_is_named(monkeypatch, environment, why):
    with pytest.raises(EnginesMissing) as missing:
        told(monkeypatch, **environment).check_engines()
    assert why in str(missing.value)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [("KINORA_ENGINE_WEIGHTS", "/weights", '"engine_weights"'), ("KINORA_ENGINE_LOAD_S", "soon", "PlatformSettings: engine_load_s: ")],
)
def test_a_setting_that_cannot_be_read_is_named_in_a_line(name, value, why):
    command = [sys.executable, "-m", "kinora_cli", "down"]
    told = subprocess.run(command, env=os.environ | {name: value}, capture_output=True, text=True, timeout=60, check=False)
    assert told.returncode == 1
    assert told.stderr.count("\n") == 1
    assert why in told.stderr
