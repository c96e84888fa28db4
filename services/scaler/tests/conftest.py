"""The scaler over real TLS, between a stand-in for generation and a stand-in for the cluster's API.

The latter answers with shapes recorded from Kubernetes 1.34, and refuses what a real one refuses.
"""

import asyncio
import json
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from kinora.generation.v1 import generation_service_pb2 as pb
from kinora.generation.v1.generation_service_pb2_grpc import GenerationServiceServicer, add_GenerationServiceServicer_to_server
from kinora_cli.keys import issuing
from kinora_cli.state import free_port
from kinora_kit import identity, runner
from kinora_kit.errors import Unavailable
from kinora_kit.service import Service
from kinora_kit.settings import KitSettings
from kinora_scaler.main import build
from kinora_testkit.services import serving
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

POOL, PATH = "kinora-pool-world", "/apis/apps/v1/namespaces/kinora/deployments/{name}/scale"
REGISTERED = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.external.metrics.k8s.io"


class Asleep(Unavailable):
    pass


@dataclass
class StandInGeneration(GenerationServiceServicer):
    """A stand-in for generation, with the backlog that a test writes."""

    away: bool = False
    world: pb.EngineBacklog = field(default_factory=lambda: pb.EngineBacklog(model="world-1"))

    async def GetBacklog(self, request, context):  # noqa: N802, ARG002 - gRPC's signature
        assert identity.current() == identity.Identity("scaler", "service")
        if self.away:
            raise Asleep("generation sleeps")
        return pb.GetBacklogResponse(engines=[self.world, pb.EngineBacklog(model="ltx-2", jobs_waiting=1)])

    def waits(self, jobs, seconds=0.0, **more):
        self.world = pb.EngineBacklog(model="world-1", jobs_waiting=jobs, waiting_engine_seconds=seconds, **more)

    def build(self, _):
        return Service("generation", register=lambda server: add_GenerationServiceServicer_to_server(self, server))


@dataclass
class StandInCluster:
    """A stand-in for the cluster's API: one Deployment's scale, one APIService, and whose certificate the front proxy shows."""

    front_proxy_roots: str
    replicas: int = 0
    version: int = 1
    between: list = field(default_factory=list)  # called once a scale has been read
    api_service: dict = field(default_factory=lambda: {"spec": {"group": "external.metrics.k8s.io", "version": "v1beta1"}})

    def app(self):
        methods = ["GET", "PATCH"]
        return Starlette(
            routes=[
                Route("/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication", self.configmap),
                Route(REGISTERED, self.registered, methods=methods),
                Route(PATH, self.scale, methods=methods),
            ]
        )

    async def configmap(self, _request):
        said = {"requestheader-client-ca-file": self.front_proxy_roots, "requestheader-allowed-names": '["front-proxy"]'}
        return JSONResponse({"kind": "ConfigMap", "apiVersion": "v1", "data": said})

    async def registered(self, request):
        if request.method == "PATCH":
            self.api_service["spec"] |= (await self.patch(request))["spec"]
        return JSONResponse(self.api_service)

    async def scale(self, request):
        if request.headers["authorization"] != "Bearer of-the-pod":
            return self.refuses(401, "Unauthorized")
        if request.path_params["name"] != POOL:
            return self.refuses(403, f'deployments.apps "{request.path_params["name"]}" is forbidden')
        if request.method == "PATCH":
            asked = await self.patch(request)
            if asked["metadata"]["resourceVersion"] != str(self.version):
                return self.refuses(409, "the object has been modified; please apply your changes to the latest version and try again")
            self.resize(asked["spec"]["replicas"])
        answer = {"kind": "Scale", "metadata": {"name": POOL, "resourceVersion": str(self.version)}, "spec": self.spec()}
        while self.between:
            self.between.pop()()
        return JSONResponse(answer)

    def spec(self):
        return {"replicas": self.replicas} if self.replicas else {}  # Go leaves out a zero

    def resize(self, replicas):
        self.replicas, self.version = replicas, self.version + 1

    async def patch(self, request):
        assert request.headers["content-type"] == "application/merge-patch+json"
        return json.loads(await request.body())

    def refuses(self, code, message):
        return JSONResponse({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code}, code)


def write(folder, issued):
    folder.mkdir(exist_ok=True)
    for name, text in issued.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture(scope="session")
def eventually():
    """Waits until `check()` holds."""

    async def holds(check, within_s=10):
        async with asyncio.timeout(within_s):
            while not check():  # noqa: ASYNC110 - nothing to wait for
                await asyncio.sleep(0.02)

    return holds


@pytest.fixture
def authority():
    """Of the platform's certificates."""
    return issuing.authority("kinora")


@pytest.fixture
def front_proxy_authority():
    return issuing.authority("front proxy")


@pytest.fixture
def generation():
    return StandInGeneration()


@pytest.fixture
def cluster(front_proxy_authority):
    return StandInCluster(front_proxy_authority["tls.crt"])


@pytest.fixture
async def account(cluster, tmp_path, postgres_url, monkeypatch):
    """The service account of the scaler's pod, and a cluster's API that takes it."""
    authority = issuing.authority("cluster")
    kit = KitSettings(tls_dir=write(tmp_path / "api", issuing.certificate(authority, ["localhost"])))
    files = {"token": "of-the-pod\n", "namespace": "kinora", "ca.crt": authority["tls.crt"]}
    port, service = free_port(), Service("api", app=cluster.app(), https=str)
    monkeypatch.setenv("SCALER_ACCOUNT_DIR", str(write(tmp_path / "account", files)))
    monkeypatch.setenv("SCALER_API_URL", f"https://localhost:{port}")
    where = {"grpc_listen": "127.0.0.1:0", "http_listen": f"127.0.0.1:{port}", "kit": kit}
    async with (
        serving(lambda _: Service("other"), database_url=postgres_url) as served,
        runner.running([service], served.adapters, **where),
    ):
        yield


@pytest.fixture
def scaler(account, generation, authority, tmp_path, postgres_url, monkeypatch):
    """`async with scaler(pools) as url`: the service at work."""

    @asynccontextmanager
    async def running(pools=None, **settings):
        folder = write(tmp_path / "tls", issuing.certificate(authority, ["localhost"]))
        monkeypatch.setenv("KINORA_TLS_DIR", str(folder))
        monkeypatch.setenv("SCALER_POOLS", json.dumps(pools or {}))
        for name, value in ({"look_every_s": 0.05, "trust_every_s": 0.05} | settings).items():
            monkeypatch.setenv(f"SCALER_{name.upper()}", str(value))
        port = free_port()
        where = {"grpc_listen": "127.0.0.1:0", "http_listen": f"127.0.0.1:{port}", "kit": KitSettings(tls_dir=folder)}
        async with (
            serving(generation.build, database_url=postgres_url) as served,
            runner.running([build(served.adapters)], served.adapters, **where),
        ):
            yield f"https://localhost:{port}"

    return running


@pytest.fixture
def caller(authority, front_proxy_authority, tmp_path):
    """`caller(url, "front-proxy")`: a client that shows a certificate of the front proxy's authority by that name; none: no certificate."""

    def calling(url, name=""):
        trust = ssl.create_default_context(cadata=authority["tls.crt"])
        if name:
            folder = write(tmp_path / name, issuing.certificate(front_proxy_authority, [name]))
            trust.load_cert_chain(folder / "tls.crt", folder / "tls.key")
        return httpx.AsyncClient(base_url=url, verify=trust)

    return calling
