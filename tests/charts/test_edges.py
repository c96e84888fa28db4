"""The chart's table of who calls whom is what the code does: addresses and NetworkPolicies are made of it."""

import json
from importlib import import_module
from typing import Any

import grpc
import pytest
from kinora_kit.events.postgres import PostgresLog
from kinora_kit.service import Adapters
from kinora_media.store import MediaStore

from .conftest import CHART, containers, of_kind, pods

SERVICES = sorted([*(path.parent.name for path in CHART.glob("charts/*/values.yaml")), "scaler"])
ALL = ("", "pools.world.scaling.mode=hpa", "backup.url=s3://backups")
_LABEL = "app.kubernetes.io/component"


@pytest.fixture
def calls_in_the_code(tmp_path):
    """By service: whose channel its `build` asks for."""

    async def found(service: str) -> set[str]:
        asked: set[str] = set()

        def channel(owner: str) -> grpc.aio.Channel:
            asked.add(owner)
            return grpc.aio.insecure_channel("127.0.0.1:1")

        url = "postgresql://nobody@127.0.0.1:1/nothing"
        import_module(f"kinora_{service}.main").build(
            Adapters(
                database_url=url,
                events=PostgresLog(url),
                media=MediaStore.open((tmp_path / "media").as_uri(), signing_secret=b"secret", public_url="http://localhost"),
                channel=channel,
                internal_secret=b"secret",
                state_dir=tmp_path,
                triton_url="127.0.0.1:1",
                public_url="http://localhost",
            )
        )
        return asked

    return found


def component(pod: dict[str, Any]) -> str:
    return str(pod["metadata"]["labels"][_LABEL])


def told(container: dict[str, Any]) -> set[str]:
    environment = {entry["name"]: entry.get("value") for entry in container.get("env", [])}
    return set(json.loads(environment.get("KINORA_PEERS") or "{}"))


def edges(manifests: list[dict[str, Any]], direction: str, end: str) -> set[tuple[str, str]]:
    """(component, other) of all policies; only other components of the release."""
    return {
        (policy["spec"]["podSelector"]["matchLabels"][_LABEL], peer["podSelector"]["matchLabels"][_LABEL])
        for policy in of_kind(manifests, "NetworkPolicy")
        for rule in policy["spec"].get(direction, [])
        for peer in rule.get(end, [])
        if _LABEL in peer.get("podSelector", {}).get("matchLabels", {})
    }


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_is_told_of_those_whom_its_code_calls(render, calls_in_the_code, service):
    pod = next(pod for owner, pod in pods(render(*ALL)) if owner == f"Deployment/kinora-{service}")
    assert told(pod["spec"]["containers"][0]) == await calls_in_the_code(service)


@pytest.mark.parametrize("service", [*SERVICES, "pool"])
async def test_a_service_may_reach_those_whom_its_code_calls_and_no_other_service(render, calls_in_the_code, service):
    reached = {to for frm, to in edges(render(*ALL), "egress", "to") if frm == service and to in SERVICES}
    assert reached == await calls_in_the_code("generation" if service == "pool" else service)


def test_what_one_end_lets_out_the_other_end_lets_in(render, example):
    manifests = render(example)
    outwards = edges(manifests, "egress", "to")
    assert outwards == {(frm, to) for to, frm in edges(manifests, "ingress", "from")}


def test_every_pod_has_a_policy_of_its_own_and_the_one_that_denies_the_rest(render, example):
    manifests = render(example)
    policies = of_kind(manifests, "NetworkPolicy")
    own = {policy["spec"]["podSelector"]["matchLabels"].get(_LABEL) for policy in policies}
    assert {component(pod) for _, pod in pods(manifests)} <= own
    denying = next(policy["spec"] for policy in policies if policy["metadata"]["name"] == "kinora-default-deny")
    assert denying["policyTypes"] == ["Ingress", "Egress"]
    assert not {"ingress", "egress"} & denying.keys()
    for owner, pod in pods(manifests):
        assert denying["podSelector"]["matchLabels"].items() <= pod["metadata"]["labels"].items(), owner


def test_services_find_their_pods(render, example):
    manifests = render(example)
    labels = [pod["metadata"]["labels"] for _, pod in pods(manifests)]
    ports = {port["name"] for _, pod in pods(manifests) for container in containers(pod) for port in container.get("ports", [])}
    for service in of_kind(manifests, "Service"):
        found = [have for have in labels if service["spec"]["selector"].items() <= have.items()]
        assert len(found) == 1, service["metadata"]["name"]
        assert {port["targetPort"] for port in service["spec"]["ports"]} <= ports


def test_only_the_gateway_the_scaler_and_metrics_are_open_to_others(render):
    open_ports = {
        (policy["spec"]["podSelector"]["matchLabels"][_LABEL], port["port"])
        for policy in of_kind(render("production"), "NetworkPolicy")
        for rule in policy["spec"].get("ingress", [])
        if not any(_LABEL in peer.get("podSelector", {}).get("matchLabels", {}) for peer in rule.get("from", []))
        for port in rule["ports"]
    }
    assert {(who, port) for who, port in open_ports if port not in {"metrics", "engine"}} == {("gateway", "http"), ("scaler", "http")}
