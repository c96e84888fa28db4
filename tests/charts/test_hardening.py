"""No pod may more than it must, in any example, on install and on upgrade."""

import pytest

from .conftest import containers, of_kind, pods


@pytest.fixture(params=[False, True], ids=["install", "upgrade"])
def manifests(render, example, request):
    return render(example, upgrade=request.param)


def test_nobody_is_root_and_system_calls_are_filtered(manifests):
    for owner, pod in pods(manifests):
        security = pod["spec"]["securityContext"]
        assert (security["runAsNonRoot"], security["runAsUser"], security["seccompProfile"]) == (True, 10001, {"type": "RuntimeDefault"}), (
            owner
        )
        assert not {"hostNetwork", "hostPID", "hostIPC"} & pod["spec"].keys(), owner


def test_containers_gain_nothing_and_write_nowhere_but_in_their_folders(manifests):
    for owner, pod in pods(manifests):
        for container in containers(pod):
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }, owner
        assert not [v for v in pod["spec"].get("volumes", []) if "hostPath" in v], owner


def test_every_container_says_what_it_needs_and_is_stopped_at(manifests):
    for owner, pod in pods(manifests):
        for container in containers(pod):
            assert {"cpu", "memory"} <= container["resources"]["requests"].keys(), owner
            assert "memory" in container["resources"]["limits"], owner


def test_only_what_makes_keys_or_scales_has_a_token(manifests):
    with_token = {owner for owner, pod in pods(manifests) if pod["spec"]["automountServiceAccountToken"]}
    assert with_token <= {"Job/kinora-keys-hook", "CronJob/kinora-keys", "Deployment/kinora-scaler"}
    assert all(account["automountServiceAccountToken"] is False for account in of_kind(manifests, "ServiceAccount"))


def test_what_makes_keys_may_read_and_change_only_its_own_secrets(render):
    rules = [rule for role in of_kind(render(), "Role", "ClusterRole") for rule in role["rules"]]
    assert {tuple(rule["resources"]) for rule in rules} == {("secrets",)}
    assert all(rule["verbs"] == ["create"] or all(name.startswith("kinora-") for name in rule["resourceNames"]) for rule in rules)
    assert {verb for rule in rules for verb in rule["verbs"]} == {"create", "get", "update"}


def test_the_scaler_may_change_the_size_of_pools_that_sleep_and_tell_the_api_server_of_itself(render):
    asked = ("poolDefaults.scaling.mode=hpa", "pools.asleep.scaling.min=0")
    named = {(m["kind"], m["metadata"]["name"]): m for m in render("", *asked)}
    assert named["Role", "kinora-scaler"]["rules"] == [
        {"apiGroups": ["apps"], "resources": ["deployments/scale"], "resourceNames": ["kinora-pool-asleep"], "verbs": ["get", "patch"]}
    ]
    assert named["ClusterRole", "kinora-kinora-scaler"]["rules"] == [
        {
            "apiGroups": ["apiregistration.k8s.io"],
            "resources": ["apiservices"],
            "resourceNames": ["v1beta1.external.metrics.k8s.io"],
            "verbs": ["get", "patch"],
        }
    ]
    assert "ClusterRole" not in {m["kind"] for m in render("", "poolDefaults.scaling.mode=keda")}
