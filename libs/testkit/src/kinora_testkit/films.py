"""A place to make films in, and requests for them, as tests of engines need them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from kinora.engine.v1.engine_pb2 import RenderRequest
from kinora_media.store import MediaStore
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
WIDTH, HEIGHT = 64, 64


class Room:
    """kinora_engine.contract.Studio over a real store in a folder; after `leave_after` steps nobody waits, and `gone` is raised."""

    def __init__(self, folder: Path, gone: Exception) -> None:
        self.folder = folder
        self.media = MediaStore.open(f"file://{folder}", signing_secret=b"", public_url="")
        self.told: list[tuple[float, str]] = []
        self.previews: list[Picture | None] = []
        self.steps = 0
        self.leave_after: int | None = None
        self._gone = gone

    def check(self) -> None:
        if self.leave_after is not None and self.steps >= self.leave_after:
            raise self._gone

    def tell(self, fraction: float, stage: str, frame: Picture | Callable[[], Picture | None] | None = None) -> None:
        self.told.append((fraction, stage))
        if frame is not None:
            self.previews.append(frame() if callable(frame) else frame)
        self.check()

    def count(self, steps: int = 1) -> None:
        self.steps += steps


def shot(seconds: float = 0.5, **more: Any) -> dict[str, Any]:
    return {"duration": seconds, "place": "beach", "marks": [{"character": "maya"}], **more}


def board(*shots: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A storyboard; one shot of half a second when none is given."""
    maya = {"id": "maya", "name": "Maya", "feminine": 1.0, **more.pop("maya", {})}
    return {"seed": 7, "characters": [maya], "shots": list(shots) or [shot()], **more}


def ask(storyboard: dict[str, Any] | None = None, prefix: str = "films/a", **more: Any) -> RenderRequest:
    given: dict[str, Any] = {"width": WIDTH, "height": HEIGHT, "fps": 24} | more
    return RenderRequest(attempt_id="1", storyboard_json=json.dumps(storyboard or board()), output_prefix=prefix, **given)


def picture(width: int = WIDTH, height: int = HEIGHT, seed: int = 0) -> Picture:
    return np.random.default_rng(seed).integers(0, 255, (height, width, 3), np.uint8)
