"""The sound of a film from that of its shots."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np
from kinora_world.scene import F4, F8, SAMPLE_RATE
from kinora_world.sound.mastering import limited, loudness, mastered
from scipy.signal import resample_poly

from kinora_diffusion.contract import Sound

_CROSSING = int(0.02 * SAMPLE_RATE)  # over which one shot's sound gives way to the next, so that nothing clicks
_SILENCE_LUFS = -48.0  # what is softer is not made louder


def resampled(sound: Sound, rate: int) -> F4:
    """(n, 2) at SAMPLE_RATE."""
    divisor = np.gcd(rate, SAMPLE_RATE)
    return np.asarray(resample_poly(sound.T.astype(np.float64), SAMPLE_RATE // divisor, rate // divisor), np.float32)


def joined(sounds: Sequence[F4], frames: Sequence[int], fps: int, *, loop: bool) -> F4:
    """(n, 2) of sounds (k, 2) whose shots show so many frames. What a shot has beyond its end crosses over into the next one's beginning,
    with `loop` also from the last into the first.
    """
    edges = [round(edge * SAMPLE_RATE / fps) for edge in np.cumsum([0, *frames])]
    total = np.zeros((edges[-1], 2))
    for number, (sound, begin, end) in enumerate(zip(sounds, edges, edges[1:], strict=False)):
        crossing = min(_CROSSING, end - begin)
        piece = np.zeros((end - begin + crossing, 2))
        piece[: len(sound)] = sound[: len(piece)]
        ramp = np.linspace(0, 1, crossing)[:, None]
        if number or loop:
            piece[:crossing] *= ramp
        piece[end - begin :] *= 1 - ramp
        total[begin:end] += piece[: end - begin]
        rest = piece[end - begin :]
        if number + 1 < len(sounds):
            total[end : end + crossing] += rest[: len(total) - end]
        elif loop:
            total[:crossing] += rest
    return total.astype(np.float32)


def finished(sound: F4, effects: F8 | None, *, loop: bool) -> F4:
    """At the loudness of all our films, -16 LUFS, never clipping; silence stays silence. `effects` are mixed in."""
    mixed = np.asarray(sound, np.float64) + (0 if effects is None else effects)
    if loudness(mixed) < _SILENCE_LUFS:
        return limited(mixed).astype(np.float32)
    return mastered(mixed, np.zeros_like(mixed), loop=loop)


def write_flac(path: Path, sound: F4) -> None:
    """(n, 2) at SAMPLE_RATE, 24 bits."""
    whole = np.rint(np.clip(sound, -1, 1) * (2**31 - 256)).astype(np.int32)
    with av.open(str(path), "w", format="flac") as container:
        stream = container.add_stream("flac", rate=SAMPLE_RATE, layout="stereo", format="s32")
        for begin in range(0, len(whole), SAMPLE_RATE):
            frame = av.AudioFrame.from_ndarray(
                np.ascontiguousarray(whole[begin : begin + SAMPLE_RATE]).reshape(1, -1), format="s32", layout="stereo"
            )
            frame.sample_rate, frame.pts = SAMPLE_RATE, begin
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
