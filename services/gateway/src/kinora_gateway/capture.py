"""A live capture: the WebSocket of a browser or app on one side, identity's stream on the other."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import grpc
from fastapi import WebSocket
from kinora.identity.v1.liveness_service_pb2 import CaptureRequest, CaptureResponse, Stop
from kinora_kit.errors import from_rpc_error
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from kinora_gateway import errors, json_text, liveness
from kinora_gateway.errors import ApiError, invalid
from kinora_gateway.session import Session

PROTOCOL, _BEARER = "kinora.capture", "bearer."
_CLOSE = 4000  # plus the HTTP status that says the same
_MAX_WORD = 80
_Call = grpc.aio.StreamStreamCall[CaptureRequest, CaptureResponse]


def token(socket: WebSocket) -> str | None:
    """From the Authorization header or, since scripts in browsers cannot set it, from the offered subprotocol `bearer.<access token>`.

    No browser sends either on its own, as it would a cookie, so pages of other sites get nowhere; and no URL, so no log, holds it.
    """
    scheme, _, credentials = socket.headers.get("authorization", "").partition(" ")
    if credentials:
        return credentials if scheme.lower() == "bearer" else None
    offered = (each for each in socket.scope["subprotocols"] if each.startswith(_BEARER))
    return next(offered, "").removeprefix(_BEARER) or None


@asynccontextmanager
async def accepted(socket: WebSocket) -> AsyncGenerator[None, None]:
    """Closes in the end; what is refused inside is told as the API's JSON error before, with the close code 4000 + status."""
    await socket.accept(subprotocol=PROTOCOL if PROTOCOL in socket.scope["subprotocols"] else None)
    try:
        try:
            yield
        except ApiError as error:
            await _refuse(socket, error)
        except grpc.RpcError as error:
            await _refuse(socket, errors.from_remote(from_rpc_error(error)))
        else:
            await socket.close()
    except WebSocketDisconnect:
        return


async def relay(socket: WebSocket, session: Session, session_id: str) -> None:
    """Until identity has the clip. Raises ApiError for a wrong frame, grpc.RpcError as identity answers, WebSocketDisconnect."""
    call: _Call = session.converse(session.gateway.liveness.Capture, timeout_s=session.gateway.settings.capture_timeout_s)
    upward = asyncio.create_task(_upward(socket, call, session_id))
    downward = asyncio.create_task(_downward(call, socket))
    try:
        done, _ = await asyncio.wait({upward, downward}, return_when=asyncio.FIRST_COMPLETED)
        if upward in done:
            upward.result()
        await downward
    finally:
        call.cancel()
        upward.cancel()
        downward.cancel()
        await asyncio.gather(upward, downward, return_exceptions=True)


async def _upward(socket: WebSocket, call: _Call, session_id: str) -> None:
    """Frame by frame, so that a slow neighbour slows the client down, and nothing piles up here."""
    try:
        await call.write(CaptureRequest(session_id=session_id))
        message = None
        while message is None or not message.HasField("done"):
            message = _message(await socket.receive())
            await call.write(message)
        await call.done_writing()
    except (grpc.RpcError, asyncio.InvalidStateError):
        return  # the call is over; `_downward` learns why


async def _downward(call: _Call, socket: WebSocket) -> None:
    async for reply in call:
        await socket.send_json(_frame(reply))


def _message(received: Message) -> CaptureRequest:
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1006))
    if received.get("bytes") is not None:
        return CaptureRequest(chunk=received["bytes"])
    return _told(received["text"])


def _told(text: str) -> CaptureRequest:
    try:
        fields = json_text.parse(text)
    except ValueError as error:
        raise invalid(None, f"A text frame must be JSON: {error}.", code="invalid_json") from None
    json_text.check(fields, "typed")
    if fields == {"done": True}:
        return CaptureRequest(done=Stop())
    if isinstance(fields, dict) and fields.keys() == {"typed"} and isinstance(fields["typed"], str) and len(fields["typed"]) <= _MAX_WORD:
        return CaptureRequest(typed=fields["typed"])
    raise invalid("typed", f'A text frame is {{"typed": "a word"}} of at most {_MAX_WORD} characters, or {{"done": true}}.')


def _frame(reply: CaptureResponse) -> dict[str, Any]:
    if reply.HasField("prompt"):
        return {"prompt": liveness.prompt(reply.prompt).model_dump()}
    if reply.HasField("session"):
        return {"session": liveness.session(reply.session).model_dump()}
    return {"stop": {}}


async def _refuse(socket: WebSocket, error: ApiError) -> None:
    await socket.send_json(errors.body(error))
    await socket.close(_CLOSE + error.status, error.code)
