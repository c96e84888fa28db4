"""A new version, while somebody creates and polls films twice a second."""

import time

import pytest
from kinora_testkit.network import eventually

from .cluster import RELEASE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(3000)]
BUSY_S = 120


def all_well(seen, told):
    ended = list(seen["ended"].values())
    told(f"{seen['requests']} requests, {len(seen['failures'])} failed")
    told(f"{len(seen['made'])} films promised, {ended.count('completed')} completed")
    assert seen["failures"] == []
    assert sorted(seen["ended"]) == sorted(seen["made"])
    assert set(ended) == {"completed"}


def begun(client):
    eventually(lambda: client.cluster.get("job", client.job)["status"].get("ready", 0) > 0, within=60, what="the client")
    time.sleep(5)
    return client


def test_a_rolling_upgrade_fails_no_request_and_loses_no_film(cluster, installed, told):
    before = {pod["metadata"]["uid"] for pod in cluster.pods() if "statefulset.kubernetes.io/pod-name" not in pod["metadata"]["labels"]}
    client = begun(cluster.start("upgrade", "steady", str(BUSY_S)))
    took = cluster.upgrade("--set-string", "global.logLevel=debug")
    told(f"helm upgrade of every service: {took:.0f} s")
    eventually(lambda: not before & {pod["metadata"]["uid"] for pod in cluster.pods()}, within=300, what="every pod replaced")
    all_well(client.saw(), told)


def test_an_upgrade_to_a_broken_image_rolls_back_and_nobody_notices(cluster, installed, told):
    client = begun(cluster.start("broken", "steady", str(BUSY_S)))
    with pytest.raises(AssertionError, match=r"(?s)helm.*(rolled back|timed out|context deadline|not ready)"):
        cluster.upgrade("--atomic", "--set-string", "gateway.image.tag=broken,likeness.image.tag=broken", wait_s=60)
    assert cluster.ready()
    assert "deployed" in cluster.helm("status", RELEASE)
    all_well(client.saw(), told)


def test_services_take_up_new_certificates_without_a_restart(cluster, installed, told):
    before, client = restarts(cluster), begun(cluster.start("certificates", "steady", "150"))
    for secret in cluster.get("secrets", "-l", "app.kubernetes.io/managed-by=kinora-keys")["items"]:
        if secret["metadata"]["name"].endswith("-tls"):
            cluster.kubectl("delete", "secret", secret["metadata"]["name"])
    cluster.ask("keys")
    eventually(lambda: logs(cluster, "gateway").count("tls.renewed") > 0, within=180, every=3, what="the gateway's new certificate")
    told("certificates of all services issued anew and taken up")
    all_well(client.saw(), told)
    assert restarts(cluster) == before


def restarts(cluster):
    return {pod["metadata"]["uid"]: [one["restartCount"] for one in pod["status"]["containerStatuses"]] for pod in cluster.pods()}


def logs(cluster, service):
    selector = f"app.kubernetes.io/instance={RELEASE},app.kubernetes.io/name={service}"
    return cluster.kubectl("logs", "-l", selector, "--tail=-1")
