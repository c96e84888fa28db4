"""A clip that arrives piece by piece, into a temporary file."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from types import TracebackType
from typing import Any, Self

from kinora.identity.v1 import liveness_service_pb2 as pb

from kinora_identity.liveness.domain import MAX_CHUNK_BYTES, MAX_CLIP_BYTES, CaptureFailed, CaptureInvalid, check_typed
from kinora_identity.liveness.revealing import clock

PREFIX = "kinora-liveness-"
SILENCE_S = 10.0


async def next_message(requests: AsyncIterator[pb.CaptureRequest]) -> pb.CaptureRequest:
    """Raises CaptureFailed when none comes."""
    try:
        async with asyncio.timeout(SILENCE_S):
            return await anext(requests)
    except (TimeoutError, StopAsyncIteration):
        raise CaptureFailed("CAPTURE_BROKEN_OFF") from None


class Intake:
    """Reads what a client sends, in a task of its own, for as long as the block lasts; then the file is gone."""

    def __init__(self, requests: AsyncIterator[pb.CaptureRequest]) -> None:
        self._requests, self._size = requests, 0
        self._file = NamedTemporaryFile(prefix=PREFIX)  # noqa: SIM115 - closed by __aexit__
        self.path = Path(self._file.name)
        self.typed: list[str] = []
        self.began: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.last = 0.0
        self.task = asyncio.create_task(self._read())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)
        self._file.close()

    async def first_bytes(self, deadline: float) -> float:
        """When they arrived. Raises CaptureFailed, CaptureInvalid."""
        await self._wait(deadline, self.began)
        if not self.began.done():
            raise CaptureFailed("CAPTURE_BROKEN_OFF" if self.task.done() else "CAPTURE_TOO_LATE")
        return self.began.result()

    async def until(self, moment: float, deadline: float) -> None:
        """Waits. Raises CaptureFailed when the client says no more or time runs out, CaptureInvalid."""
        await self._wait(min(moment, deadline))
        if clock() >= deadline:
            raise CaptureFailed("CAPTURE_TOO_LATE")
        if self.task.done():
            raise CaptureFailed("CAPTURE_BROKEN_OFF")

    async def rest(self, seconds: float, deadline: float) -> None:
        """Waits until all is in. Raises as `until`."""
        await self._wait(min(clock() + seconds, deadline))
        if not self.task.done():
            raise CaptureFailed("CAPTURE_TOO_LATE" if clock() >= deadline else "CAPTURE_BROKEN_OFF")
        self._file.flush()

    async def _wait(self, moment: float, *others: asyncio.Future[Any]) -> None:
        awaited: list[asyncio.Future[Any]] = [self.task, *others]
        await asyncio.wait(awaited, timeout=max(0.0, moment - clock()), return_when=asyncio.FIRST_COMPLETED)
        if self.task.done():
            self.task.result()

    async def _read(self) -> None:
        """Until the client is done."""
        while True:
            message = await next_message(self._requests)
            match message.WhichOneof("message"):
                case "chunk":
                    self._take(message.chunk)
                case "typed":
                    self.typed = check_typed([*self.typed, message.typed])
                case "done":
                    return
                case _:
                    raise CaptureInvalid("After session_id, a message is a chunk, typed or done.", param="message")

    def _take(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if len(chunk) > MAX_CHUNK_BYTES or self._size > MAX_CLIP_BYTES:
            raise CaptureFailed("CLIP_TOO_LARGE")
        if not chunk:
            return
        self.last = clock()
        if not self.began.done():
            self.began.set_result(self.last)
        self._file.write(chunk)
