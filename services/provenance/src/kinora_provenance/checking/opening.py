"""The small process that decodes a stranger's file: `opening OPENER KIND LIMITS <file >pictures and sound`. It knows no key.

Standard output gets luma, its shorter side `kept_side` at most, then mono sound of 16 bits, then a line of JSON (`findings.Contents`) and
the line's length (8 bytes).
"""

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import numpy as np
from kinora_media.sandbox import refuse
from numpy.typing import NDArray

from kinora_provenance.checking.limits import SAMPLE_RATE, Limits

_PICTURES = {"h264", "hevc", "vp8", "vp9", "av1", "libdav1d", "libaom-av1", "mpeg4", "mjpeg", "prores"}
_SOUNDS = {"aac", "opus", "libopus", "vorbis", "libvorbis", "mp3", "mp3float", "flac", "alac"}
_ENDLESS = 1_000_000  # packets, of whatever
_TURNED = 5  # Exif's orientations from here on lie on their side


class _Out:
    """What is kept so far."""

    def __init__(self, limits: Limits, out: BinaryIO) -> None:
        self.limits, self._out, self._room = limits, out, limits.kept_bytes
        self.shape, self.times, self.whole = (0, 0), list[float](), list[bool]()
        self.sound: list[NDArray[np.int16]] = []

    def picture(self, luma: NDArray[np.uint8], time: float, *, whole: bool) -> None:
        if self.times and luma.shape != self.shape:
            refuse("CUT_OFF: The picture changes its size within the file.")
        self._room -= luma.size
        if self._room < 0:
            refuse("TOO_HEAVY: The file holds more pictures than can be looked at; send a shorter part of it.")
        self.shape = luma.shape[0], luma.shape[1]
        self.times.append(time)
        self.whole.append(whole)
        self._out.write(np.ascontiguousarray(luma).tobytes())

    def finish(self, kind: str, duration_s: float) -> None:
        samples = np.concatenate([np.zeros(0, np.int16), *self.sound])[: round(self.limits.seconds * SAMPLE_RATE)]
        self._out.write(samples.tobytes())
        about = {"kind": kind, "duration_s": duration_s, "height": self.shape[0], "width": self.shape[1]}
        line = json.dumps({**about, "times": self.times, "whole": self.whole, "samples": len(samples)}).encode()
        self._out.write(line + len(line).to_bytes(8, "little"))


def main(opener: str, kind: str, limits: Limits) -> None:
    out = _Out(limits, sys.stdout.buffer)
    try:
        if kind == "image":
            _pictures(opener, out)
        else:
            _film(opener, out)
    except (av.FFmpegError, ValueError, OSError, EOFError, SyntaxError):  # SyntaxError: Pillow's word for a broken PNG
        refuse("CUT_OFF: The file is cut off or broken.")


