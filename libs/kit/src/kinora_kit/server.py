"""The gRPC server: health, reflection, keepalive, and a drain that loses no call."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection

from kinora_kit.interceptor import CallInterceptor
from kinora_kit.tls import Certificates

DRAIN_S = 20
MAX_MESSAGE_BYTES = 8 * 1024 * 1024
_OPTIONS = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.so_reuseport", 0),  # a port that is taken is an error, not a lottery
    # Clients find new replicas when they connect again; calls in progress go on as long as a stream may last.
    ("grpc.max_connection_age_ms", 300_000),
    ("grpc.max_connection_age_grace_ms", 3_600_000),
)


@asynccontextmanager
async def serving(
    listen: str,
    register: Sequence[Callable[[grpc.aio.Server], None]],
    service_names: Sequence[str],
    secret: bytes,
    certificates: Certificates | None = None,
) -> AsyncIterator[int]:
    """Serve on `listen` ("host:port", port 0: a free one) and yield the port; with `certificates` by mutual TLS.

    On leaving, health says NOT_SERVING, new calls are refused, and those in progress get DRAIN_S seconds.
    """
    server = grpc.aio.server(interceptors=[CallInterceptor(secret)], options=_OPTIONS)
    for add in register:
        add(server)
    health = health_aio.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    names = (*service_names, health_pb2.DESCRIPTOR.services_by_name["Health"].full_name)
    reflection.enable_server_reflection((*names, reflection.SERVICE_NAME), server)
    port = server.add_secure_port(listen, certificates.server()) if certificates else server.add_insecure_port(listen)
    await server.start()
    for name in ("", *names):
        await health.set(name, health_pb2.HealthCheckResponse.SERVING)
    try:
        yield port
    finally:
        await health.enter_graceful_shutdown()
        await server.stop(DRAIN_S)
