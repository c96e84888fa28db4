"""Everything that a container is told is a setting that its code knows."""

from importlib import import_module

import pytest
from kinora_cli.backup import commands, store
from kinora_cli.settings import PlatformSettings
from kinora_diffusion.settings import Settings as DiffusionSettings
from kinora_kit.settings import KitSettings

from .conftest import CHART, ROOT, containers, pods

SERVICES = sorted([*(path.parent.name for path in CHART.glob("charts/*/values.yaml")), "scaler"])
# Of the system and of libraries: Python's temporary folder, libpq, the bucket's client.
_OTHERS = {
    *("HOME", "TMPDIR", "PGSSLMODE", "PGSSLROOTCERT"),
    *("AWS_REGION", "AWS_ENDPOINT_URL", "AWS_ALLOW_HTTP", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
}
_BACKUP = {commands.To.__metadata__[0].envvar, *(f"{store._OWN}{name}" for name in _OTHERS if name.startswith("AWS_"))}
_TRIALS = {name: ROOT / "deploy/docker/trials" / f"{name}.sh" for name in ("postgres", "kafka", "objects")}


def settings_of(*classes):
    return {f"{one.model_config['env_prefix']}{name}".upper() for one in classes for name in one.model_fields}


def known():
    services = (import_module(f"kinora_{service}.settings").Settings for service in SERVICES)
    return settings_of(PlatformSettings, KitSettings, *services) | _OTHERS | _BACKUP


def told(manifests):
    """(container, variable) of all."""
    return {
        (container["name"], entry["name"])
        for _, pod in pods(manifests)
        for container in containers(pod)
        for entry in container.get("env", [])
    }


def test_services_are_told_nothing_that_they_do_not_know(render, example):
    ours = {(name, variable) for name, variable in told(render(example)) if name not in {*_TRIALS, "engine"}}
    assert {(name, variable) for name, variable in ours if variable not in known()} == set()


@pytest.mark.parametrize("server", _TRIALS)
def test_trial_servers_are_told_what_their_images_read(render, server):
    variables = {variable for name, variable in told(render()) if name == server} - {"TMPDIR"}
    assert [variable for variable in variables if variable not in _TRIALS[server].read_text()] == []


def test_the_engine_is_told_what_its_image_and_its_model_read(render):
    read = "".join(
        path.read_text()
        for path in [ROOT / "deploy/docker/triton.sh", *ROOT.glob("libs/engine/src/**/*.py"), *ROOT.glob("models/*/1/*.py")]
    )
    known = settings_of(KitSettings, DiffusionSettings) | _OTHERS | {"OMP_NUM_THREADS", "KINORA_LICENCE_ACCEPTED"}
    variables = {variable for example in ("", "production") for name, variable in told(render(example)) if name == "engine"} - known
    assert [variable for variable in variables if variable not in read] == []
