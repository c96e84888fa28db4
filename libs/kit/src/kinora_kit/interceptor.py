"""What every call goes through: identity, deadline, trace, log, metrics, and errors turned into statuses."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import grpc
import structlog
from opentelemetry.trace import SpanKind

from kinora_kit import attributes, identity, log, metrics, telemetry
from kinora_kit.errors import KinoraError, to_status
from kinora_kit.ids import uuid7

OPEN = ("/grpc.health.", "/grpc.reflection.")  # no identity needed
_log = log.get("kinora.rpc")
Context = grpc.aio.ServicerContext[Any, Any]


class DeadlineExceeded(KinoraError):
    code = grpc.StatusCode.DEADLINE_EXCEEDED


class InternalError(KinoraError):
    code = grpc.StatusCode.INTERNAL


class Unimplemented(KinoraError):
    code = grpc.StatusCode.UNIMPLEMENTED


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Rejects calls without a valid identity; bounds calls whose client set no deadline (seconds)."""

    def __init__(self, secret: bytes, *, deadline_s: float = 30, stream_deadline_s: float = 3600) -> None:
        self._secret, self._deadline_s, self._stream_deadline_s = secret, deadline_s, stream_deadline_s

    async def intercept_service(
        self, continuation: Callable[[grpc.HandlerCallDetails], Awaitable[Any]], handler_call_details: grpc.HandlerCallDetails
    ) -> Any:
        handler: Any = await continuation(handler_call_details)
        method = handler_call_details.method
        if handler is None or method.startswith(OPEN):
            return handler
        headers = {key: value for key, value in handler_call_details.invocation_metadata or () if isinstance(value, str)}
        wrap = self._streaming if handler.response_streaming else self._single
        return wrap(handler, method, headers)

    def _single(self, handler: Any, method: str, headers: Mapping[str, str]) -> Any:
        behaviour = handler.stream_unary if handler.request_streaming else handler.unary_unary
        make: Any = grpc.stream_unary_rpc_method_handler if handler.request_streaming else grpc.unary_unary_rpc_method_handler

        async def call(request: Any, context: Context) -> Any:
            async with self._guarded(method, headers, context, self._deadline_s):
                return await behaviour(request, context)

        return make(call, handler.request_deserializer, handler.response_serializer)

    def _streaming(self, handler: Any, method: str, headers: Mapping[str, str]) -> Any:
        behaviour = handler.stream_stream if handler.request_streaming else handler.unary_stream
        make: Any = grpc.stream_stream_rpc_method_handler if handler.request_streaming else grpc.unary_stream_rpc_method_handler

        async def call(request: Any, context: Context) -> AsyncIterator[Any]:
            async with self._guarded(method, headers, context, self._stream_deadline_s):
                async for response in behaviour(request, context):
                    yield response

        return make(call, handler.request_deserializer, handler.response_serializer)

    @asynccontextmanager
    async def _guarded(self, method: str, headers: Mapping[str, str], context: Context, deadline_s: float) -> AsyncIterator[None]:
        try:
            with _observed(method, headers):
                identity.set_current(identity.verify(headers.get(identity.HEADER), self._secret))
                structlog.contextvars.bind_contextvars(account_id=identity.current().account_id)
                async with _deadline(context, deadline_s):
                    yield
        except KinoraError as error:
            await context.abort_with_status(to_status(error))


@asynccontextmanager
async def _deadline(context: Context, seconds: float) -> AsyncIterator[None]:
    limit = None if context.time_remaining() is not None else seconds  # gRPC itself enforces the client's
    try:
        async with asyncio.timeout(limit) as timeout:
            yield
    except TimeoutError as error:
        if timeout.expired():
            raise DeadlineExceeded(f"not done within {seconds:g} s; set a longer deadline") from error
        raise


@contextmanager
def _observed(method: str, headers: Mapping[str, str]) -> Iterator[None]:
    """Trace, time and log one call. Leaves nothing but KinoraError, AbortError and CancelledError to escape."""
    started, code = time.perf_counter(), "OK"
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(method=method)
    span = telemetry.tracer.start_as_current_span(
        method, telemetry.parent(headers), SpanKind.SERVER, {attributes.RPC_SYSTEM: "grpc", attributes.RPC_METHOD: method}
    )
    with span:
        try:
            yield
        except BaseException as raised:
            error = _expected(raised)
            code = _code(error)
            if error is raised:
                raise
            raise error from raised
        finally:
            seconds = time.perf_counter() - started
            metrics.RPC_SECONDS.labels(method, code).observe(seconds)
            _log.info("rpc.done", code=code, seconds=round(seconds, 4))


def _expected(error: BaseException) -> BaseException:
    """A caller may see expected errors; for any other it gets a number to quote, and the log the traceback."""
    if isinstance(error, KinoraError):
        _log.info("rpc.refused", reason=error.reason, message=error.message, param=error.param)
        return error
    if isinstance(error, grpc.aio.AbortError | asyncio.CancelledError | GeneratorExit):
        return error
    if isinstance(error, NotImplementedError):  # raised by generated servicers
        return Unimplemented("this server does not offer that method")
    error_id = str(uuid7())
    _log.error("rpc.crashed", error_id=error_id, exc_info=error)
    return InternalError(f"something went wrong on our side; quote {error_id}", error_id=error_id)


def _code(error: BaseException) -> str:
    if isinstance(error, KinoraError):
        return error.code.name
    return "ABORTED_BY_HANDLER" if isinstance(error, grpc.aio.AbortError) else "CANCELLED"
