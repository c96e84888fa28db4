"""Reverb, loudness and the limiter: the last steps before the file."""

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt

from kinora_world.scene import F4, F8, SAMPLE_RATE

CEILING = 10 ** (-1.3 / 20)
_TARGET_LUFS, _AIR_LUFS = -17.0, -28.0  # with speech or effects, and of a place alone
_HEARD_LUFS = -45.0
_LOOKAHEAD = int(0.004 * SAMPLE_RATE)


def reverb(dry: F8, seconds: float, wet: float, seed: int) -> F8:
    """(n, 2) reflections alone: noise that dies by 60 dB in `seconds`, first arriving after 12 ms."""
    rng = np.random.default_rng([seed, 7])
    count, gap = int(seconds * SAMPLE_RATE), int(0.012 * SAMPLE_RATE)
    tail = rng.standard_normal((count, 2)) * np.exp(-6.9 * np.arange(count) / count)[:, None]
    tail = sosfilt(butter(1, (250, 4500), "bandpass", fs=SAMPLE_RATE, output="sos"), tail, axis=0)
    tail /= np.sqrt(np.sum(tail**2, axis=0)) + 1e-12
    wet_sound = fftconvolve(dry, tail, axes=0)[: len(dry)] * wet
    return np.concatenate([np.zeros((gap, 2)), wet_sound])[: len(dry)]


def loudness(sound: F8) -> float:
    """Integrated loudness of (n, 2) in LUFS, after ITU-R BS.1770: its weighting approximated, its gates kept."""
    heard = sosfilt(butter(2, 60, "highpass", fs=SAMPLE_RATE, output="sos"), sound, axis=0)
    bright = sosfilt(butter(1, 1500, "highpass", fs=SAMPLE_RATE, output="sos"), heard, axis=0)
    heard = heard + 0.58 * bright
    block, hop = int(0.4 * SAMPLE_RATE), int(0.1 * SAMPLE_RATE)
    padded = heard if len(heard) >= block else np.pad(heard, ((0, block - len(heard)), (0, 0)))
    power = np.array([np.mean(np.sum(padded[i : i + block] ** 2, axis=1)) for i in range(0, len(padded) - block + 1, hop)])
    levels = -0.691 + 10 * np.log10(power + 1e-12)
    loud = power[levels > -70]
    if not len(loud):
        return -70.0
    gate = -0.691 + 10 * np.log10(np.mean(loud)) - 10
    return float(-0.691 + 10 * np.log10(np.mean(power[levels > max(gate, -70)])))


def limited(sound: F8) -> F8:
    """(n, 2) never above the ceiling, between samples either (4x oversampled); the gain moves over 4 ms."""
    peaks = np.abs(resample_poly(sound, 4, 1, axis=0)).max(axis=1).reshape(-1, 4).max(axis=1)
    needed = np.minimum(1, CEILING / np.maximum(peaks, 1e-9))
    window = 2 * _LOOKAHEAD + 1
    gain = uniform_filter1d(minimum_filter1d(needed, 2 * window - 1), window)
    return np.asarray(sound * gain[:, None])


def mastered(foreground: F8, air: F8) -> F4:
    """Both (n, 2), summed, brought to about -17 LUFS and limited. The air of a place where nothing else sounds stays soft."""
    sound = foreground + air
    target = _TARGET_LUFS if loudness(foreground) > _HEARD_LUFS else _AIR_LUFS
    gain = float(np.clip(10 ** ((target - loudness(sound)) / 20), 0.2, 4.0))
    return limited(sound * gain).astype(np.float32)
