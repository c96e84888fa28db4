"""Throats: a source of pulses or breath, filtered by a response that changes all the time.

The source-filter model of speech (Fant, "Acoustic Theory of Speech Production", 1960), for people, animals and crowds alike.
"""

from collections.abc import Sequence

import numpy as np
from scipy import fft
from scipy.signal import lfilter

from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound.noises import wander

HOP = 256  # samples between two responses
SIZE = 2048  # of a response's spectrum
_FLOW_HZ = 120.0  # above it the glottal flow's spectrum falls


def n_frames(count: int) -> int:
    """How many responses filter `count` samples."""
    return count // HOP + 2


def shaped(sound: F8, responses: F8) -> F8:
    """(n,) of (n,), filtered by complex responses (n_frames(n), SIZE / 2 + 1), one each HOP samples, crossing over between them."""
    count, frames = len(sound), len(responses)
    padded = np.pad(sound.astype(np.float32), (HOP, frames * HOP + HOP - count))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * HOP)[::HOP][:frames] * np.hanning(2 * HOP + 1)[:-1].astype(np.float32)
    pieces = fft.irfft(fft.rfft(windows, SIZE, axis=1) * responses.astype(np.complex64), SIZE, axis=1)
    total = np.zeros((frames + SIZE // HOP, HOP))
    for part in range(SIZE // HOP):
        total[part : part + frames] += pieces[:, part * HOP : (part + 1) * HOP]
    return np.asarray(total.ravel()[HOP : HOP + count])


def train(rng: np.random.Generator, hertz: F8, *, rough: float = 0.0) -> F8:
    """(n,) a pulse each period of `hertz` (n,), a little early or late, strong or weak, as in life; of unit RMS, without a tilt."""
    unsteady = 1 + (0.004 + 0.05 * rough) * wander(rng, len(hertz), 0.012)
    phase = np.cumsum(hertz * unsteady) / SAMPLE_RATE
    at = np.flatnonzero(np.diff(np.floor(phase)) > 0)
    late = (phase[at + 1] - np.floor(phase[at + 1])) / np.maximum(phase[at + 1] - phase[at], 1e-9)
    strength = (1 + (0.03 + 0.45 * rough) * rng.standard_normal(len(at))) * np.sqrt(SAMPLE_RATE / np.maximum(hertz[at], 20))
    strength[1::2] *= 1 - 0.5 * rough  # every second pulse weaker: a growl an octave below
    flow = np.zeros(len(hertz))
    flow[at] += strength * late
    flow[at + 1] += strength * (1 - late)
    return flow


def pulses(rng: np.random.Generator, hertz: F8, *, rough: float = 0.0) -> F8:
    """(n,) the flow through a throat that opens at `hertz` (n,)."""
    pole = np.exp(-2 * np.pi * _FLOW_HZ / SAMPLE_RATE)
    return np.asarray(lfilter([1, -0.995], [1, -pole], train(rng, hertz, rough=rough)) / 10)


def resonances(formants: F8, widths: Sequence[float] | F8, gains: Sequence[float] | F8) -> F8:
    """(n, SIZE / 2 + 1) complex response of parallel formants (n, k) in Hz with bandwidths in Hz and gains."""
    back = np.exp(-2j * np.pi * np.arange(SIZE // 2 + 1) / SIZE)
    total = np.zeros((len(formants), SIZE // 2 + 1), complex)
    for number, (width, gain) in enumerate(zip(widths, gains, strict=True)):
        radius = np.exp(-np.pi * width / SAMPLE_RATE)
        turn = 2 * np.pi * formants[:, number, None] / SAMPLE_RATE
        peak = gain * (1 - radius) * np.sin(turn) * 2 * (-1) ** number
        total += peak / (1 - 2 * radius * np.cos(turn) * back + radius**2 * back**2)
    return total
