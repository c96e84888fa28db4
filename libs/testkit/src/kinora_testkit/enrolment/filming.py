"""Pictures and sound into an MP4 as a phone would send it: H.264 and AAC."""

import io
from collections.abc import Iterable
from fractions import Fraction

import av
import numpy as np
from kinora_faces.landmarks import F8
from kinora_media.image import Rgb

from kinora_testkit.enrolment.voices import F4, RATE

Frames = Iterable[Rgb]
_CLOCK = 90_000


def film(frames: Frames, times: F8, sound: F4 | None) -> bytes:
    """The clip's bytes. `times` are the frames' presentation times in seconds, which need not be even; no `sound`, no sound track."""
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        video = container.add_stream("libx264", rate=round(len(times) / max(times[-1], 0.1)))
        video.pix_fmt, video.time_base = "yuv420p", Fraction(1, _CLOCK)
        video.codec_context.time_base = Fraction(1, _CLOCK)
        video.codec_context.thread_count, video.codec_context.options = 1, {"crf": "20", "preset": "veryfast", "bf": "0"}
        audio = None if sound is None else container.add_stream("aac", rate=RATE, layout="mono")
        for rgb, time in zip(frames, times, strict=True):
            if not video.codec_context.is_open:
                video.height, video.width = rgb.shape[:2]
            picture = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24")
            picture.pts, picture.time_base = round(time * _CLOCK), Fraction(1, _CLOCK)
            container.mux(video.encode(picture))
        container.mux(video.encode(None))
        if audio is not None and sound is not None:
            for start in range(0, len(sound), 1024):
                part = av.AudioFrame.from_ndarray(np.clip(sound[None, start : start + 1024], -1, 1), format="flt", layout="mono")
                part.sample_rate, part.pts, part.time_base = RATE, start, Fraction(1, RATE)
                container.mux(audio.encode(part))
            container.mux(audio.encode(None))
    return out.getvalue()


def lit(rgb: Rgb, light: float, grain: float, seed: int) -> Rgb:
    """As a sensor sees it: brighter or darker, and noisy."""
    noise = np.random.default_rng(seed).standard_normal(rgb.shape, np.float32) * grain
    return np.asarray(np.clip(rgb * np.float32(light) + noise, 0, 255), np.uint8)
