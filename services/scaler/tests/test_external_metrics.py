"""What the API server is told, and nobody else."""

import asyncio
from base64 import b64decode

import pytest
from kinora_cli.keys import issuing

GROUP = "/apis/external.metrics.k8s.io/v1beta1"
SECONDS = f"{GROUP}/namespaces/kinora/kinora_engine_seconds"
WORLD = {"labelSelector": "engine=world-1"}


@pytest.fixture
async def api(scaler, caller):
    """Asks as the API server does for an autoscaler."""
    async with scaler() as url, caller(url, "front-proxy") as client:
        yield Asker(client)


class Asker:
    def __init__(self, client):
        self._client = client

    async def get(self, path, **query):
        """The answer, once the scaler knows whom to believe."""
        while (reply := await self._client.get(path, params=query)).status_code == 401:  # noqa: ASYNC110 - it polls an HTTP endpoint
            await asyncio.sleep(0.05)
        return reply


async def test_engine_seconds_are_those_that_wait_and_those_that_run(api, generation):
    generation.waits(3, 90, running_engine_seconds=12.3456)
    told = (await api.get(SECONDS, **WORLD)).json()
    [item] = told["items"]
    assert (told["kind"], told["apiVersion"]) == ("ExternalMetricValueList", "external.metrics.k8s.io/v1beta1")
    assert item.pop("timestamp").endswith("Z")
    assert item == {"metricName": "kinora_engine_seconds", "metricLabels": {"engine": "world-1"}, "value": "102346m"}


async def test_the_wait_and_the_jobs_that_wait_are_metrics_of_their_own(api, generation):
    generation.waits(3, 90, wait_p95_seconds=61.5)
    values = [(await api.get(SECONDS.replace("engine_seconds", name), **WORLD)).json() for name in ("wait_p95_seconds", "jobs_waiting")]
    assert [value["items"][0]["value"] for value in values] == ["61500m", "3"]


async def test_without_a_selector_every_engine_is_told(api):
    items = (await api.get(SECONDS)).json()["items"]
    assert [item["metricLabels"]["engine"] for item in items] == ["world-1", "ltx-2"]


async def test_the_cluster_finds_out_what_there_is(api):
    version = {"groupVersion": "external.metrics.k8s.io/v1beta1", "version": "v1beta1"}
    [group] = (await api.get("/apis")).json()["groups"]
    assert group["preferredVersion"] == version
    assert (await api.get("/apis/external.metrics.k8s.io")).json()["versions"] == [version]
    found = (await api.get(GROUP)).json()
    names = [resource["name"] for resource in found["resources"]]
    assert (found["kind"], names) == ("APIResourceList", ["kinora_engine_seconds", "kinora_wait_p95_seconds", "kinora_jobs_waiting"])
    assert (await api.get("/openapi/v2")).json()["swagger"] == "2.0"


@pytest.mark.parametrize(
    ("path", "query", "code", "message"),
    [
        (f"{GROUP}/namespaces/kinora/queue_length", WORLD, 404, "there is no metric queue_length; there are: kinora_engine_seconds"),
        (SECONDS, {"labelSelector": "engine=world-2"}, 404, "there is no engine world-2; there are: world-1, ltx-2"),
        (SECONDS, {"labelSelector": "pool=world"}, 400, "the label is engine, as in engine=world-1"),
        (SECONDS, {"labelSelector": "engine!=world-1"}, 400, "'engine!=world-1' selects no engines"),
        (f"{GROUP}/nodes", {}, 404, "Not Found"),
    ],
)
async def test_a_wrong_question_is_told_what_is_wrong(api, path, query, code, message):
    reply = await api.get(path, **query)
    assert (reply.status_code, reply.json()["kind"], reply.json()["code"]) == (code, "Status", code)
    assert message in reply.json()["message"]


async def test_silence_is_not_told_as_an_empty_queue(api, generation):
    generation.away = True
    reply = await api.get(SECONDS, **WORLD)
    assert (reply.status_code, reply.json()["reason"], reply.json()["message"]) == (503, "ServiceUnavailable", "generation sleeps")


@pytest.mark.parametrize(("name", "message"), [("", "you showed none"), ("kubelet", "as front-proxy; you are 'kubelet'")])
@pytest.mark.parametrize("path", ["/apis", GROUP, SECONDS, "/openapi/v2"])
async def test_nobody_else_is_told(scaler, caller, name, message, path):
    async with scaler() as url, caller(url, name) as client:
        await asyncio.sleep(0.5)
        reply = await client.get(path)
    assert (reply.status_code, reply.json()["reason"]) == (401, "Unauthorized")
    assert message in reply.json()["message"]


async def test_the_api_server_is_told_whose_certificate_to_expect_also_when_that_changes(api, authority, cluster, tmp_path, eventually):
    def expected():
        return b64decode(cluster.api_service["spec"].get("caBundle", "")).decode()

    await eventually(lambda: expected() == authority["tls.crt"])
    (tmp_path / "tls" / "ca.crt").write_text(renewed := authority["tls.crt"] + issuing.authority("next")["tls.crt"])
    await eventually(lambda: expected() == renewed)


async def test_an_operator_who_asks_for_no_check_is_not_overruled(scaler, cluster):
    cluster.api_service["spec"]["insecureSkipTLSVerify"] = True
    async with scaler():
        await asyncio.sleep(0.5)
    assert "caBundle" not in cluster.api_service["spec"]
