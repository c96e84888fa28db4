"""One request from its bytes to its one final answer, whatever happens in between. Triton is at the other end of the Line."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from kinora.engine.v1.engine_pb2 import RenderEvent, RenderRefusal, RenderRequest
from kinora_kit import attributes, telemetry
from kinora_media.store import MediaStore, MediaUnavailable
from opentelemetry.trace import StatusCode

from . import memory
from .asked import read
from .checks import check
from .contract import Cancelled, Engine, Refused
from .studio import LiveStudio

Outcome = Literal["ok", "refused", "cancelled", "failed", "oom", "described"]
OUT_OF_MEMORY = "out of memory: this clip needs more than the engine has; a smaller or shorter one may fit"


class Line(Protocol):
    """To whoever asked, while the clip is made."""

    def send(self, event: RenderEvent) -> None:
        """Something that is not the end."""

    def cancelled(self) -> bool:
        """Whether nobody waits any more."""


@dataclass(frozen=True)
class Ending:
    """An event, or else an error, which is tried again. `log` quotes nothing of the request: a storyboard is private."""

    outcome: Outcome
    log: str
    event: RenderEvent | None = None
    error: str = ""


def answer(engine: Engine, media: MediaStore, message: bytes, line: Line, counted: Callable[[int], None]) -> Ending:
    """Never raises, and leaves no memory taken by a job that failed."""
    try:
        asked = read(message)
    except Refused as refused:
        return _refused(refused, "a request")
    studio = LiveStudio(media, send=line.send, cancelled=line.cancelled, counted=counted)
    parent = telemetry.parent({telemetry.TRACEPARENT: asked.traceparent})
    # An exception that passes through a span is recorded with its message, which might quote the storyboard: none does.
    with telemetry.tracer.start_as_current_span("describe" if asked.describe else "render", parent) as span:
        ending = _attempt(engine, asked, studio)
        span.set_attribute(attributes.OUTCOME, ending.outcome)
        if ending.error:
            span.set_status(StatusCode.ERROR, ending.log)
    if ending.outcome in {"failed", "oom"}:
        memory.give_back()  # only now does no traceback hold the job's frames any more
    return ending


def _attempt(engine: Engine, asked: RenderRequest, studio: LiveStudio) -> Ending:
    began = time.monotonic()
    try:
        if asked.describe:
            return Ending("described", "described", RenderEvent(sheet=engine.sheet()))
        studio.check()
        check(asked, engine.sheet())
        result = engine.render(asked, studio)
    except Cancelled:
        return Ending("cancelled", f"cancelled {asked.attempt_id}", error="cancelled by the client")
    except Refused as refused:
        return _refused(refused, asked.attempt_id)
    except Exception as error:  # noqa: BLE001 - the boundary: the job fails, the engine lives
        return _failed(error, asked.attempt_id)
    return Ending("ok", f"rendered {asked.attempt_id} in {time.monotonic() - began:.1f} s", RenderEvent(result=result))


def _refused(refused: Refused, who: str) -> Ending:
    told = RenderEvent(refusal=RenderRefusal(code=refused.code, message=str(refused)))
    return Ending("refused", f"refused {who}: {refused.code}", told)


def _failed(error: Exception, who: str) -> Ending:
    """What went wrong and where in the code. Messages are kept out, but for the media store's, which speak of keys alone."""
    what = f"{type(error).__name__} at {_place(error)}"
    if memory.ran_out(error):
        return Ending("oom", f"out of memory {who}: {what}", error=f"{OUT_OF_MEMORY} ({what})")
    if isinstance(error, MediaUnavailable):
        what = f"{what}: {error}"
    return Ending("failed", f"failed {who}: {what}", error=what)


def _place(error: Exception) -> str:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
