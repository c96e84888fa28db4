"""skaffold builds what the chart runs, and tells the chart what it built."""

import re

import pytest
import yaml

from .conftest import ROOT, containers, pods

SKAFFOLD = yaml.safe_load((ROOT / "skaffold.yaml").read_text())
RELEASE = SKAFFOLD["deploy"]["helm"]["releases"][0]
_TOLD = re.compile(r"\{\{\.IMAGE_(REPO|TAG)_(\w+)\}\}")


def profile(name):
    """Artifacts, and values by path, of a profile."""
    artifacts, told = {a["image"] for a in SKAFFOLD["build"]["artifacts"]}, dict(RELEASE["setValueTemplates"])
    for patch in next(p for p in SKAFFOLD["profiles"] if p["name"] == name).get("patches", []):
        if patch["path"].startswith("/build/artifacts"):
            artifacts.add(patch["value"]["image"])
        elif "setValueTemplates" in patch["path"]:
            told[patch["path"].rpartition("/")[2]] = patch["value"]
    return artifacts, told


def filled(template, artifacts):
    kind, escaped = _TOLD.fullmatch(template).groups()
    image = next(a for a in artifacts if re.sub(r"[/-]", "_", a) == escaped)
    return image if kind == "REPO" else f"built-{escaped}".replace("_", "-")


@pytest.mark.parametrize(("name", "example"), [("laptop", "laptop"), ("cpu", "cpu"), ("gpu", "single-gpu")])
def test_a_profile_runs_the_images_that_it_built_and_no_other(render, name, example):
    artifacts, told = profile(name)
    manifests = render(example, *(f"{path}={filled(template, artifacts)}" for path, template in told.items()))
    run = {container["image"] for _, pod in pods(manifests) for container in containers(pod)}
    assert run <= {f"{image}:built-{re.sub('[/_]', '-', image)}" for image in artifacts}


def test_its_profiles_are_the_examples():
    assert [p["name"] for p in SKAFFOLD["profiles"]] == ["laptop", "cpu", "gpu"]
    files = [RELEASE["valuesFiles"][0], *(p["value"] for q in SKAFFOLD["profiles"][1:] for p in q["patches"] if "valuesFiles" in p["path"])]
    assert all((ROOT / file).is_file() for file in files)
