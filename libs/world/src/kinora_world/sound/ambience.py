"""Beds of ambience: layers of synthesised nature and city, as the ambience catalogue lists them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zlib import crc32

import numpy as np

from kinora_world.catalogue import entries, words
from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound.noises import band_noise, sweep, swell
from kinora_world.sound.space import gains

Layer = Callable[[np.random.Generator, int, Mapping[str, Any]], F8]
QUIET = "room"  # heard where a place names an ambience that is not in the catalogue


def entry_of(name: str) -> Mapping[str, Any]:
    """The catalogue's entry for an ambience or one of its other names."""
    return entries("ambiences")[words("ambiences").get(name.replace("_", " "), QUIET)]


def bed(name: str, time_of_day: str, seed: int, count: int) -> F8:
    """(count, 2) of one ambience, the same for the same seed, however the clip is cut."""
    layers = entry_of(name)["night" if time_of_day == "night" else "day"]
    total = np.zeros((count, 2))
    for index, layer in enumerate(layers):
        rng = np.random.default_rng([seed, crc32(f"{name}/{index}".encode())])
        total += layer["gain"] * _LAYERS[layer["sound"]](rng, count, layer)
    return total


def _times(rng: np.random.Generator, count: int, every: float) -> Iterator[float]:
    """Seconds at which something happens, on average each `every`; the first comes early."""
    time = float(rng.uniform(0.1, 0.6)) * every
    while time < count / SAMPLE_RATE:
        yield time
        time += every * float(rng.uniform(0.5, 1.5))


def _put(total: F8, sound: F8, time: float, pan: float) -> None:
    start = min(int(time * SAMPLE_RATE), len(total))
    sound = sound[: len(total) - start]
    total[start : start + len(sound)] += sound[:, None] * gains(np.array(pan), np.array(1.0))


def _noise(rng: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    """Wind, hum, leaves: a different noise in each ear, slowly swaying."""
    clock = np.arange(count) / SAMPLE_RATE
    sway = 1 + layer["sway"] * 0.5 * (np.sin(clock * 1.3 + rng.uniform(0, 6)) + np.sin(clock * 0.47 + rng.uniform(0, 6)))
    return np.asarray(np.stack([band_noise(rng, count, *layer["band"]) for _ in (0, 1)], axis=1) * sway[:, None])


def _hum(_: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    clock = np.arange(count) / SAMPLE_RATE
    tone = np.sum([np.sin(2 * np.pi * hertz * clock) for hertz in layer["pitch"]], axis=0)
    return np.repeat(tone[:, None], 2, axis=1)


def _birds(rng: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    total = np.zeros((count, 2))
    for time in _times(rng, count, layer["every"]):
        base, pan = rng.uniform(*layer["pitch"]), float(rng.uniform(-0.9, 0.9))
        for note in range(int(rng.integers(2, 6))):
            length = int(SAMPLE_RATE * rng.uniform(0.05, 0.13))
            bend = np.linspace(rng.uniform(-0.12, 0.25), rng.uniform(-0.2, 0.1), length)
            trill = 0.03 * np.sin(2 * np.pi * rng.uniform(18, 40) * np.arange(length) / SAMPLE_RATE)
            chirp = sweep(base * (1 + bend + trill)) * np.hanning(length) * rng.uniform(0.4, 1.0)
            _put(total, chirp, time + note * float(rng.uniform(0.11, 0.16)), pan)
    return total


def _gulls(rng: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    total = np.zeros((count, 2))
    for time in _times(rng, count, layer["every"]):
        pan, base = float(rng.uniform(-0.9, 0.9)), rng.uniform(950, 1250)
        for cry in range(int(rng.integers(2, 4))):
            length = int(SAMPLE_RATE * 0.32)
            curve = base * (1 + 0.35 * np.sin(np.linspace(0, np.pi, length)) ** 2)
            voice = sum(sweep(curve * partial) / partial for partial in (1, 2, 3))
            _put(total, np.asarray(voice) * np.hanning(length) * 0.6, time + cry * 0.42, pan)
    return total


def _crickets(rng: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    total = np.zeros((count, 2))
    clock = np.arange(count) / SAMPLE_RATE
    for pan in (-0.7, 0.1, 0.8):
        pitch, rate, phase = layer["pitch"] * rng.uniform(0.94, 1.06), rng.uniform(1.5, 2.3), rng.uniform(0, 1)
        bursts = ((clock * rate + phase) % 1 < 0.4) * np.maximum(0, np.sin(2 * np.pi * 26 * clock)) ** 2
        total += (np.sin(2 * np.pi * pitch * clock) * bursts)[:, None] * gains(np.array(pan), np.array(1.0))
    return total


def _owl(rng: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    total = np.zeros((count, 2))
    for time in _times(rng, count, layer["every"]):
        for offset, length in ((0.0, 0.3), (0.5, 0.16), (0.75, 0.5)):
            samples = int(length * SAMPLE_RATE)
            _put(total, sweep(np.full(samples, 390.0)) * np.hanning(samples), time + offset, -0.5)
    return total


def _passes(rng: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    """Cars going by from one side to the other."""
    total = np.zeros((count, 2))
    clock = np.arange(count) / SAMPLE_RATE
    for time in _times(rng, count, layer["every"]):
        way = float(rng.choice((-1.0, 1.0)))
        pan = way * np.clip((clock - time) / layer["lasts"] * 1.6, -0.9, 0.9)
        total += gains(pan, band_noise(rng, count, *layer["band"]) * swell(count, time, layer["lasts"]))
    return total


def _waves(rng: np.random.Generator, count: int, layer: Mapping[str, Any]) -> F8:
    """Each wave rises, breaks brighter, and runs out."""
    rumble = np.stack([band_noise(rng, count, layer["band"][0], 700) for _ in (0, 1)], axis=1)
    hiss = np.stack([band_noise(rng, count, 700, layer["band"][1]) for _ in (0, 1)], axis=1)
    phase = (np.arange(count) / SAMPLE_RATE / layer["every"] + rng.uniform(0.1, 0.4)) % 1
    rise = np.sin(np.pi * np.clip(phase * 1.8, 0, 1)) ** 2
    foam = np.sin(np.pi * np.clip(phase * 1.5 - 0.45, 0, 1)) ** 2
    return np.asarray(rumble * (0.35 + rise)[:, None] + hiss * (0.12 + 0.9 * foam)[:, None])


def _clock(rng: np.random.Generator, count: int, _: Mapping[str, Any]) -> F8:
    total = np.zeros((count, 2))
    length = int(0.03 * SAMPLE_RATE)
    for index, time in enumerate(np.arange(0.35, count / SAMPLE_RATE, 0.5)):
        tick = band_noise(rng, length, 2200 if index % 2 else 1700, 5000) * np.exp(-np.arange(length) / SAMPLE_RATE / 0.004)
        _put(total, tick, float(time), 0.5)
    return total


_LAYERS: Mapping[str, Layer] = {
    "noise": _noise,
    "hum": _hum,
    "birds": _birds,
    "gulls": _gulls,
    "crickets": _crickets,
    "owl": _owl,
    "passes": _passes,
    "waves": _waves,
    "clock": _clock,
}
