"""The outermost layer: request ids, size limits, access log, metrics and the server span of every request."""

import asyncio
import time
from http import HTTPStatus
from uuid import uuid4

from kinora_kit import attributes, telemetry
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kinora_gateway import access, edge_socket
from kinora_gateway.errors import ApiError

_CLIENT_GONE = 499  # as nginx has it
_DRAIN_S = 5.0


class Edge:
    """Wraps the whole application, its own error answers included."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int) -> None:
        self._app = app
        self._max_body_bytes = max_body_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await edge_socket.run(self._app, scope, receive, send)
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = _Exchange(scope, receive, send, self._max_body_bytes)
        parent = telemetry.parent(exchange.request_headers)
        with telemetry.tracer.start_as_current_span(scope["method"], context=parent, kind=SpanKind.SERVER) as span:
            await exchange.run(self._app)
            exchange.describe(span)


class _Exchange:
    """One request and its answer."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int) -> None:
        self._scope = scope
        self._receive = receive
        self._send = send
        self._usual_limit = limit
        self.request_headers = Headers(scope=scope)
        self._state = scope.setdefault("state", {})
        self._state["headers"] = {}
        self._id = f"req_{uuid4().hex}"
        self._seen = 0
        self._body_done = not ({"content-length", "transfer-encoding"} & set(self.request_headers))
        self._status = 0
        self._began = time.perf_counter()

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope, self.receive, self.send)
        except ClientDisconnect:
            self._status = _CLIENT_GONE
        except Exception:  # noqa: BLE001 - the boundary: the error answer is sent, the traceback belongs into the log
            access.failed(self._scope, self._id)
            self._status = self._status or int(HTTPStatus.INTERNAL_SERVER_ERROR)
        finally:
            access.record(self._scope, method=self._scope["method"], status=self._status, began=self._began, request_id=self._id)

    async def receive(self) -> Message:
        declared = self.request_headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > self._limit:
            raise self._too_large()
        message = await self._read()
        if self._seen > self._limit:
            raise self._too_large()
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            if self._status != HTTPStatus.REQUEST_TIMEOUT:
                await self._drain()
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._id
            headers["x-content-type-options"] = "nosniff"
            headers.update(self._state["headers"])
        await self._send(message)

    def describe(self, span: trace.Span) -> None:
        span.update_name(f"{self._scope['method']} {access.route(self._scope)}")
        span.set_attributes({attributes.HTTP_METHOD: self._scope["method"], attributes.HTTP_ROUTE: access.route(self._scope)})
        span.set_attribute(attributes.HTTP_STATUS, self._status)
        if self._status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            span.set_status(StatusCode.ERROR)

    @property
    def _limit(self) -> int:
        """Of the body, in bytes. A route that takes larger ones says so before it reads."""
        limit: int = self._state.get("max_body_bytes", self._usual_limit)
        return limit

    async def _read(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            self._body_done = not message.get("more_body", False)
        else:
            self._body_done = True
        return message

    async def _drain(self) -> None:
        """Reads what the client is still sending: many read our answer only when they are done. A waiting client (Expect) is spared it."""
        if self._body_done or self.request_headers.get("expect", "").lower() == "100-continue":
            return
        try:
            async with asyncio.timeout(_DRAIN_S):
                while not self._body_done and self._seen < 4 * self._limit:
                    await self._read()
        except TimeoutError:
            return

    def _too_large(self) -> ApiError:
        return ApiError(413, "request_too_large", f"The request's body is larger than {self._limit} bytes.")