def _pictures(opener: str, out: _Out) -> None:
    """A still, or the pictures of an animation."""
    from PIL import Image, ImageOps  # noqa: PLC0415 - only where it is needed

    Image.MAX_IMAGE_PIXELS = None  # our own limit is checked before anything is decoded
    picture = Image.open(sys.stdin.buffer, formats=[opener])
    _check_size(*picture.size, out.limits, out.limits.pixels)
    count, seconds = getattr(picture, "n_frames", 1), 0.0
    if count > out.limits.frames:
        refuse(f"TOO_MANY_FRAMES: The animation has more than {out.limits.frames} pictures.")
    scale = min(1.0, out.limits.kept_side / min(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    turned = picture.getexif().get(0x0112, 1) >= _TURNED
    for number in range(count):
        picture.seek(number)
        shown = picture.convert("RGBA") if "transparency" in picture.info or picture.mode == "RGBA" else picture
        grey = ImageOps.exif_transpose(shown).convert("L").resize(size[::-1] if turned else size, Image.Resampling.BOX)
        if seconds <= out.limits.seconds:
            out.picture(np.asarray(grey), seconds, whole=True)
        seconds += picture.info.get("duration", 0) / 1000
    out.finish("image", seconds if count > 1 else 0.0)


def _film(opener: str, out: _Out) -> None:
    """A video, or sound alone."""
    with av.open(sys.stdin.buffer, "r", format=opener) as container:
        streams = [*container.streams.video[:1], *container.streams.audio[:1]]
        shown = [stream for stream in streams if not stream.disposition & av.stream.Disposition.attached_pic]
        _check_headers(container, shown, out.limits)
        kind, last = "audio", 0.0
        resampler, due, start = av.AudioResampler("s16", "mono", SAMPLE_RATE), -1.0, None
        for frame in _frames(container, shown):
            start = frame.time if start is None else min(start, frame.time or start)
            last = max(last, (frame.time or 0.0) - (start or 0.0))
            if last > out.limits.seconds or sum(map(len, out.sound)) > out.limits.seconds * SAMPLE_RATE * 2:
                refuse(f"TOO_LONG: The file is longer than {out.limits.seconds:.0f} s; send a part of it.")
            if isinstance(frame, av.AudioFrame):
                out.sound += [part.to_ndarray()[0] for part in resampler.resample(frame)]
            elif isinstance(frame, av.VideoFrame):
                kind, time = "video", (frame.time or 0.0) - (start or 0.0)
                whole = frame.pict_type == av.video.frame.PictureType.I
                if time >= due or (whole and time >= due - 1 / (2 * out.limits.per_second)):
                    due = max(due + 1 / out.limits.per_second, time)
                    out.picture(_luma(frame, out.limits), time, whole=whole)
        heard = sum(map(len, out.sound)) / SAMPLE_RATE
        if not out.times and not heard:
            refuse("NOTHING_IN_IT: There is no picture and no sound in the file.")
        out.finish(kind, max(last, heard))


def _check_headers(container: av.container.InputContainer, shown: list[Any], limits: Limits) -> None:
    """Everything that can be known before a single picture is decoded."""
    if not shown:
        refuse("NOTHING_IN_IT: There is no picture and no sound in the file.")
    for stream in shown:
        name = stream.codec_context.name if stream.codec_context else ""
        if name not in (_PICTURES if stream.type == "video" else _SOUNDS) and not name.startswith("pcm_"):
            refuse(
                f"UNKNOWN_CODEC: {name or 'This coding'} is not looked at; send H.264, HEVC, VP8, VP9 or AV1, with AAC, Opus, MP3 or PCM."
            )
        if stream.type == "video":
            _check_size(stream.width, stream.height, limits, limits.film_pixels)
            stream.codec_context.thread_count = 1
    if (container.duration or 0) / av.time_base > limits.seconds:
        refuse(f"TOO_LONG: The file is longer than {limits.seconds:.0f} s; send a part of it.")


def _check_size(width: int, height: int, limits: Limits, pixels: int) -> None:
    if max(width, height) > limits.side or width * height > pixels:
        refuse(f"PICTURE_TOO_LARGE: The picture is {width}x{height}; no side may exceed {limits.side}, and it may have {pixels:,} pixels.")


def _frames(container: av.container.InputContainer, shown: list[Any]) -> Iterator[Any]:
    """What can be decoded: a file that is cut off in the middle is looked at as far as it goes."""
    for number, packet in enumerate(container.demux(*shown)):
        if number > _ENDLESS:
            refuse("TOO_HEAVY: The file has too many packets.")
        try:
            yield from packet.decode()
        except av.InvalidDataError:
            continue


def _luma(frame: av.VideoFrame, limits: Limits) -> NDArray[np.uint8]:
    """Shrunk and turned upright."""
    _check_size(frame.width, frame.height, limits, limits.film_pixels)
    scale = min(1.0, limits.kept_side / min(frame.width, frame.height))
    width, height = (max(1, round(side * scale)) for side in (frame.width, frame.height))
    luma = frame.reformat(width, height, "gray", interpolation="AREA").to_ndarray()
    return np.ascontiguousarray(np.rot90(luma, round(frame.rotation / 90)), np.uint8)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Limits(**json.loads(sys.argv[3])))
