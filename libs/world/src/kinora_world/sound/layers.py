"""The layers of an ambience, each (count, 2) of any length at a cost that hardly grows with it."""

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfilt

from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound import air, library
from kinora_world.sound.formants import HOP, n_frames, pulses, resonances, shaped
from kinora_world.sound.noises import TILE, sweep, wander, wide_noise
from kinora_world.sound.space import gains

_VOWELS = np.array([[730, 1090, 2440], [500, 900, 2400], [320, 800, 2250], [280, 2250, 2900], [530, 1840, 2480], [500, 1500, 2500]])


def heard(layer: air.Layer, rng: np.random.Generator, count: int) -> F8:
    """(count, 2) of one layer before its gain."""
    return _LAYERS[layer.sound](layer, rng, count)


def _clock(count: int) -> F8:
    return np.arange(count) / SAMPLE_RATE


def _times(rng: np.random.Generator, count: int, every: float, *, even: bool = False) -> Iterator[float]:
    """Seconds at which something happens, on average each `every`; the first comes early."""
    time = float(rng.uniform(0.1, 0.6)) * every
    while time < count / SAMPLE_RATE:
        yield time
        time += every * (1 if even else float(rng.uniform(0.5, 1.5)))


def _put(total: F8, sound: F8, time: float, pan: float, level: float = 1.0) -> None:
    start = min(int(time * SAMPLE_RATE), len(total))
    sound = sound[: len(total) - start]
    total[start : start + len(sound)] += sound[:, None] * gains(np.array(pan), np.array(level))


def _noise(layer: air.Noise, rng: np.random.Generator, count: int) -> F8:
    noise = wide_noise(rng, count, *layer.band)
    if not layer.sway:
        return noise
    return np.asarray(noise * np.maximum(0.1, 1 + layer.sway * (0.6 * wander(rng, count, 2.3) + 0.4 * wander(rng, count, 0.7)))[:, None])


def _hum(layer: air.Hum, _: np.random.Generator, count: int) -> F8:
    tone = np.sum([np.sin(2 * np.pi * hertz * _clock(count)) for hertz in layer.pitch], axis=0)
    return np.repeat(tone[:, None], 2, axis=1)


def _birds(layer: air.Birds, rng: np.random.Generator, count: int) -> F8:
    total = np.zeros((count, 2))
    for time in _times(rng, count, layer.every):
        base, pan = rng.uniform(*layer.pitch), float(rng.uniform(-0.9, 0.9))
        for note in range(int(rng.integers(2, 6))):
            length = int(SAMPLE_RATE * rng.uniform(0.05, 0.13))
            bend = np.linspace(rng.uniform(-0.12, 0.25), rng.uniform(-0.2, 0.1), length)
            trill = 0.03 * np.sin(2 * np.pi * rng.uniform(18, 40) * np.arange(length) / SAMPLE_RATE)
            chirp = sweep(base * (1 + bend + trill)) * np.hanning(length) * rng.uniform(0.4, 1.0)
            _put(total, chirp, time + note * float(rng.uniform(0.11, 0.16)), pan)
    return total


def _crickets(layer: air.Crickets, rng: np.random.Generator, count: int) -> F8:
    total = np.zeros((count, 2))
    clock = _clock(count)
    for pan in (-0.7, 0.1, 0.8):
        pitch, rate, phase = layer.pitch * rng.uniform(0.94, 1.06), rng.uniform(1.5, 2.3), rng.uniform(0, 1)
        bursts = ((clock * rate + phase) % 1 < 0.4) * np.maximum(0, np.sin(2 * np.pi * 26 * clock)) ** 2
        total += (np.sin(2 * np.pi * pitch * clock) * bursts)[:, None] * gains(np.array(pan), np.array(1.0))
    return total


def _passes(layer: air.Passes, rng: np.random.Generator, count: int) -> F8:
    total = np.zeros((count, 2))
    noise = wide_noise(rng, count, *layer.band)[:, 0]
    reach = int(layer.lasts * SAMPLE_RATE)
    for time in _times(rng, count, layer.every):
        way, middle = float(rng.choice((-1.0, 1.0))), int(time * SAMPLE_RATE)
        first, last = max(0, middle - reach), min(count, middle + reach)
        off = (np.arange(first, last) - middle) / SAMPLE_RATE / layer.lasts
        total[first:last] += gains(way * np.clip(1.6 * off, -0.9, 0.9), noise[first:last] * np.exp(-8 * off**2))
    return total


