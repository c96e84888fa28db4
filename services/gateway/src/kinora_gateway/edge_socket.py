"""The outermost layer of a WebSocket: request id, access log, metrics and span. Its close code stands where a request has its status."""

import time
from uuid import uuid4

from kinora_kit import attributes, telemetry
from opentelemetry.trace import SpanKind, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kinora_gateway import access

NORMAL, ABNORMAL, INTERNAL_ERROR, FAULTS = 1000, 1006, 1011, 4500


async def run(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    socket = _Socket(scope, receive, send)
    parent = telemetry.parent(Headers(scope=scope))
    with telemetry.tracer.start_as_current_span("WEBSOCKET", context=parent, kind=SpanKind.SERVER) as span:
        await socket.run(app)
        span.update_name(f"WEBSOCKET {access.route(scope)}")
        span.set_attributes({attributes.HTTP_METHOD: "WEBSOCKET", attributes.HTTP_ROUTE: access.route(scope)})
        span.set_attribute(attributes.HTTP_STATUS, socket.code)
        if socket.code == INTERNAL_ERROR or socket.code >= FAULTS:
            span.set_status(StatusCode.ERROR)


class _Socket:
    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        scope.setdefault("state", {})["headers"] = {}
        self._id = f"req_{uuid4().hex}"
        self._began = time.perf_counter()
        self.code = ABNORMAL

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope, self.receive, self.send)
        except Exception:  # noqa: BLE001 - the boundary: the socket is closed, the traceback belongs into the log
            access.failed(self._scope, self._id)
            await self.send({"type": "websocket.close", "code": INTERNAL_ERROR})
        finally:
            access.record(self._scope, method="WEBSOCKET", status=self.code, began=self._began, request_id=self._id)

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "websocket.disconnect":
            self.code = message.get("code", ABNORMAL)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "websocket.accept":
            MutableHeaders(scope=message)["x-request-id"] = self._id
        if message["type"] == "websocket.close":
            self.code = message.get("code", NORMAL)
        await self._send(message)
