"""The chart, rendered by Helm as an operator would."""

import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "deploy/helm/kinora"
EXAMPLES = sorted(path.parent.name for path in CHART.glob("examples/*/values.yaml"))
KUBERNETES = "1.34.4"
Manifest = dict[str, Any]


class Refused(Exception):
    """Helm said no; the message is what the operator reads."""


def helm(*args: str) -> str:
    found = subprocess.run([ROOT / ".cache/bin/helm", *args, "--kube-version", KUBERNETES], capture_output=True, text=True, check=False)
    if found.returncode:
        raise Refused(found.stderr)
    return found.stdout


@pytest.fixture(scope="session")
def render() -> Callable[..., list[Manifest]]:
    """`render("laptop", "global.tls.enabled=false")`: the manifests of an example, hooks included; `render()`: of the defaults."""

    @cache
    def rendered(example: str = "", *sets: str, upgrade: bool = False) -> list[Manifest]:
        values = ["--values", str(CHART / "examples" / example / "values.yaml")] if example else []
        text = helm(
            "template", "kinora", str(CHART), "--namespace", "kinora", *values, *(f"--set={s}" for s in sets), *["--is-upgrade"] * upgrade
        )
        return [manifest for manifest in yaml.load_all(text, yaml.CSafeLoader) if manifest]

    return rendered


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def pods(manifests: list[Manifest]) -> Iterator[tuple[str, Manifest]]:
    """Every pod template, by kind and name of what makes its pods."""
    for manifest in manifests:
        spec = manifest.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template:
            yield f"{manifest['kind']}/{manifest['metadata']['name']}", template


def containers(pod: Manifest) -> list[Manifest]:
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def named(manifests: list[Manifest], kind: str, name: str) -> Manifest:
    return next(m for m in manifests if (m["kind"], m["metadata"]["name"]) == (kind, name))


def of_kind(manifests: list[Manifest], *kinds: str) -> list[Manifest]:
    return [m for m in manifests if m["kind"] in kinds]
