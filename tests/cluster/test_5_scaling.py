"""Engines come with the work and go with it."""

import json
import subprocess
import time

import pytest
from kinora_testkit.network import eventually

from .cluster import RELEASE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3600)]
SCALING = {"mode": "hpa", "min": 1, "max": 3, "engineSeconds": 20, "calmSeconds": 30}


def scaled(**other):
    values = {f"pools.world.scaling.{name}": value for name, value in (SCALING | other).items()}
    return "--set", ",".join(f"{name}={value}" for name, value in values.items())


POOL = f"{RELEASE}-pool-world"
MORE = [
    ("patch", f"deployments/{RELEASE}-gateway", "--subresource=scale"),
    ("get", "secrets"),
    ("create", "pods"),
    ("delete", "pods"),
    ("list", "deployments"),
]


def replicas(cluster):
    return cluster.get("deployment", POOL)["spec"]["replicas"]


def waiting(cluster):
    path = f"/apis/external.metrics.k8s.io/v1beta1/namespaces/{cluster.namespace}/kinora_engine_seconds?labelSelector=engine%3Dworld-1"
    try:
        return json.loads(cluster.kubectl("get", "--raw", path))["items"][0]["value"]
    except AssertionError:
        return "not known yet"


def test_a_plain_hpa_scales_a_pool_by_the_work_that_waits(cluster, installed, told):
    cluster.upgrade(*scaled())
    eventually(lambda: waiting(cluster) == "0", within=120, every=2, what="an idle metric")
    started = time.monotonic()
    client = cluster.start("scaling", "many", "60")
    eventually(lambda: replicas(cluster) == 3, within=300, every=2, what="three engines")
    told(f"60 films wait, kinora_engine_seconds {waiting(cluster)}: three engines asked for after {time.monotonic() - started:.0f} s")
    seen = client.saw(within=2400)
    assert list(seen["ended"].values()) == ["completed"] * 60
    done = time.monotonic()
    eventually(lambda: replicas(cluster) == 1, within=600, every=5, what="one engine")
    told(f"one engine again {time.monotonic() - done:.0f} s after the last film")


def test_the_scaler_may_do_what_it_must_and_no_more(cluster, installed):
    cluster.upgrade(*scaled(min=0))
    account = f"system:serviceaccount:{cluster.namespace}:{RELEASE}-scaler"

    def may(*words):
        asked = ["kubectl", "-n", cluster.namespace, "auth", "can-i", *words, "--as", account]
        return subprocess.run(asked, check=False, capture_output=True).returncode == 0

    assert may("patch", f"deployments/{POOL}", "--subresource=scale")
    for words in MORE:
        assert not may(*words), words


def test_a_pool_at_zero_is_woken_by_the_first_film(cluster, installed, told):
    cluster.upgrade(*scaled(min=0, calmSeconds=20))
    eventually(lambda: replicas(cluster) == 0, within=600, every=5, what="no engine")
    started = time.monotonic()
    seen = cluster.start("waking", "many", "1").saw(within=600)
    told(f"from no engine at all to a film: {time.monotonic() - started:.0f} s")
    assert list(seen["ended"].values()) == ["completed"]
    cluster.upgrade()
