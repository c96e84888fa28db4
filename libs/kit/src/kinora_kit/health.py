"""Health for an orchestrator, on a port of its own and in the clear: the probes of a kubelet speak no TLS.

Service "" is readiness: SERVING once calls are taken, and no more from the first moment of a drain. Service "live" is liveness: SERVING
from the start to the very end, so that nobody kills what still finishes its work.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import aio
from grpc_health.v1.health_pb2 import HealthCheckResponse

LIVE = "live"


class Readiness:
    def __init__(self, servicer: aio.HealthServicer) -> None:
        self._servicer = servicer

    async def ready(self) -> None:
        await self._servicer.set("", HealthCheckResponse.SERVING)

    async def draining(self) -> None:
        await self._servicer.set("", HealthCheckResponse.NOT_SERVING)


@asynccontextmanager
async def listening(listen: str | None) -> AsyncIterator[Readiness]:
    """Answers probes on `listen` ("host:port") meanwhile; None: nobody asks."""
    servicer = aio.HealthServicer()
    readiness = Readiness(servicer)
    await readiness.draining()
    await servicer.set(LIVE, HealthCheckResponse.SERVING)
    if listen is None:
        yield readiness
        return
    server = grpc.aio.server(options=[("grpc.so_reuseport", 0)])
    health_pb2_grpc.add_HealthServicer_to_server(servicer, server)
    server.add_insecure_port(listen)
    await server.start()
    try:
        yield readiness
    finally:
        await server.stop(0)
