"""From an empty namespace to a real film."""

import json

import pytest

from .cluster import RELEASE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
KI, MI, GI = 2**10, 2**20, 2**30
UNITS = {"Ki": KI, "Mi": MI, "Gi": GI}


def test_the_whole_platform_installs_and_is_ready(cluster, installed, told):
    told(f"helm install --wait: all pods ready after {installed:.0f} s (wanted: 240 s)")
    assert cluster.ready()
    assert len(cluster.pods()) >= 11


def test_somebody_makes_a_real_film_by_the_openai_sdk(cluster, installed, told):
    seen = cluster.start("film", "film").saw()
    told(f"a film of 4 s at 720p by the openai SDK: {seen['seconds']:.0f} s, {seen['bytes'] / 1e6:.1f} MB")
    assert (seen["state"], seen["mp4"]) == ("completed", True)
    assert seen["bytes"] > 100_000
    assert seen["id"] in json.dumps(seen["check"])


def test_it_fits_into_three_gigabytes_without_the_engines(cluster, installed, told):
    used = memory(cluster)
    engines = sum(size for (_, container), size in used.items() if container == "engine")
    rest = sum(used.values()) - engines
    for (pod, container), size in sorted(used.items(), key=lambda item: -item[1]):
        told(f"{size / MI:6.0f} MB  {pod} {container}")
    told(f"{rest / GI:.2f} GB without the engines (wanted: 3), {engines / GI:.2f} GB in the engines")
    assert 0 < rest < 3 * GI


def memory(cluster):
    """Working sets in bytes by pod and container; the release's metrics come seconds late."""
    path = f"/apis/metrics.k8s.io/v1beta1/namespaces/{cluster.namespace}/pods"
    found = json.loads(cluster.kubectl("get", "--raw", path))["items"]
    containers = [
        (pod["metadata"]["name"], one) for pod in found for one in pod["containers"] if pod["metadata"]["name"].startswith(RELEASE)
    ]
    return {(pod, one["name"]): int(one["usage"]["memory"][:-2]) * UNITS[one["usage"]["memory"][-2:]] for pod, one in containers}
