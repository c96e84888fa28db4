"""What the live objects may do, as the API server knows them."""

import pytest

from .cluster import RELEASE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
EVERYBODY_MAY = {"selfsubjectreviews", "selfsubjectaccessreviews", "selfsubjectrulesreviews"}  # which is to ask who one is and what one may


@pytest.fixture
def pods(cluster, installed):
    return cluster.pods()


def containers(pod):
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def test_no_container_runs_as_root_writes_its_root_or_may_become_more(pods):
    for pod in pods:
        above = pod["spec"].get("securityContext", {})
        for container in containers(pod):
            context = above | container.get("securityContext", {})
            who = f"{pod['metadata']['name']} {container['name']}"
            assert context["runAsNonRoot"] is True, who
            assert context["readOnlyRootFilesystem"] is True, who
            assert context["allowPrivilegeEscalation"] is False, who
            assert context["capabilities"]["drop"] == ["ALL"], who
            assert context["seccompProfile"]["type"] == "RuntimeDefault", who


def test_the_processes_say_the_same(cluster, pods):
    for pod in pods:
        container = pod["spec"]["containers"][0]["name"]
        status = cluster.kubectl(
            "exec", pod["metadata"]["name"], "-c", container, "--", "sh", "-c", "grep -E '^(Uid|NoNewPrivs|Seccomp|CapEff):' /proc/1/status"
        )
        facts = {line.split(":")[0]: line.split()[1] for line in status.splitlines()}
        assert facts == {"Uid": "10001", "NoNewPrivs": "1", "Seccomp": "2", "CapEff": "0000000000000000"}, pod["metadata"]["name"]


def test_a_service_may_do_nothing_at_the_api_server(cluster, pods):
    accounts = {pod["spec"]["serviceAccountName"] for pod in pods}
    assert f"{RELEASE}-identity" in accounts
    for account in accounts:
        assert rules(cluster, account) <= EVERYBODY_MAY, account


def rules(cluster, account):
    """Resources that an account may do anything with, beyond non-resource URLs."""
    said = cluster.kubectl("auth", "can-i", "--list", "--no-headers", f"--as=system:serviceaccount:{cluster.namespace}:{account}")
    return {line.split()[0].partition(".")[0] for line in said.splitlines() if line and not line.startswith((" ", "["))}
