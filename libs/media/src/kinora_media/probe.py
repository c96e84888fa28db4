"""What a finished video file holds. For files of our own making only: the decoder runs in this process."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.video.reformatter import Colorspace
from numpy.typing import NDArray

from kinora_media.image import Rgb


class BadVideo(Exception):
    """The file is missing, broken, or has no picture."""


@dataclass(frozen=True)
class Probe:
    """Seconds, pixels, frames a second; codecs by FFmpeg's names, the audio's empty when there is no sound."""

    duration: float
    width: int
    height: int
    fps: Fraction
    frames: int
    video_codec: str
    audio_codec: str = ""
    sample_rate: int = 0

    @property
    def has_audio(self) -> bool:
        return bool(self.audio_codec)


def probe(path: Path) -> Probe:
    """Reads the headers alone."""
    try:
        with av.open(path) as container:
            return _describe(container)
    except (av.FFmpegError, OSError) as error:
        raise BadVideo(f"The file cannot be read as a video: {error}") from error


def frames(path: Path) -> Iterator[Rgb]:
    """Decodes every picture in order."""
    with av.open(path) as container:
        for frame in container.decode(video=0):
            yield frame.to_ndarray(format="rgb24", src_colorspace=Colorspace.ITU709).astype(np.uint8, copy=False)


def samples(path: Path) -> NDArray[np.float32]:
    """Decodes the sound, shape (samples, channels)."""
    with av.open(path) as container:
        return np.concatenate([frame.to_ndarray().T for frame in container.decode(audio=0)])


def _describe(container: av.container.InputContainer) -> Probe:
    if not container.streams.video:
        raise BadVideo("The file holds no picture.")
    video = container.streams.video[0]
    audio = container.streams.audio[0] if container.streams.audio else None
    return Probe(
        duration=(container.duration or 0) / av.time_base,
        width=video.width,
        height=video.height,
        fps=Fraction(video.average_rate or 0),
        frames=video.frames,
        video_codec=video.codec_context.name,
        audio_codec=audio.codec_context.name if audio else "",
        sample_rate=audio.sample_rate if audio else 0,
    )
