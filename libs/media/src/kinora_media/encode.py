"""Films out, encoded on a thread of its own while the caller makes the next frame: MP4 with H.264 and AAC, WebM with AV1 and Opus."""

import os
import queue
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import av
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from numpy.typing import NDArray

from kinora_media.image import Rgb
from kinora_media.planes import TO_PLANES, Planes

_AHEAD = 8  # frames that may wait for the encoder: 22 MB at 720p
_KEYFRAME_EVERY = 48
os.environ.setdefault("SVT_LOG", "1")  # the AV1 encoder tells its settings to standard error otherwise


# max_interleave_delta 0: packets wait until the other stream has caught up, however late the sound comes.
_CONTAINER = {"fflags": "+bitexact", "max_interleave_delta": "0"}


@dataclass(frozen=True)
class Recipe:
    """How a film is written, in FFmpeg's names."""

    container: str
    container_options: Mapping[str, str]
    video: str
    video_options: Mapping[str, str]
    threads: int
    audio: str
    sound_bit_rate: int


class FilmWriter:
    """Writes one film (yuv420p, BT.709) by its recipe.

    The file appears at `path` only when it is complete. The sound, given in any portions before, between or after the pictures, is cut or
    padded with silence to their exact length; `sound=False` leaves its track out. What fails in the encoder is raised by the next call or
    at the end of the block.
    """

    def __init__(
        self, path: Path, width: int, height: int, fps: int | Fraction, recipe: Recipe, *, sample_rate: int = 48_000, sound: bool = True
    ) -> None:
        if width % 2 or height % 2:
            raise ValueError(f"A 4:2:0 picture has even sides; {width}x{height} has not.")
        self._path, self._part = path, path.with_name(path.name + ".part")
        self._shapes = (height, width, 3), (height * 3 // 2, width)
        self._encoder = _Encoder(self._part, (width, height), Fraction(fps), recipe, sample_rate if sound else 0)
        self._error: Exception | None = None
        self._work: queue.Queue[NDArray[np.uint8] | NDArray[np.float32] | None] = queue.Queue(_AHEAD)
        self._thread = threading.Thread(target=self._encode, name="film-writer", daemon=True)

    def frame(self, picture: Rgb | Planes) -> None:
        """The next picture, uint8 of shape (height, width, 3) or as `Planes`. The array may be reused at once."""
        if picture.shape not in self._shapes or picture.dtype != np.uint8:
            raise ValueError(f"A frame is uint8 of shape {self._shapes[0]} or {self._shapes[1]}, not {picture.dtype} of {picture.shape}.")
        self._put(picture.copy())

    def audio(self, samples: NDArray[np.float32]) -> None:
        """The next stretch of sound, shape (samples, 2), values from -1 to 1."""
        if samples.ndim != 2 or samples.shape[1] != 2:
            raise ValueError(f"Sound has the shape (samples, 2), not {samples.shape}.")
        self._put(samples.astype(np.float32))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._work.put(None)
        self._thread.join()
        try:
            if kind is None:
                self._raise()
                self._part.replace(self._path)
        finally:
            self._part.unlink(missing_ok=True)

    def _put(self, item: NDArray[np.uint8] | NDArray[np.float32]) -> None:
        self._raise()
        self._work.put(item)

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _encode(self) -> None:
        while (item := self._work.get()) is not None:
            self._attempt(item)
        self._attempt(None)

    def _attempt(self, item: NDArray[np.uint8] | NDArray[np.float32] | None) -> None:
        # After an error the queue is only emptied, so that a caller who waits for room in it gets to hear of the error.
        if self._error is not None:
            return
        try:
            self._encoder.take(item)
        except Exception as error:  # noqa: BLE001 - carried to the caller's thread and raised there
            self._error = error


class Mp4Writer(FilmWriter):
    """`with Mp4Writer(path, 1280, 720, 24) as out: out.frame(rgb); out.audio(samples)`: H.264 and AAC, the index first.

    `fragmented`: in pieces that each begin with a key frame, their places listed at the front (sidx), as HLS fetches them by byte ranges.

    With one thread equal input gives equal bytes. With more, x264's macroblock tree was seen to differ between runs when a side is no
    multiple of 16, for a gain of 15% at 720p.
    """

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: int | Fraction,
        *,
        sample_rate: int = 48_000,
        crf: int = 18,
        preset: str = "veryfast",
        threads: int = 1,
        sound: bool = True,
        sound_bit_rate: int = 160_000,
        fragmented: bool = False,
    ) -> None:
        flags = "+frag_keyframe+empty_moov+delay_moov+default_base_moof+global_sidx" if fragmented else "+faststart"
        options = {"crf": str(crf), "preset": preset}
        recipe = Recipe("mp4", {**_CONTAINER, "movflags": flags}, "libx264", options, threads, "aac", sound_bit_rate)
        super().__init__(path, width, height, fps, recipe, sample_rate=sample_rate, sound=sound)


