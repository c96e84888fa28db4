"""What a service streams, as server-sent events."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TypeVar

import grpc
from kinora_kit.errors import from_rpc_error
from sse_starlette import EventSourceResponse, ServerSentEvent

from kinora_gateway.errors import from_remote
from kinora_gateway.schemas import ErrorBody, ErrorDetail
from kinora_gateway.session import Session

R = TypeVar("R")
RETRY_MS = 2000


async def respond(session: Session, updates: AsyncGenerator[R, None], event: Callable[[R], ServerSentEvent]) -> EventSourceResponse:
    """Each update as `event` makes it. Waits for the first: while there still is a status line to refuse with."""
    first = await anext(updates)
    return EventSourceResponse(_events(first, updates, event), ping=session.gateway.settings.sse_ping_s, send_timeout=30)


async def _events(first: R, updates: AsyncGenerator[R, None], event: Callable[[R], ServerSentEvent]) -> AsyncIterator[ServerSentEvent]:
    try:
        async with aclosing(updates):
            yield event(first)
            async for update in updates:
                yield event(update)
    except grpc.RpcError as error:
        yield _failure(error)


def _failure(error: grpc.RpcError) -> ServerSentEvent:
    """The stream broke, not what it tells of."""
    fault = from_remote(from_rpc_error(error))
    detail = ErrorDetail(message=fault.message, type="server_error", param=fault.param, code=fault.code)
    return ServerSentEvent(ErrorBody(error=detail).model_dump_json(), event="error", retry=RETRY_MS)
