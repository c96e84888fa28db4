"""The registry of the kit's metrics, served to Prometheus at /metrics."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Histogram, start_http_server

RPC_SECONDS = Histogram(
    "kinora_rpc_seconds", "Time to answer a call", ["method", "code"], buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
)
EVENTS_PUBLISHED = Counter("kinora_events_published_total", "Events that the outbox relay handed to the log", ["schema"])
EVENTS_HANDLED = Counter("kinora_events_handled_total", "Events that a consumer is done with", ["consumer", "type", "outcome"])


@contextmanager
def served(port: int | None) -> Iterator[None]:
    """Serve /metrics on `port` meanwhile; None: do not."""
    if port is None:
        yield
        return
    server, thread = start_http_server(port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
