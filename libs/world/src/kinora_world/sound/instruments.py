"""The instruments of the music: how a note of each begins, sounds and dies away."""

from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfilt

from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound.modes import ring

_RELEASE_S = 0.15
_RELEASES_S = {"strings": 0.6, "piano": 0.25, "guitar": 0.3, "bells": 0.6, "kick": 0.4, "tom": 0.8, "snare": 0.5}
_KEPT_S = (0.8, 1.6, 3.2, 6.4, 12.8)  # how long notes are kept that are shorter


def note(instrument: str, midi: float, length: float) -> F8:
    """(n,) one note, peak about 1: MIDI number (69 = 440 Hz), held for `length` seconds, then let go."""
    released = _RELEASES_S.get(instrument, _RELEASE_S)
    kept = next((seconds for seconds in _KEPT_S if seconds >= length + released), length + released)
    return _let_go(_sounding(instrument, midi, kept), length, released)


@lru_cache(maxsize=256)
def _sounding(instrument: str, midi: float, seconds: float) -> F8:
    """(n,) a note that nobody lets go; made once for all lengths up to `seconds`. Not to be written to."""
    played = _INSTRUMENTS[instrument](440 * 2 ** ((midi - 69) / 12), int(seconds * SAMPLE_RATE))
    played /= np.max(np.abs(played)) + 1e-9
    played.setflags(write=False)
    return played


def _harmonics(hertz: float, top: float = 7000) -> F8:
    return np.arange(1, max(2, min(24, int(top / hertz))) + 1, dtype=float)


def _let_go(sound: F8, length: float, release: float) -> F8:
    """Ends softly after `length` seconds."""
    held, fade = int(length * SAMPLE_RATE), int(release * SAMPLE_RATE)
    sound = sound[: held + fade].copy()
    sound[held:] *= (1 - np.arange(len(sound) - held) / fade) ** 2 if len(sound) > held else 1
    return sound


