"""Frames of a clip as the search for marks wants them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, cast

import av
import numpy as np
from av.video.frame import PictureType
from numpy.typing import NDArray

Luma = NDArray[np.uint8]

_ROUNDING = 0.002  # seconds: of the times that some containers keep


class Frame(NamedTuple):
    """Luma of shape (height, width); whole says that it was coded without others (an I frame)."""

    luma: Luma
    time_s: float
    whole: bool


def frames_of(path: Path, *, per_second: float = 12, start_s: float = 0, seconds: float | None = None) -> Iterator[Frame]:
    """So many frames a second of a file and every whole one. Untrusted files are decoded in a sandbox by the caller."""
    with av.open(str(path)) as clip:
        stream = clip.streams.video[0]
        due = start_s - _ROUNDING
        for frame in clip.decode(stream):
            time = frame.time or 0.0
            if seconds is not None and time >= start_s + seconds:
                return
            whole = frame.pict_type == PictureType.I
            if time >= start_s and (whole or time >= due):
                due = max(due + 1 / per_second, time)
                yield Frame(_luma(frame), time, whole)


def _luma(frame: av.VideoFrame) -> Luma:
    if frame.format.name in {"yuv420p", "yuvj420p", "yuv422p", "yuv444p", "gray"}:
        plane = frame.planes[0]
        rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
        return rows[: frame.height, : frame.width]
    return cast("Luma", frame.to_ndarray(format="gray"))
