"""The HTTP side: external.metrics.k8s.io for the API server, and the same figures as JSON for KEDA."""

from datetime import UTC, datetime
from typing import Any

from kinora_kit.errors import KinoraError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from kinora_scaler.clients import Generation
from kinora_scaler.domain import METRICS, NoSuchEngine, NoSuchMetric, quantity, selected
from kinora_scaler.front_proxy import FrontProxy

GROUP, VERSION = "external.metrics.k8s.io", "external.metrics.k8s.io/v1beta1"
_HTTP = {"INVALID_ARGUMENT": (400, "BadRequest"), "UNAUTHENTICATED": (401, "Unauthorized"), "NOT_FOUND": (404, "NotFound")}
_AWAY = (503, "ServiceUnavailable")


def create_app(generation: Generation, front_proxy: FrontProxy | None) -> Starlette:
    """Without `front_proxy` there are no external metrics."""
    routes = [Route("/engines/{engine}", _Engines(generation).one)]
    if front_proxy is not None:
        routes += _External(generation, front_proxy).routes()
    return Starlette(routes=routes, exception_handlers={KinoraError: _refused, HTTPException: _refused})


class _Engines:
    """For KEDA's metrics-api scaler. It tells nothing about anybody, so who may ask is left to network policies."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    async def one(self, request: Request) -> JSONResponse:
        backlogs, engine = await self._generation.backlogs(), request.path_params["engine"]
        if engine not in backlogs:
            raise NoSuchEngine(engine, backlogs)
        backlog = backlogs[engine]
        seconds = {"engine_seconds": backlog.engine_seconds, "wait_p95_seconds": backlog.wait_p95_seconds}
        return JSONResponse({**seconds, "jobs_waiting": backlog.jobs_waiting, "jobs_running": backlog.jobs_running})


class _External:
    """What an aggregated API server answers; its shapes are Kubernetes' own."""

    def __init__(self, generation: Generation, front_proxy: FrontProxy) -> None:
        self._generation, self._front_proxy = generation, front_proxy

    def routes(self) -> list[Route]:
        version = {"groupVersion": VERSION, "version": "v1beta1"}
        group = {"name": GROUP, "versions": [version], "preferredVersion": version}
        said: dict[str, dict[str, Any]] = {
            "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group]},
            f"/apis/{GROUP}": {"kind": "APIGroup", "apiVersion": "v1", **group},
            f"/apis/{VERSION}": {
                "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": VERSION, "resources": [_resource(name) for name in METRICS],
            },
            "/openapi/v2": {"swagger": "2.0", "info": {"title": "Kinora's waiting work", "version": "v1beta1"}, "paths": {}},
        }  # fmt: skip
        constant = [Route(path, self._saying(answer)) for path, answer in said.items()]
        return [*constant, Route(f"/apis/{VERSION}/namespaces/{{namespace}}/{{metric}}", self.values)]

    async def values(self, request: Request) -> JSONResponse:
        """The same in every namespace: the API server has checked who may read it there."""
        self._check(request)
        name = request.path_params["metric"]
        if name not in METRICS:
            raise NoSuchMetric(name)
        backlogs = await self._generation.backlogs()
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        items = [
            {"metricName": name, "metricLabels": {"engine": engine}, "timestamp": now, "value": quantity(METRICS[name](backlogs[engine]))}
            for engine in selected(request.query_params.get("labelSelector", ""), backlogs)
        ]
        return JSONResponse({"kind": "ExternalMetricValueList", "apiVersion": VERSION, "metadata": {}, "items": items})

    def _saying(self, answer: dict[str, Any]) -> Any:
        async def say(request: Request) -> JSONResponse:
            self._check(request)
            return JSONResponse(answer)

        return say

    def _check(self, request: Request) -> None:
        self._front_proxy.check(getattr(request.state, "client_certificate", None))


def _resource(name: str) -> dict[str, Any]:
    return {"name": name, "singularName": "", "namespaced": True, "kind": "ExternalMetricValueList", "verbs": ["get"]}


async def _refused(_request: Request, error: Exception) -> JSONResponse:
    """As Kubernetes says no. Whatever keeps the figures away is no figure: autoscalers leave everything as it is then."""
    if isinstance(error, HTTPException):
        code, reason, message = error.status_code, error.detail, error.detail
    else:
        assert isinstance(error, KinoraError)  # noqa: S101 - registered for it
        (code, reason), message = _HTTP.get(error.code.name, _AWAY), error.message
    said = {"status": "Failure", "reason": reason.replace(" ", ""), "message": message, "code": code}
    return JSONResponse({"kind": "Status", "apiVersion": "v1", "metadata": {}, **said}, code)
