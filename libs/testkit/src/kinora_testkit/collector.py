"""A stand-in for an operator's OpenTelemetry collector: takes spans over real OTLP/gRPC and keeps them."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest, ExportTraceServiceResponse
from opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc import TraceServiceServicer, add_TraceServiceServicer_to_server


class Collector(TraceServiceServicer):
    """`address` is host:port; `spans` holds (trace id in hex, span name, process name)."""

    def __init__(self) -> None:
        self.spans: list[tuple[str, str, str]] = []
        self._server = grpc.server(ThreadPoolExecutor(2))
        add_TraceServiceServicer_to_server(self, self._server)  # type: ignore[no-untyped-call]  # generated without types
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"

    def Export(self, request: ExportTraceServiceRequest, _context: Any) -> ExportTraceServiceResponse:  # noqa: N802 - the protocol's name
        for resource in request.resource_spans:
            process = next(a.value.string_value for a in resource.resource.attributes if a.key == "service.name")
            self.spans += [(span.trace_id.hex(), span.name, process) for scope in resource.scope_spans for span in scope.spans]
        return ExportTraceServiceResponse()

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._server.stop(1).wait()
