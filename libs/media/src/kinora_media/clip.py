"""A stranger's clip: checked, then decoded in a sandbox into pictures and sound of modest size."""

import json
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import IO

import numpy as np
from numpy.typing import NDArray

from kinora_media import sandbox
from kinora_media.image import Rgb

_MB = 1024 * 1024
_DECODING = sandbox.Limits(memory_bytes=600 * _MB, cpu_s=20, wall_s=40, output_bytes=420 * _MB)
SAMPLE_RATE = 16_000


class BadClip(Exception):
    """The clip cannot be used; `reason` is one of Reasons' names below, the message tells people what would be right.

    NOT_A_VIDEO, UNKNOWN_CODEC, CUT_OFF, CLIP_TOO_LARGE, CLIP_TOO_LONG, TOO_MANY_FRAMES, PICTURE_TOO_LARGE, NO_PICTURE, NO_SOUND, TOO_HEAVY.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class ClipLimits:
    """What may come in, and how much of it is kept: frames at least `every_s` apart, shrunk to `kept_side`.

    With `still`, one frame alone: that at `still_at_s` seconds, or in the middle.
    """

    clip_bytes: int = 40 * _MB
    seconds: float = 40.0
    frames: int = 2_400
    side: int = 1_920
    kept_side: int = 480
    every_s: float = 0.045
    sound: bool = True  # must be there
    still: bool = False
    still_at_s: float | None = None


@dataclass(frozen=True)
class Clip:
    """frames: uint8 (n, height, width, 3), upright, sRGB; times (n,) in seconds from the first; all_times those of every frame that came.

    samples: float32 (m,) mono at SAMPLE_RATE, from the first frame's time on; empty when there is no sound.
    """

    frames: NDArray[np.uint8]
    times: NDArray[np.float64]
    all_times: NDArray[np.float64]
    samples: NDArray[np.float32]

    @property
    def seconds(self) -> float:
        return float(self.all_times[-1])


@contextmanager
def decoded(data: bytes, limits: ClipLimits = ClipLimits()) -> Iterator[IO[bytes]]:  # frozen
    """The decoded clip as a file in memory, for `read`; nothing touches a disk. Blocks for up to 40 s. Raises BadClip."""
    if len(data) > limits.clip_bytes:
        raise BadClip("CLIP_TOO_LARGE", f"The clip has {len(data) // _MB} MB; at most {limits.clip_bytes // _MB} MB are allowed.")
    with _in_memory() as source, _in_memory() as output:
        source.write(data)
        source.flush()
        try:
            sandbox.run("kinora_media.open_clip", kind_of(data), json.dumps(asdict(limits)), source=source, output=output, limits=_DECODING)
        except sandbox.Refused as refused:
            reason, _, message = str(refused).partition(": ")
            raise BadClip(reason, message) from refused
        except sandbox.Broke as broke:
            raise BadClip("TOO_HEAVY", "The clip is broken, or takes too much memory or time to open.") from broke
        yield output


def still(data: bytes, at_s: float | None, side: int) -> tuple[Rgb, float]:
    """The picture at `at_s` seconds of a clip with or without sound, or the nearest that it has; in its middle for None.

    Upright, no side above `side` pixels; with it the clip's length in seconds. Blocks for up to 40 s. Raises BadClip.
    """
    limits = ClipLimits(kept_side=side, sound=False, still=True, still_at_s=at_s)
    with decoded(data, limits) as file:
        clip = read(file)
        return clip.frames[0].copy(), clip.seconds


def kind_of(data: bytes) -> str:
    """FFmpeg's name of the container, by the first bytes. Raises BadClip for any but MP4 and WebM, which alone are ever given to FFmpeg."""
    if data[4:8] == b"ftyp":
        return "mp4"
    if data.startswith(b"\x1aE\xdf\xa3"):
        return "matroska"
    raise BadClip("NOT_A_VIDEO", "The file is no MP4 or WebM video.")


def read(file: IO[bytes]) -> Clip:
    """What `open_clip` wrote; the pictures stay in the file and are mapped."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        length = int.from_bytes(held[-8:], "little")
        about = json.loads(held[-8 - length : -8])
    shape = (about["kept"], about["height"], about["width"], 3)
    frames: NDArray[np.uint8] = np.memmap(file, np.uint8, "r", 0, shape)
    samples = np.memmap(file, np.int16, "r", frames.nbytes, (about["samples"],)) if about["samples"] else np.zeros(0, np.int16)
    return Clip(frames, np.array(about["times"]), np.array(about["all_times"]), samples.astype(np.float32) / np.float32(32768))


@contextmanager
def _in_memory() -> Iterator[IO[bytes]]:
    with os.fdopen(os.memfd_create("clip"), "w+b") as file:
        yield file
