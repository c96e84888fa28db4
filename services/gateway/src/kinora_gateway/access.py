"""What is told of every exchange once it is over: one log line and two metrics."""

import time

from kinora_kit import log
from prometheus_client import Counter, Histogram
from starlette.types import Scope

_log = log.get("kinora.gateway")
_requests = Counter("kinora_http_requests", "HTTP requests answered.", ["method", "route", "status"])
_seconds = Histogram(
    "kinora_http_request_seconds", "Time to the end of the answer.", ["method", "route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)  # fmt: skip
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "WEBSOCKET"})


def route(scope: Scope) -> str:
    """The route's template: paths hold ids and signed tokens."""
    return getattr(scope.get("route"), "path", "unknown")


def record(scope: Scope, *, method: str, status: int, began: float, request_id: str) -> None:
    """`began` by time.perf_counter()."""
    seconds, state = time.perf_counter() - began, scope["state"]
    known = method if method in _METHODS else "OTHER"
    _requests.labels(known, route(scope), str(status)).inc()
    _seconds.labels(known, route(scope)).observe(seconds)
    _log.info(
        "http.request", method=known, route=route(scope), status=status, duration_ms=round(seconds * 1000, 1),
        request_id=request_id, key_id=state.get("key_id"), account_id=state.get("account_id"),
    )  # fmt: skip


def failed(scope: Scope, request_id: str) -> None:
    """Logs the exception at hand with its traceback."""
    _log.exception("http.failed", request_id=request_id, route=route(scope))
