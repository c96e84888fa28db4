"""What an engine is to the boundary, and the boundary to an engine (ADR 0017)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from kinora.engine.v1.engine_pb2 import Capabilities, RenderRequest, RenderResult
from kinora_media.store import MediaStore
from numpy.typing import NDArray

Picture = NDArray[np.uint8]  # (height, width, 3), RGB
Newest = Picture | Callable[[], Picture | None] | None  # the newest frame, or what makes it when it is going to be shown


@dataclass(frozen=True)
class Instance:
    """One of a model's instances. `gpu` is the number of its GPU, None on a CPU; `parameters` are those of its config.pbtxt."""

    model: str
    name: str = ""
    gpu: int | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)


class Cancelled(Exception):
    """Whoever asked no longer waits."""


class Refused(Exception):
    """The request can never succeed: `code` is stable, the message says what was wrong, where, and what would be right."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Studio(Protocol):
    """What an engine has at hand while it makes one clip."""

    media: MediaStore

    def check(self) -> None:
        """Raises Cancelled as soon as nobody waits: ask between two steps, and before what cannot be undone."""

    def tell(self, fraction: float, stage: str, frame: Newest = None) -> None:
        """How far the work is (0 to 1, never falling), in words for people, and the newest frame. Cheap. Raises Cancelled."""

    def count(self, steps: int = 1) -> None:
        """Frames drawn or steps of denoising done, for the metrics."""


class Engine(Protocol):
    """One instance makes one clip at a time."""

    def sheet(self) -> Capabilities:
        """What it can do with the weights it has; the same for as long as it lives."""

    def render(self, asked: RenderRequest, studio: Studio) -> RenderResult:
        """Makes and stores one clip. Raises Refused, Cancelled, or whatever went wrong: that fails the job alone, and it is tried again."""
