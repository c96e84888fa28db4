"""A finished video as a stream of pictures and sound, in the file's order. For files of our own making only: it decodes in this process."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple, cast

import av
import numpy as np
from av.container import InputContainer
from av.video.reformatter import ColorRange, VideoReformatter
from numpy.typing import NDArray

from kinora_media.planes import TO_PLANES, Planes
from kinora_media.probe import BadVideo

SAMPLE_RATE = 48_000


class Picture(NamedTuple):
    """`at_s` counts from the first picture on."""

    at_s: float
    planes: Planes


class Sound(NamedTuple):
    """The next portion, of shape (samples, 2) at SAMPLE_RATE; the first begins with the first picture."""

    samples: NDArray[np.float32]


def film(path: Path) -> Iterator[Picture | Sound]:
    """Holds a frame at a time. Raises BadVideo for a file that is broken, cut short, or whose pictures are not evenly spaced."""
    try:
        with av.open(path) as container:
            if not container.streams.video:
                raise BadVideo("The file holds no picture.")
            yield from _Decoding(container).parts()
    except (av.FFmpegError, OSError) as error:
        raise BadVideo(f"The file cannot be read as a video: {error}") from error


class _Decoding:
    """One file's decoders."""

    def __init__(self, container: InputContainer) -> None:
        self._container, self._video = container, container.streams.video[0]
        self._start = (self._video.start_time or 0) * (self._video.time_base or Fraction(0))
        self._every = 1 / Fraction(self._video.average_rate or 1)
        self._resampler, self._reformatter = av.AudioResampler("flt", "stereo", SAMPLE_RATE), VideoReformatter()
        self._shown = 0
        self._heard = False

    def parts(self) -> Iterator[Picture | Sound]:
        for frame in self._container.decode(self._video, *self._container.streams.audio[:1]):
            if isinstance(frame, av.VideoFrame):
                yield self._picture(frame)
            elif isinstance(frame, av.AudioFrame):
                yield from self._sounds(frame)
        if self._shown < max(1, self._video.frames):
            raise BadVideo(f"The file promises {self._video.frames} pictures and holds {self._shown}.")
        if self._heard:
            yield from self._sounds(None)

    def _picture(self, frame: av.VideoFrame) -> Picture:
        at = self._since_start(frame)
        if abs(at - self._shown * self._every) > self._every / 2:
            raise BadVideo(f"Picture {self._shown} comes at {float(at):.3f} s: the pictures are not evenly spaced.")
        self._shown += 1
        return Picture(float(at), self._planes(frame))

    def _planes(self, frame: av.VideoFrame) -> Planes:
        if frame.format.name != "yuv420p" or frame.color_range == ColorRange.JPEG:
            frame = self._reformatter.reformat(frame, format="yuv420p", **{**TO_PLANES, "src_color_range": frame.color_range})
        return cast("Planes", frame.to_ndarray())

    def _sounds(self, frame: av.AudioFrame | None) -> Iterator[Sound]:
        ahead = 0
        if frame is not None and not self._heard:
            ahead = round(self._since_start(frame) * SAMPLE_RATE)
            self._heard = True
        if ahead > 0:
            yield Sound(np.zeros((ahead, 2), np.float32))
        for part in self._resampler.resample(frame):
            yield Sound(part.to_ndarray().reshape(-1, 2)[max(0, -ahead) :].astype(np.float32, copy=False))

    def _since_start(self, frame: av.VideoFrame | av.AudioFrame) -> Fraction:
        return (frame.pts or 0) * (frame.time_base or Fraction(0)) - self._start
