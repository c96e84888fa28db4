"""Files that cost much, or are none, where a clip is expected."""

import io
from collections.abc import Callable
from typing import Any

import av
import numpy as np


def film_of(
    frames: int = 24,
    *,
    codec: str = "libx264",
    sound: str = "aac",
    size: tuple[int, int] = (160, 120),
    fps: int = 24,
    kind: str = "mp4",
    live: bool = False,
) -> bytes:
    """Grey pictures and a hum, by FFmpeg's names; no codec, no picture. A live film's header does not say how long it is."""
    out = io.BytesIO()
    with av.open(out, "w", format=kind, options={"live": "1"} if live else {}) as container:
        video: Any = container.add_stream(codec, rate=fps) if codec else None
        audio: Any = container.add_stream(sound, rate=48_000, layout="mono")
        if video is not None:
            video.width, video.height, video.pix_fmt = *size, "yuv420p"
            blank = av.VideoFrame.from_ndarray(np.full((size[1], size[0], 3), 90, np.uint8), format="rgb24")
            for number in range(frames):
                blank.pts = number
                container.mux(video.encode(blank))
            container.mux(video.encode(None))
        for at in range(0, min(round(48_000 * frames / fps), 96_000), 1024):
            part = av.AudioFrame.from_ndarray(np.sin(np.arange(at, at + 1024) / 20).astype(np.float32)[None], format="fltp", layout="mono")
            part.sample_rate, part.pts = 48_000, at
            container.mux(audio.encode(part))
        container.mux(audio.encode(None))
    return out.getvalue()


def _understated() -> bytes:
    """Its header says 16x16; its pictures have 4096x2304."""
    film = bytearray(film_of(2, size=(4096, 2304)))
    entry = film.index(b"avc1", film.index(b"stsd"))
    film[entry + 28 : entry + 32] = bytes((0, 16, 0, 16))
    return bytes(film)


BOMBS: dict[str, tuple[Callable[[], bytes], str]] = {
    "empty": (lambda: b"", "NOT_A_VIDEO"),
    "a playlist": (lambda: b"#EXTM3U\nfile:///etc/passwd\n", "NOT_A_VIDEO"),
    "noise in an MP4": (lambda: b"\0\0\0\x20ftypisom" + bytes(range(256)) * 40, "CUT_OFF"),
    "cut in half": (lambda: film_of(240)[:9000], "CUT_OFF"),
    "huge sides": (lambda: film_of(2, size=(4096, 2304)), "PICTURE_TOO_LARGE"),
    "huge sides that the header hides": (_understated, "PICTURE_TOO_LARGE"),
    "a hundred thousand frames": (
        lambda: film_of(100_000, codec="libvpx", sound="libopus", size=(16, 16), fps=4000, kind="webm"),
        "TOO_MANY_FRAMES",
    ),
    "endless": (lambda: film_of(300, codec="libvpx", sound="libopus", size=(16, 16), fps=1, kind="webm", live=True), "TOO_MANY_FRAMES"),
    "sound alone": (lambda: film_of(codec=""), "NO_PICTURE"),
    "a foreign codec": (lambda: film_of(codec="mpeg4"), "UNKNOWN_CODEC"),
    "a foreign sound": (lambda: film_of(sound="libmp3lame"), "UNKNOWN_CODEC"),
    "too many bytes": (lambda: film_of() + bytes(50_000_000), "CLIP_TOO_LARGE"),
}
"""What it is, how it is made, and the name of the reason for which it must be refused."""
