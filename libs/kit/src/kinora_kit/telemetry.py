"""OpenTelemetry traces that follow a request through gRPC, the outbox and the event log (W3C traceparent)."""

from collections.abc import Mapping

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

TRACEPARENT = "traceparent"
_FLUSH_MS = 2_000
_propagator = TraceContextTextMapPropagator()
tracer = trace.get_tracer("kinora")


def setup(service: str, endpoint: str | None = None) -> None:
    """Record spans; send them to an OTLP collector at `endpoint` (host:port), if there is one. Once per process."""
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}))
    if endpoint:
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=endpoint, insecure=True)))
    trace.set_tracer_provider(provider)


def flush() -> None:
    """Send what is recorded now: for a process whose threads rest between its jobs."""
    provider = trace.get_tracer_provider()
    if isinstance(provider, TracerProvider):
        provider.force_flush(_FLUSH_MS)


def traceparent() -> str | None:
    """The span in progress as a W3C traceparent; None when nothing is traced."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier)
    return carrier.get(TRACEPARENT)


def parent(headers: Mapping[str, str]) -> Context:
    """The remote span that `headers` name, as parent for a new one."""
    return _propagator.extract(headers)