def _waves(layer: air.Waves, rng: np.random.Generator, count: int) -> F8:
    """Each wave rises, breaks brighter, and runs out."""
    rumble, hiss = wide_noise(rng, count, layer.band[0], 700), wide_noise(rng, count, 700, layer.band[1])
    phase = (_clock(count) / layer.every + rng.uniform(0.1, 0.4)) % 1
    rise = np.sin(np.pi * np.clip(phase * 1.8, 0, 1)) ** 2
    foam = np.sin(np.pi * np.clip(phase * 1.5 - 0.45, 0, 1)) ** 2
    return np.asarray(rumble * (0.35 + rise)[:, None] + hiss * (0.12 + 0.9 * foam)[:, None])


def _babble(layer: air.Babble, rng: np.random.Generator, count: int) -> F8:
    """Two people's nonsense, many times over from another moment, backwards half of the time; a tile of it is repeated."""
    tile = np.zeros((TILE, 2))
    for _ in range(layer.voices):
        talk = np.resize(_talk(int(rng.integers(2)), excited=layer.excited), TILE)
        talk = np.roll(talk[:: int(rng.choice((-1, 1)))], int(rng.integers(TILE)))
        tile += talk[:, None] * gains(np.array(rng.uniform(-1, 1)), np.array(rng.uniform(0.5, 1)))
    band = butter(1, layer.band, "bandpass", fs=SAMPLE_RATE, output="sos")
    murmur = sosfilt(band, np.concatenate([tile[-SAMPLE_RATE:], tile]), axis=0)[SAMPLE_RATE:] / np.sqrt(layer.voices)
    return np.resize(murmur, (count, 2))


@lru_cache(maxsize=8)
def _talk(who: int, *, excited: float) -> F8:
    """(n,) of unit RMS: syllables without sense, in a man's or a woman's voice; fits into TILE a whole number of times."""
    rng = np.random.default_rng(90 + who)
    count = TILE // (2, 1)[who]
    n_syllables = int(count / SAMPLE_RATE * (4.6 + excited))
    place = np.linspace(0, n_syllables, n_frames(count))
    vowels = _VOWELS[rng.integers(len(_VOWELS), size=n_syllables + 2)] * (1 + 0.15 * who)
    tracks = np.stack([np.interp(place, np.arange(n_syllables + 2), vowels[:, k]) for k in range(3)], axis=1)
    melody = np.interp(np.arange(count) / count * n_syllables, np.arange(n_syllables + 1), rng.uniform(0.85, 1.25, n_syllables + 1))
    flow = pulses(rng, (112, 205)[who] * (1 + 0.5 * excited) * melody) + 0.01 * rng.standard_normal(count)
    strength = rng.choice((0.0, 0.6, 1.0, 1.0), n_syllables)  # some are pauses
    loud = np.repeat(strength, -(-count // n_syllables))[:count] * np.abs(np.sin(np.pi * np.arange(count) / count * n_syllables))
    talk = shaped(flow * loud, resonances(tracks, (80, 100, 140), (1, 0.6, 0.3)))
    edge = HOP * 8
    talk[:edge] *= np.linspace(0, 1, edge)
    talk[-edge:] *= np.linspace(1, 0, edge)
    return np.asarray(talk / (np.sqrt(np.mean(talk**2)) + 1e-12))


def _calls(layer: air.Calls, rng: np.random.Generator, count: int) -> F8:
    total = np.zeros((count, 2))
    sounds = [library.sound(layer.kind, int(rng.integers(1 << 30))) for _ in range(1 if layer.even else 2)]
    pan = float(rng.uniform(-0.6, 0.6))
    for number, time in enumerate(_times(rng, count, layer.every, even=layer.even)):
        side = pan if layer.even else float(rng.uniform(-0.9, 0.9))
        _put(total, sounds[number % len(sounds)], time, side, 1.0 if layer.even else float(rng.uniform(0.5, 1.0)))
    return total


def _grains(layer: air.Grains, rng: np.random.Generator, count: int) -> F8:
    total = np.zeros((count, 2))
    takes = [library.grain(layer.of, rng) for _ in range(10)]
    for time in _times(rng, count, layer.every, even=layer.even):
        _put(total, takes[int(rng.integers(len(takes)))], time, float(rng.uniform(-1, 1)), float(rng.uniform(0.3, 1.0)))
    return total


_LAYERS: Mapping[str, Callable[..., F8]] = {
    "noise": _noise,
    "hum": _hum,
    "birds": _birds,
    "crickets": _crickets,
    "passes": _passes,
    "waves": _waves,
    "babble": _babble,
    "calls": _calls,
    "grains": _grains,
}
