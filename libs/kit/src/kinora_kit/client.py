"""Channels to other services. The caller's identity goes with each call: `metadata=identity.metadata(who, secret)`."""

from collections.abc import Callable
from typing import Any

import grpc

from kinora_kit import telemetry
from kinora_kit.renewing import RenewingChannel
from kinora_kit.server import MAX_MESSAGE_BYTES
from kinora_kit.tls import Certificates

DEADLINE_S = 10.0
# A call that met nobody (a replica that went away, one that is not there yet) is tried again: every mutation carries a request_id, and
# what a service itself refuses says that it must not be (errors.to_status).
_SERVICE_CONFIG = """{
  "loadBalancingConfig": [{"round_robin": {}}],
  "methodConfig": [{
    "name": [{}],
    "retryPolicy": {
      "maxAttempts": 5, "initialBackoff": "0.1s", "maxBackoff": "2s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]
    }
  }]
}"""
_OPTIONS = (
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    ("grpc.dns_min_time_between_resolutions_ms", 1_000),
    ("grpc.service_config", _SERVICE_CONFIG),
)


def channel(target: str, certificates: Certificates | None = None) -> grpc.aio.Channel:
    """A channel whose calls carry the trace and, where none is given, a deadline of DEADLINE_S (streams: none).

    `target` is "host:port", or "dns:///name:port" for a name with several addresses, among which calls take turns. With `certificates` by
    mutual TLS; renewed files are taken up by new calls.
    """
    if certificates is None:
        return grpc.aio.insecure_channel(target, options=_OPTIONS, interceptors=[_Single(), _Stream()])
    return RenewingChannel(
        lambda: grpc.aio.secure_channel(target, certificates.client(), options=_OPTIONS, interceptors=[_Single(), _Stream()]),
        lambda: certificates.files,
    )


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
