"""Engines in a real Triton, asked as a worker asks them."""

import re
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import tritonclient.grpc.aio as triton_grpc
from kinora.engine.v1.engine_pb2 import Capabilities, RenderEvent, RenderRequest
from kinora_cli.embedded.triton import Triton


@dataclass
class Call:
    """A request on its way."""

    call: Any
    events: AsyncGenerator[RenderEvent]

    def cancel(self) -> None:
        self.call.cancel()

    async def until_progress(self, fraction: float = 0.0) -> None:
        """Returns at the first progress that has come so far."""
        async for event in self.events:
            if event.progress.fraction >= fraction:
                return


def begin(client: triton_grpc.InferenceServerClient, model: str, request: RenderRequest | bytes) -> Call:
    """Asks, and does not wait. Events end with the final one; an error is raised as the client library's."""
    message = request if isinstance(request, bytes) else request.SerializeToString()

    async def requests() -> AsyncIterator[dict[str, Any]]:
        given = triton_grpc.InferInput("request", [len(message)], "UINT8")
        given.set_data_from_numpy(np.frombuffer(message, np.uint8))
        yield {"model_name": model, "inputs": [given]}

    call = client.stream_infer(requests())

    async def events() -> AsyncGenerator[RenderEvent]:
        async for answer, error in call:
            if error is not None:
                raise error
            event = RenderEvent.FromString(answer.as_numpy("event").tobytes())
            yield event
            if event.WhichOneof("event") != "progress":
                return

    return Call(call, events())


async def ask(url: str, model: str, request: RenderRequest | bytes) -> list[RenderEvent]:
    """Every event of one request."""
    async with triton_grpc.InferenceServerClient(url) as client:
        return [event async for event in begin(client, model, request).events]


def pid_of(triton: Triton, model: str) -> int:
    """Of the process that the model runs in."""
    children = Path(f"/proc/{triton.pid}/task").glob("*/children")
    pids = [int(pid) for task in children for pid in task.read_text().split()]
    return next(pid for pid in pids if f"/models/{model}/" in Path(f"/proc/{pid}/cmdline").read_text())


@dataclass
class EngineServer:
    """A Triton with engines, and the folder in which they put their files."""

    triton: Triton
    media: Path

    async def ask(self, model: str, request: RenderRequest | bytes) -> list[RenderEvent]:
        return await ask(self.triton.url, model, request)

    async def sheet(self, model: str) -> Capabilities:
        return (await self.ask(model, RenderRequest(describe=True)))[-1].sheet

    async def metric(self, name: str, **labels: str) -> float:
        """The sum of those with these labels; 0 where there is none."""
        async with httpx.AsyncClient() as client:
            text = (await client.get(self.triton.metrics_url)).text
        lines = re.findall(rf"^{name}\{{(.*)\}} (\S+)$", text, re.MULTILINE)
        wanted = {f'{label}="{value}"' for label, value in labels.items()}
        return sum(float(value) for told, value in lines if wanted <= set(told.split(",")))


TINY = {"threads": "1", "max_sequence_length": "512"}


def server(models: Path, folder: Path, tiny: Path, engines: Sequence[str] = ("world", "ltx2", "cosmos3")) -> EngineServer:
    """The world and the tiny ones, whose random weights lie below `tiny`; not yet started."""
    media = folder / "media"
    parameters = {name: TINY | {"weights": str(tiny / name)} for name in engines if name != "world"}
    return EngineServer(Triton(models, folder, media.as_uri(), models=engines, parameters=parameters, load_timeout_s=500), media)
