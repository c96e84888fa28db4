"""Seeded noise and envelopes, the raw stuff of ambience and foley. All sounds are float64 at SAMPLE_RATE."""

import numpy as np

from kinora_world.scene import F8, SAMPLE_RATE


def band_noise(rng: np.random.Generator, count: int, low: float, high: float) -> F8:
    """(count,) noise of unit RMS between two frequencies in Hz, with soft shoulders."""
    if count < 2:
        return np.zeros(count)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE) + 1e-9
    spectrum *= 1 / np.sqrt(1 + (low / hertz) ** 4) / np.sqrt(1 + (hertz / high) ** 4)
    sound = np.fft.irfft(spectrum, count)
    return np.asarray(sound / (np.sqrt(np.mean(sound**2)) + 1e-12))


def decay(count: int, seconds: float) -> F8:
    """(count,) exponential from 1, falling to 1/e in `seconds`."""
    return np.asarray(np.exp(-np.arange(count) / SAMPLE_RATE / seconds))


def swell(count: int, peak_at: float, lasts: float) -> F8:
    """(count,) bell around `peak_at` seconds, about `lasts` seconds long."""
    return np.asarray(np.exp(-0.5 * ((np.arange(count) / SAMPLE_RATE - peak_at) / (lasts / 4)) ** 2))


def sweep(hertz: F8) -> F8:
    """(n,) sine whose frequency follows `hertz` (n,)."""
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE))
