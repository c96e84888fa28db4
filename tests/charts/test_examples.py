"""The examples are what Kubernetes takes, and what is committed."""

import subprocess
import sys
from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from .conftest import CHART, EXAMPLES, KUBERNETES, ROOT, helm, of_kind

_SCHEMAS = ROOT / ".cache/charts/schemas/{{ .ResourceKind }}{{ .KindSuffix }}.json"
_STRIMZI = "Kafka,KafkaNodePool,KafkaUser"  # their schemas are published in no Go module
_ASKED_FOR = {
    "APIService",
    "Certificate",
    "HTTPRoute",
    "HorizontalPodAutoscaler",
    "Ingress",
    "Issuer",
    "PodMonitor",
    "PrometheusRule",
    "ScaledObject",
    "TriggerAuthentication",
}


def kubeconform(*files: Path) -> subprocess.CompletedProcess[str]:
    command = [
        ROOT / ".cache/bin/kubeconform",
        "-strict",
        "-kubernetes-version",
        KUBERNETES,
        "-schema-location",
        _SCHEMAS,
        "-skip",
        _STRIMZI,
    ]
    return subprocess.run([*command, *files], capture_output=True, text=True, check=False)


def test_what_is_committed_is_what_the_chart_makes():
    checked = subprocess.run([sys.executable, ROOT / "tools/chart_docs.py", "--check"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr


def test_there_is_an_example_for_each_kind_of_operator():
    assert EXAMPLES == ["air-gapped", "cpu", "laptop", "production", "single-gpu"]


def test_helm_has_nothing_to_say_against_it(example):
    assert "0 chart(s) failed" in helm("lint", str(CHART), "--strict", "--values", str(CHART / "examples" / example / "values.yaml"))


def test_kubernetes_takes_every_manifest(example):
    files = [path for path in (CHART / "examples" / example).glob("*.yaml") if path.name != "values.yaml"]
    checked = kubeconform(*files)
    assert checked.returncode == 0, checked.stdout


def test_the_check_of_manifests_sees_a_wrong_name(render, tmp_path):
    service = deepcopy(of_kind(render(), "Service")[0])
    service["spec"]["portz"] = []
    (tmp_path / "wrong.yaml").write_text(yaml.safe_dump(service))
    assert "'portz' not allowed" in kubeconform(tmp_path / "wrong.yaml").stdout


def test_nothing_is_asked_of_a_cluster_that_it_may_not_have(render):
    assert not of_kind(render(), *_ASKED_FOR)


@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        (("pools.world.scaling.mode=keda",), {"ScaledObject", "TriggerAuthentication"}),
        (("pools.world.scaling.mode=hpa",), {"HorizontalPodAutoscaler", "APIService"}),
        (("httpRoute.enabled=true", "httpRoute.parentRefs[0].name=public"), {"HTTPRoute"}),
        (("ingress.enabled=true",), {"Ingress"}),
        (("monitoring.podMonitor.enabled=true",), {"PodMonitor"}),
        (("monitoring.rules.enabled=true",), {"PrometheusRule"}),
        (("global.tls.issuer=cert-manager",), {"Certificate", "Issuer"}),
    ],
)
def test_what_is_asked_for_comes_alone(render, asked, kinds):
    assert {m["kind"] for m in of_kind(render("", *asked), *_ASKED_FOR)} == kinds


def test_the_version_of_chart_and_images_is_one():
    chart, values = (yaml.safe_load((CHART / name).read_text()) for name in ("Chart.yaml", "values.yaml"))
    assert chart["appVersion"] == values["global"]["image"]["tag"]
