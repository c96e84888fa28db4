"""Channels to other services. The caller's identity goes with each call: `metadata=identity.metadata(who, secret)`."""

from collections.abc import Callable
from typing import Any

import grpc

from kinora_kit import telemetry
from kinora_kit.server import MAX_MESSAGE_BYTES

DEADLINE_S = 10.0
_OPTIONS = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
)


def channel(target: str) -> grpc.aio.Channel:
    """A channel whose calls carry the trace and, where none is given, a deadline of DEADLINE_S (streams: none)."""
    return grpc.aio.insecure_channel(target, options=_OPTIONS, interceptors=[_Single(), _Stream()])


class _Single(grpc.aio.UnaryUnaryClientInterceptor):
    async def intercept_unary_unary(
        self, continuation: Callable[..., Any], client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        timeout = DEADLINE_S if client_call_details.timeout is None else client_call_details.timeout
        return await continuation(_traced(client_call_details, timeout), request)


class _Stream(grpc.aio.UnaryStreamClientInterceptor):
    async def intercept_unary_stream(
        self, continuation: Callable[..., Any], client_call_details: grpc.aio.ClientCallDetails, request: Any
    ) -> Any:
        return await continuation(_traced(client_call_details, client_call_details.timeout), request)


def _traced(details: grpc.aio.ClientCallDetails, timeout: float | None) -> grpc.aio.ClientCallDetails:
    metadata = grpc.aio.Metadata(*(details.metadata or ()))
    if traceparent := telemetry.traceparent():
        metadata.add(telemetry.TRACEPARENT, traceparent)
    return grpc.aio.ClientCallDetails(details.method, timeout, metadata, details.credentials, details.wait_for_ready)
