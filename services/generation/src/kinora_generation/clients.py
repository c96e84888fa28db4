"""The engines, behind Triton's gRPC stream."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import numpy as np
from google.protobuf.message import DecodeError
from kinora.engine.v1.engine_pb2 import Capabilities, RenderEvent, RenderProgress, RenderRefusal, RenderRequest, RenderResult
from tritonclient.grpc import InferInput
from tritonclient.grpc.aio import InferenceServerClient
from tritonclient.utils import InferenceServerException

# Given options replace the client's own, its unlimited message size among them. Without a cap on the pause between two attempts to
# connect, an engine that was away for long would be noticed minutes after its return.
_CHANNEL = [
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
    ("grpc.initial_reconnect_backoff_ms", 200),
    ("grpc.max_reconnect_backoff_ms", 2_000),
]
_READY_S = 5.0
_DESCRIBE_S = 10.0


class EngineLost(Exception):
    """The engine went away, broke, or fell silent before it answered; another try may succeed."""


class Triton:
    """A connection to one inference server; make it inside the running event loop."""

    def __init__(self, url: str, *, silence_s: float) -> None:
        self._client = InferenceServerClient(url, channel_args=_CHANNEL)
        self._silence_s = silence_s

    async def ready(self, model: str) -> bool:
        try:
            return bool(await self._client.is_model_ready(model, client_timeout=_READY_S))
        except (InferenceServerException, grpc.RpcError):
            return False

    async def render(
        self, model: str, request: RenderRequest, on_progress: Callable[[RenderProgress], None]
    ) -> RenderResult | RenderRefusal:
        """Follows one render to its end; raises EngineLost. Cancelling this task cancels the engine."""
        stream = self._client.stream_infer(_asked(model, request))
        try:
            async for event in self._events(stream):
                if event.HasField("progress"):
                    on_progress(event.progress)
                elif event.HasField("result"):
                    return event.result
                elif event.HasField("refusal"):
                    return event.refusal
        except grpc.aio.AioRpcError as error:
            raise EngineLost(f"{error.code().name}: {error.details()}") from error
        finally:
            stream.cancel()
        raise EngineLost("the stream ended without a result")

    async def describe(self, model: str) -> Capabilities | None:
        """The engine's sheet; None when it does not say, being too old for the question, busy or gone."""
        stream = self._client.stream_infer(_asked(model, RenderRequest(describe=True)))
        try:
            async with asyncio.timeout(_DESCRIBE_S):
                async for event in self._events(stream):
                    return event.sheet if event.HasField("sheet") else None
        except (EngineLost, DecodeError, TimeoutError, grpc.aio.AioRpcError):
            return None
        finally:
            stream.cancel()
        return None

    async def _events(self, stream: Any) -> AsyncIterator[RenderEvent]:
        while True:
            try:
                async with asyncio.timeout(self._silence_s):
                    answer, error = await anext(stream)
            except StopAsyncIteration:
                return
            except TimeoutError:
                raise EngineLost(f"no message for {self._silence_s:g} s") from None
            if error is not None:
                raise EngineLost(error.message())
            event = answer.as_numpy("event")
            if event is not None and event.size:
                yield RenderEvent.FromString(event.tobytes())

    async def close(self) -> None:
        await self._client.close()


async def _asked(model: str, request: RenderRequest) -> AsyncIterator[dict[str, object]]:
    message = np.frombuffer(request.SerializeToString(), np.uint8)
    given = InferInput("request", [len(message)], "UINT8")
    given.set_data_from_numpy(message)
    yield {"model_name": model, "inputs": [given], "request_id": request.attempt_id}
