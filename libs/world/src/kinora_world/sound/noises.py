"""Seeded noise, curves and envelopes, the raw stuff of ambience and foley. All sounds are float64 at SAMPLE_RATE."""

from collections.abc import Sequence

import numpy as np

from kinora_world.scene import F8, SAMPLE_RATE

_COARSE = 48  # samples between which slow curves are straight
TILE = 1 << 18  # samples of a noise that can be repeated without a seam: 5.5 s


def band_noise(rng: np.random.Generator, count: int, low: float, high: float) -> F8:
    """(count,) noise of unit RMS between two frequencies in Hz, with soft shoulders. Its end leads into its beginning."""
    if count < 2:
        return np.zeros(count)
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.fft.rfftfreq(count, 1 / SAMPLE_RATE) + 1e-9
    spectrum *= 1 / np.sqrt((1 + (low / hertz) ** 4) * (1 + (hertz / high) ** 4))
    sound = np.fft.irfft(spectrum, count)
    return np.asarray(sound / (np.sqrt(np.mean(sound**2)) + 1e-12))


def wide_noise(rng: np.random.Generator, count: int, low: float, high: float) -> F8:
    """(count, 2) of the same, another in each ear. Costs the same however long: a tile of it is repeated."""
    tile = band_noise(rng, TILE, low, high)
    return np.stack([np.resize(np.roll(tile, -shift), count) for shift in (0, TILE // 2 + 1)], axis=1)


def decay(count: int, seconds: float) -> F8:
    """(count,) exponential from 1, falling to 1/e in `seconds`."""
    return np.asarray(np.exp(-np.arange(count) / SAMPLE_RATE / seconds))


def sweep(hertz: F8) -> F8:
    """(n,) sine whose frequency follows `hertz` (n,)."""
    return np.asarray(np.sin(2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE))


def curve(points: float | Sequence[Sequence[float]], count: int, rate: float = SAMPLE_RATE) -> F8:
    """(count,) a constant, or straight lines through (seconds, value)."""
    if isinstance(points, int | float):
        return np.full(count, float(points))
    times, values = zip(*points, strict=True)
    return np.asarray(np.interp(np.arange(count) / rate, times, values))


def wander(rng: np.random.Generator, count: int, every: float) -> F8:
    """(count,) a smooth random curve of about -1 to 1 with a new direction `every` seconds."""
    knots = rng.uniform(-1, 1, int(count / SAMPLE_RATE / every) + 4)
    place = np.arange(count // _COARSE + 2) * _COARSE / SAMPLE_RATE / every
    index = place.astype(int)
    share = (place - index) ** 2 * (3 - 2 * (place - index))
    coarse = knots[index] * (1 - share) + knots[index + 1] * share
    steps = np.arange(_COARSE) / _COARSE
    return np.asarray((coarse[:-1, None] + np.diff(coarse)[:, None] * steps).ravel()[:count])