class WebmWriter(FilmWriter):
    """AV1 and Opus, the index first. `preset` is SVT-AV1's: 0 is slow and small, 13 fast and large."""

    def __init__(
        self,
        path: Path,
        width: int,
        height: int,
        fps: int | Fraction,
        *,
        crf: int = 30,
        preset: int = 8,
        sound: bool = True,
        sound_bit_rate: int = 128_000,
    ) -> None:
        options = {"crf": str(crf), "preset": str(preset), "svtav1-params": "lp=1"}
        container = {**_CONTAINER, "cues_to_front": "1"}
        recipe = Recipe("webm", container, "libsvtav1", options, 1, "libopus", sound_bit_rate)
        super().__init__(path, width, height, fps, recipe, sound=sound)


class _Encoder:
    """The encoders and the container; used by one thread. No sample rate: no sound."""

    def __init__(self, path: Path, size: tuple[int, int], fps: Fraction, recipe: Recipe, sample_rate: int) -> None:
        self._container = av.open(str(path), "w", format=recipe.container, options=dict(recipe.container_options))
        self._fps, self._sample_rate = fps, sample_rate
        self._video = cast("av.VideoStream", self._container.add_stream(recipe.video, rate=fps))
        self._video.width, self._video.height = size
        self._video.pix_fmt = "yuv420p"
        self._tune(recipe)
        self._audio = self._hear(recipe) if sample_rate else None
        self._reformatter = VideoReformatter()
        self._frames = self._sent = 0
        self._waiting = np.zeros((0, 2), np.float32)

    def _tune(self, recipe: Recipe) -> None:
        context = self._video.codec_context
        context.options = dict(recipe.video_options)
        context.gop_size, context.thread_count = _KEYFRAME_EVERY, recipe.threads
        context.colorspace, context.color_range = Colorspace.ITU709, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709

    def _hear(self, recipe: Recipe) -> av.AudioStream:
        stream = cast("av.AudioStream", self._container.add_stream(recipe.audio, rate=self._sample_rate, layout="stereo"))
        stream.bit_rate = recipe.sound_bit_rate
        return stream

    def take(self, item: NDArray[np.uint8] | NDArray[np.float32] | None) -> None:
        """A picture, a stretch of sound, or None for the end."""
        if item is None:
            self._finish()
        elif item.dtype == np.uint8:
            self._picture(cast("NDArray[np.uint8]", item))
        else:
            self._waiting = np.concatenate([self._waiting, item])
            self._sound()

    def _picture(self, picture: Rgb | Planes) -> None:
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24" if picture.ndim == 3 else "yuv420p")
        if picture.ndim == 3:
            frame = self._reformatter.reformat(frame, format="yuv420p", **TO_PLANES)
        frame.pts, frame.time_base = self._frames, 1 / self._fps
        self._frames += 1
        self._container.mux(self._video.encode(frame))
        self._sound()

    def _samples_due(self) -> int:
        return round(self._frames * self._sample_rate / self._fps)

    def _sound(self) -> None:
        count = self._samples_due() - self._sent
        portion, self._waiting = self._waiting[:count], self._waiting[count:]
        if len(portion) == 0 or self._audio is None:
            return
        sound = av.AudioFrame.from_ndarray(np.ascontiguousarray(portion).reshape(1, -1), format="flt", layout="stereo")
        sound.sample_rate, sound.pts, sound.time_base = self._sample_rate, self._sent, Fraction(1, self._sample_rate)
        self._sent += len(portion)
        self._container.mux(self._audio.encode(sound))

    def _finish(self) -> None:
        missing = self._samples_due() - self._sent - len(self._waiting)
        self._waiting = np.concatenate([self._waiting, np.zeros((max(0, missing), 2), np.float32)])
        self._sound()
        self._container.mux(self._video.encode(None))
        if self._audio is not None:
            self._container.mux(self._audio.encode(None))
        self._container.close()
