"""The catalogue of sounds, made from their recipes: nothing is recorded."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from zlib import crc32

import numpy as np
from scipy.signal import butter, sosfilt

from kinora_world.catalogue import entries
from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound import patch
from kinora_world.sound.formants import HOP, SIZE, n_frames, pulses, resonances, shaped
from kinora_world.sound.instruments import note
from kinora_world.sound.modes import ring
from kinora_world.sound.noises import band_noise, curve, sweep, wander

_FADE = int(0.004 * SAMPLE_RATE)
_VARIANTS = 12  # of a grain that happens hundreds of times
_EAR = butter(1, 250, "highpass", fs=SAMPLE_RATE, output="sos")  # low sounds seem softer than they measure
_LOUD_S = 0.05


@cache
def entry_of(name: str) -> patch.SoundEntry:
    """The sound's recipe. Raises KeyError for a name that is not in the catalogue, pydantic's error for a file that breaks its rules."""
    return patch.SoundEntry.model_validate(dict(entries("sounds")[name]))


@cache
def made_by(kind: str) -> Mapping[str, str]:
    """Which sound goes with a verb, effect, prop or species (`kind` in the plural)."""
    return {maker: name for name in entries("sounds") for maker in getattr(entry_of(name), kind)}


def sound(name: str, seed: int, pitch: float = 1.0) -> F8:
    """(n,) the sound of the catalogue at its level; the same for the same seed. `pitch` 2 is an octave higher, of smaller throats."""
    entry = entry_of(name)
    rng = np.random.default_rng([seed % 2**63, crc32(name.encode())])
    total = np.zeros(1)
    for layer in entry.layers:
        total = _laid(total, grain(layer, rng, pitch))
    total[-_FADE:] *= np.linspace(1, 0, _FADE)[-len(total) :]
    return np.asarray(total * entry.level * 0.2 / _loudest(total))


def _laid(under: F8, over: F8) -> F8:
    length = max(len(under), len(over))
    return np.asarray(np.pad(under, (0, length - len(under))) + np.pad(over, (0, length - len(over))))


def _loudest(heard: F8) -> float:
    """RMS of its loudest 50 ms, as the ear weighs it."""
    power = np.convolve(sosfilt(_EAR, heard) ** 2, np.ones(64) / 64)[::64]
    window = max(1, int(_LOUD_S * SAMPLE_RATE / 64))
    return float(np.sqrt(np.max(np.convolve(power, np.ones(window) / window)))) + 1e-9


def grain(layer: patch.Layer, rng: np.random.Generator, pitch: float = 1.0) -> F8:
    """(n,) one layer of a recipe, as often as it says; about 1 loud."""
    times = list(_times(layer, rng)) or [0.0]
    takes = [_take(layer, rng, pitch) for _ in range(min(len(times), _VARIANTS) if layer.spread else 1)]
    total = np.zeros(int(max(times) * SAMPLE_RATE) + max(len(take) for take in takes))
    for time in times:
        take = takes[int(rng.integers(len(takes)))]
        start = int(time * SAMPLE_RATE)
        total[start : start + len(take)] += take * layer.gain * (1 + layer.spread * rng.uniform(-1, 1))
    return total


def _times(layer: patch.Layer, rng: np.random.Generator) -> Iterator[float]:
    """When it happens: as told, or at random, as often as `rate` says at the time."""
    if layer.rate is None:
        yield from layer.at
        return
    expected = np.cumsum(curve(layer.rate, int(layer.until * 100) + 1, 100)) / 100
    due = np.cumsum(rng.exponential(1, int(2 * expected[-1]) + 8))
    yield from np.interp(due[due < expected[-1]], expected, np.arange(len(expected)) / 100)


def _take(layer: patch.Layer, rng: np.random.Generator, pitch: float) -> F8:
    count = max(8, int(layer.lasts * SAMPLE_RATE))
    own = pitch * (1 + layer.spread * float(rng.uniform(-0.5, 0.5)))
    return np.asarray(_MAKERS[layer.make](layer, rng, count, own) * curve(layer.envelope, count))


def _noise(layer: patch.Noise, rng: np.random.Generator, count: int, pitch: float) -> F8:
    if isinstance(layer.low, float) and isinstance(layer.high, float):
        return band_noise(rng, count, layer.low * pitch, layer.high * pitch)
    frames = n_frames(count)
    low, high = (curve(edge, frames, SAMPLE_RATE / HOP)[:, None] * pitch for edge in (layer.low, layer.high))
    hertz = np.arange(SIZE // 2 + 1) * SAMPLE_RATE / SIZE + 1e-9
    band = 1 / np.sqrt((1 + (low / hertz) ** 4) * (1 + (hertz / high) ** 4))
    return shaped(rng.standard_normal(count), band / np.sqrt(np.mean(band**2, axis=1, keepdims=True)))


def _tone(layer: patch.Tone, rng: np.random.Generator, count: int, pitch: float) -> F8:
    clock = np.arange(count) / SAMPLE_RATE
    hertz = curve(layer.pitch, count) * pitch * (1 + layer.vibrato[1] * np.sin(2 * np.pi * layer.vibrato[0] * clock))
    if layer.fm:
        ratio, index = layer.fm
        hertz = hertz * (1 + index * ratio * sweep(hertz * ratio))
    phase = 2 * np.pi * np.cumsum(hertz) / SAMPLE_RATE
    total = sum((gain * np.sin(number * phase) for number, gain in enumerate(layer.partials, 1) if gain), np.zeros(count))
    sway = 1 + layer.tremolo[1] * np.sin(2 * np.pi * layer.tremolo[0] * clock + float(rng.uniform(0, 0.3)))
    return np.asarray(total * sway)


def _ring(layer: patch.Ring, rng: np.random.Generator, count: int, pitch: float) -> F8:
    hertz, falls, gains = np.array(layer.modes).T
    hertz = hertz * pitch * rng.uniform(1 - 0.3 * layer.spread, 1 + 0.3 * layer.spread, len(hertz))
    return ring(hertz, falls, gains / (1 + (hertz * layer.strike_ms / 1000 * 1.2) ** 2), count)


def _throat(layer: patch.Throat, rng: np.random.Generator, count: int, pitch: float) -> F8:
    clock = np.arange(count) / SAMPLE_RATE
    hertz = curve(layer.pitch, count) * pitch * (1 + layer.vibrato[1] * np.sin(2 * np.pi * layer.vibrato[0] * clock))
    breath = curve(layer.breath, count)
    flow = pulses(rng, hertz * (1 + 0.015 * wander(rng, count, 0.09)), rough=layer.rough)
    air = rng.standard_normal(count) * (0.5 + np.minimum(1.5, np.abs(flow) * 4))
    rows = np.array(layer.formants)
    clocks = np.arange(n_frames(count)) * HOP / SAMPLE_RATE
    size = 1 + 0.35 * (pitch - 1)  # a smaller throat has a higher pitch, and formants a little higher too
    tracks = np.stack([np.interp(clocks, rows[:, 0], rows[:, n]) for n in range(1, rows.shape[1])], axis=1) * size
    widths = 60 + 0.05 * rows[0, 1:]
    heard = shaped(flow * (1 - breath) + 0.12 * air * breath, resonances(tracks, widths, [0.62**n for n in range(tracks.shape[1])]))
    return np.asarray(heard / (np.sqrt(np.mean(heard**2)) + 1e-9))


def _notes(layer: patch.Notes, _: np.random.Generator, count: int, pitch: float) -> F8:
    total = np.zeros(count)
    for time, midi, strength, length in layer.notes:
        start = int(time * SAMPLE_RATE)
        played = note(layer.instrument, midi + 12 * float(np.log2(pitch)), length)[: count - start]
        total[start : start + len(played)] += strength * played
    return total


_MAKERS: Mapping[str, Callable[..., F8]] = {"noise": _noise, "tone": _tone, "ring": _ring, "throat": _throat, "notes": _notes}
