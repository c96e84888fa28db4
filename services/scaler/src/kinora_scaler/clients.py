"""Generation, and the cluster's API with the pod's own account."""

import os
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import grpc
import httpx
from kinora.generation.v1.generation_service_pb2 import EngineBacklog, GetBacklogRequest
from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceStub
from kinora_kit import identity
from kinora_kit.errors import Unavailable, remote_errors

from kinora_scaler.domain import Backlog

if TYPE_CHECKING:  # the generated module has this name for type checkers alone
    from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceAsyncStub

_SELF = identity.Identity("scaler", "service")
_TIMEOUT_S = 5.0


class ClusterRefused(Unavailable):
    """The cluster's API does not answer, or not as it should; the message tells the operator why."""


class Generation:
    def __init__(self, channel: grpc.aio.Channel, secret: bytes) -> None:
        self._stub: GenerationServiceAsyncStub = GenerationServiceStub(channel)
        self._secret = secret

    async def backlogs(self) -> Mapping[str, Backlog]:
        """By engine. Raises RemoteError: nobody may take silence for an empty queue."""
        with remote_errors():
            reply = await self._stub.GetBacklog(GetBacklogRequest(), metadata=identity.metadata(_SELF, self._secret), timeout=_TIMEOUT_S)
        return {engine.model: _backlog(engine) for engine in reply.engines}


def _backlog(told: EngineBacklog) -> Backlog:
    return Backlog(told.jobs_waiting, told.jobs_running, told.waiting_engine_seconds, told.running_engine_seconds, told.wait_p95_seconds)


class Cluster:
    """Every verb raises ClusterRefused. Token and roots are read for each call: both are renewed under way."""

    def __init__(self, account: Path, url: str) -> None:
        self._account, self._url = account, url

    async def get(self, path: str) -> dict[str, Any]:
        return await self._ask("GET", path)

    async def patch(self, path: str, change: Mapping[str, Any]) -> None:
        """A merge patch; with metadata.resourceVersion in it, only while nobody else has changed the object."""
        await self._ask("PATCH", path, json=change, headers={"content-type": "application/merge-patch+json"})

    def scale_of(self, deployment: str) -> str:
        """Its path, in the pod's own namespace."""
        return f"/apis/apps/v1/namespaces/{self._read('namespace')}/deployments/{deployment}/scale"

    async def _ask(self, verb: str, path: str, **more: Any) -> dict[str, Any]:
        try:
            async with self._connection() as client:
                reply = await client.request(verb, path, **more)
        except httpx.HTTPError as error:
            raise ClusterRefused(f"Kubernetes does not answer: {error!r}") from error
        if not reply.is_success:
            raise ClusterRefused(f"Kubernetes refused {verb} {path}: {_why(reply)}")
        found: dict[str, Any] = reply.json()
        return found

    def _connection(self) -> httpx.AsyncClient:
        us, roots = {"authorization": f"Bearer {self._read('token')}"}, self._read("ca.crt")
        trust = ssl.create_default_context(cadata=roots)
        return httpx.AsyncClient(base_url=self._url or _told_by_kubelet(), verify=trust, trust_env=False, timeout=_TIMEOUT_S, headers=us)

    def _read(self, name: str) -> str:
        try:
            return (self._account / name).read_text().strip()
        except OSError as error:
            raise ClusterRefused(f"this runs in a pod with a service account, and there is none here: {error}") from error


def _told_by_kubelet() -> str:
    host, port = os.environ.get("KUBERNETES_SERVICE_HOST", ""), os.environ.get("KUBERNETES_SERVICE_PORT_HTTPS", "443")
    if not host:
        raise ClusterRefused("KUBERNETES_SERVICE_HOST is not set: this runs in a pod")
    return f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"


def _why(reply: httpx.Response) -> str:
    try:
        return str(reply.json()["message"])
    except (ValueError, KeyError, TypeError):
        return f"{reply.status_code} {reply.text[:200]}"
