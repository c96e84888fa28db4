"""The registry of the kit's metrics, served to Prometheus at /metrics."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter, Gauge, Histogram, start_http_server

RPC_SECONDS = Histogram(
    "kinora_rpc_seconds", "Time to answer a call", ["method", "code"], buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60)
)
EVENTS_PUBLISHED = Counter("kinora_events_published_total", "Events that the outbox relay handed to the log", ["schema"])
EVENTS_HANDLED = Counter("kinora_events_handled_total", "Events that a consumer is done with", ["consumer", "type", "outcome"])
CONSUMER_LAG = Gauge("kinora_consumer_lag_events", "Events in the log that a consumer is not done with", ["consumer", "topic"])
OUTBOX_WAITING = Gauge("kinora_outbox_waiting_events", "Events in the outbox that are not in the log yet", ["schema"])
OUTBOX_AGE = Gauge("kinora_outbox_oldest_age_seconds", "How long the oldest of them waits; 0 when none does", ["schema"])
DATABASE_WAIT = Histogram(
    "kinora_database_wait_seconds",
    "Time until a transaction had a connection",
    ["schema"],
    buckets=(0.001, 0.01, 0.1, 0.5, 2, 10, 30),
)
DATABASE_IN_USE = Gauge("kinora_database_connections_in_use", "Connections of this process that a transaction holds", ["schema"])
DATABASE_LIMIT = Gauge("kinora_database_connections_limit", "As many may be held at once; more transactions wait", ["schema"])
DATABASE_UNAVAILABLE = Counter("kinora_database_unavailable_total", "Transactions that failed because Postgres was away", ["schema"])
LOOP_FAILURES = Counter("kinora_loop_failures_total", "Times that background work broke off and was begun again", ["loop"])
MEDIA_NOT_REMOVED = Counter("kinora_media_removals_failed_total", "Tries to remove media that ought to be gone, which failed")
BUILD_INFO = Gauge("kinora_build_info", "Always 1: what runs here", ["component", "version"])
CERTIFICATE_EXPIRY = Gauge("kinora_certificate_expiry_timestamp_seconds", "When this process's own certificate ends, as Unix time")


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