def _swelling(sound: F8, attack: float) -> F8:
    rise = min(len(sound), int(attack * SAMPLE_RATE))
    sound[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    return sound


def _section(hertz: F8, gains: F8, cents: tuple[float, ...], count: int) -> F8:
    """Players a little apart in pitch on one note."""
    apart = (hertz[:, None] * 2 ** (np.array(cents) / 1200)).ravel()
    return ring(apart, np.full(len(apart), np.inf), np.repeat(gains, len(cents)) * (-1) ** np.arange(len(apart)), count)


def _piano(hertz: float, count: int) -> F8:
    """Stiff strings are a little sharp in the high partials; each note has two strings that beat, and a soft thump of the hammer."""
    n = _harmonics(hertz)
    sharp = n * hertz * np.sqrt(1 + 0.0004 * n**2)
    gains = np.exp(-0.32 * (n - 1)) / n**0.6 * np.abs(np.sin(np.pi * n * 0.12)) / 0.4
    falls = 2.2 * (220 / hertz) ** 0.45 / (1 + 0.22 * n)
    hammer = np.array([[95.0, 0.02, 0.25], [180, 0.015, 0.15], [310, 0.01, 0.1]]).T
    strings = np.concatenate([[sharp, falls, gains], [sharp * 1.0007, falls * 1.6, gains * 0.6], hammer], axis=1)
    return ring(strings[0], strings[1], strings[2], count)


def _pluck(hertz: float, count: int) -> F8:
    """A nylon string plucked a fifth of its length from the bridge, on a wooden body."""
    n = _harmonics(hertz, 6000)
    string = [
        n * hertz * np.sqrt(1 + 0.00008 * n**2),
        1.3 * (200 / hertz) ** 0.4 / (1 + 0.3 * n),
        np.abs(np.sin(np.pi * n * 0.21)) / n**1.35,
    ]
    body = np.array([[102.0, 0.05, 0.1], [205, 0.04, 0.08], [410, 0.02, 0.04]]).T
    modes = np.concatenate([string, body], axis=1)
    return ring(modes[0], modes[1], modes[2], count)


def _strings(hertz: float, count: int) -> F8:
    n = _harmonics(hertz, 4000)
    return _swelling(_section(n * hertz, np.exp(-(((n * hertz) / 2600) ** 1.3)) / n, (-8, -2, 5), count), 0.28)


def _flute(hertz: float, count: int) -> F8:
    clock = np.arange(count) / SAMPLE_RATE
    vibrato = 1 + 0.004 * np.minimum(1, clock / 0.5) * np.sin(2 * np.pi * 5.2 * clock)
    phase = 2 * np.pi * np.cumsum(hertz * vibrato) / SAMPLE_RATE
    tone = np.sin(phase) + 0.32 * np.sin(2 * phase) + 0.09 * np.sin(3 * phase)
    air = np.random.default_rng(1).standard_normal(count)
    breath = sosfilt(butter(1, (min(hertz, 3000), min(4 * hertz, 9000)), "bandpass", fs=SAMPLE_RATE, output="sos"), air)
    return _swelling(np.asarray(tone * (1 + 0.08 * np.sin(2 * np.pi * 5.2 * clock)) + 0.12 * breath), 0.07)


def _bass(hertz: float, count: int) -> F8:
    n = _harmonics(hertz, 900)
    return _swelling(ring(n * hertz, 1.1 / (1 + 0.35 * n), 1 / n**1.5, count), 0.008)


def _bells(hertz: float, count: int) -> F8:
    """A celesta or music box: a bright partial that dies at once over a pure tone."""
    return ring(hertz * np.array([1, 2.0, 4.07, 6.9]), np.array([0.9, 0.5, 0.22, 0.08]), np.array([1, 0.16, 0.3, 0.12]), count)


def _brass(hertz: float, count: int) -> F8:
    """Three horns: the longer the note, the brighter."""
    n = _harmonics(hertz, 3500)
    bright = _section(n * hertz, np.exp(-n / 5), (-6, 0, 7), count)
    soft = sosfilt(butter(1, 900, fs=SAMPLE_RATE, output="sos"), bright)
    share = np.minimum(1, np.arange(count) / SAMPLE_RATE / 0.35)
    return _swelling(np.asarray(soft * (1 - 0.4 * share) + 0.4 * bright * share), 0.09)


def _kick(_: float, __: int) -> F8:
    count = int(0.35 * SAMPLE_RATE)
    clock = np.arange(count) / SAMPLE_RATE
    phase = 2 * np.pi * (48 * clock + 60 * 0.03 * (1 - np.exp(-clock / 0.03)))
    return np.asarray(np.sin(phase) * np.exp(-clock / 0.11) * np.minimum(1, clock / 0.002))


def _noise_drum(low: float, high: float, fall: float, attack: float = 0.001) -> F8:
    count = int(fall * 7 * SAMPLE_RATE)
    clock = np.arange(count) / SAMPLE_RATE
    hiss = np.random.default_rng(3).standard_normal(count)
    hiss = sosfilt(butter(2, (low, high), "bandpass", fs=SAMPLE_RATE, output="sos"), hiss)
    return np.asarray(hiss * np.exp(-clock / fall) * np.minimum(1, clock / attack))


def _snare(_: float, __: int) -> F8:
    hiss = _noise_drum(900, 7500, 0.07)
    return np.asarray(hiss / np.max(np.abs(hiss))) + 0.6 * ring(
        np.array([186.0, 332]), np.array([0.05, 0.035]), np.array([1, 0.6]), len(hiss)
    )


_INSTRUMENTS: Mapping[str, Callable[[float, int], F8]] = {
    "piano": _piano,
    "guitar": _pluck,
    "strings": _strings,
    "flute": _flute,
    "bass": _bass,
    "bells": _bells,
    "brass": _brass,
    "kick": _kick,
    "snare": _snare,
    "brush": lambda _hertz, _count: _noise_drum(1800, 9000, 0.06, 0.02),
    "hat": lambda _hertz, _count: _noise_drum(6500, 15000, 0.025),
    "shaker": lambda _hertz, _count: _noise_drum(4500, 11000, 0.03, 0.015),
    "tom": lambda _hertz, _count: ring(np.array([72.0, 118, 165]), np.array([0.25, 0.14, 0.08]), np.array([1, 0.5, 0.25]), SAMPLE_RATE),
}
