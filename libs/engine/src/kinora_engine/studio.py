"""What the boundary gives an engine for one clip."""

import math
import time
from collections.abc import Callable

from kinora.engine.v1.engine_pb2 import RenderEvent, RenderProgress
from kinora_media.image import webp
from kinora_media.store import MediaStore

from .contract import Cancelled, Newest, Picture

REPORT_S = 0.5
PREVIEW_BYTES = 40_000
_PREVIEWS = ((320, 60), (320, 30), (240, 20), (160, 10))  # longest side in pixels and quality: noise is hard to compress


class LiveStudio:
    """A Studio whose audience is reached by `send`, and asked by `cancelled` whether it still waits."""

    def __init__(
        self, media: MediaStore, *, send: Callable[[RenderEvent], None], cancelled: Callable[[], bool], counted: Callable[[int], None]
    ) -> None:
        self.media = media
        self._send, self._cancelled, self._counted = send, cancelled, counted
        self._told, self._fraction = -math.inf, 0.0

    def check(self) -> None:
        if self._cancelled():
            raise Cancelled

    def tell(self, fraction: float, stage: str, frame: Newest = None) -> None:
        """Says so at most twice a second: what comes between is not sent, nor is its picture made."""
        self.check()
        self._fraction = max(self._fraction, min(1.0, fraction))
        if time.monotonic() - self._told < REPORT_S:
            return
        self._told = time.monotonic()
        picture = frame() if callable(frame) else frame
        preview = preview_of(picture) if picture is not None else b""
        self._send(RenderEvent(progress=RenderProgress(fraction=self._fraction, stage=stage, preview_webp=preview)))

    def count(self, steps: int = 1) -> None:
        self._counted(steps)


def preview_of(picture: Picture) -> bytes:
    """A WebP of PREVIEW_BYTES at most; empty when even the smallest has more."""
    for side, quality in _PREVIEWS:
        made = webp(picture, side, quality=quality)
        if len(made) <= PREVIEW_BYTES:
            return made
    return b""
