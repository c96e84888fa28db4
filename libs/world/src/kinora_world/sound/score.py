"""The music under a clip: one bed for as long as the mood stays, ended with a cadence, soft enough to talk over."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple
from zlib import crc32

import numpy as np
from scipy.signal import butter, sosfilt

from kinora_world.catalogue import entries
from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound.composition import MusicEntry, Played, compose
from kinora_world.sound.instruments import note
from kinora_world.sound.mastering import loudness
from kinora_world.sound.rooms import reverb
from kinora_world.sound.space import gains
from kinora_world.sound.types import ShotSound
from kinora_world.storyboard import Shot, Storyboard

_LEVEL_LUFS = -27.0  # beside speech at some -19
_HALL = (20.0, 30.0, 12.0)
_SOFT = butter(1, 7000, fs=SAMPLE_RATE, output="sos")
_FADE_S = 0.5


class Stretch(NamedTuple):
    """Seconds of the clip with one bed."""

    music: str
    start: float
    end: float


@cache
def entry_of(name: str) -> MusicEntry:
    """The catalogue's entry for a bed."""
    return MusicEntry.model_validate(dict(entries("music")[name]))


def bed_of(shot: Shot) -> str:
    """The bed asked for, else the mood's, else none."""
    fitting = [name for name in entries("music") if shot.mood in entry_of(name).moods]
    return shot.music or (fitting[0] if fitting else "none")


def stretches(storyboard: Storyboard, shots: Sequence[ShotSound]) -> list[Stretch]:
    """Neighbouring shots with one bed share it; silence is left out."""
    found: list[Stretch] = []
    for shot, heard in zip(storyboard.shots, shots, strict=True):
        end = heard.start + heard.duration
        if found and found[-1].music == bed_of(shot):
            found[-1] = found[-1]._replace(end=end)
        else:
            found.append(Stretch(bed_of(shot), heard.start, end))
    return [stretch for stretch in found if entry_of(stretch.music).chords or entry_of(stretch.music).bass]


def score(storyboard: Storyboard, shots: Sequence[ShotSound], count: int) -> F8:
    """(count, 2) all the music of a clip, not yet ducked."""
    total = np.zeros((count, 2))
    for stretch in stretches(storyboard, shots):
        rng = np.random.default_rng([storyboard.seed % 2**63, crc32(stretch.music.encode())])
        whole = storyboard.loop and stretch.end - stretch.start > storyboard.duration - 0.01
        played = _performed(entry_of(stretch.music), stretch.end - stretch.start, rng, ends=not whole)
        start = int(stretch.start * SAMPLE_RATE)
        played = played[: count - start]
        total[start : start + len(played)] += played
    return total


def _performed(entry: MusicEntry, seconds: float, rng: np.random.Generator, *, ends: bool) -> F8:
    n_beats = _beats(entry, seconds, rng)
    beat_s = seconds / n_beats
    dry = np.zeros((int((seconds + 3) * SAMPLE_RATE), 2))
    for played in compose(entry, n_beats, rng, ends=ends):
        _play(dry, played, beat_s, rng)
    hall = reverb(sosfilt(_SOFT, dry, axis=0), _HALL, 1.5, 0.22, 5)[: len(dry)]
    wet = dry + np.pad(hall, ((0, len(dry) - len(hall)), (0, 0)))
    wet *= entry.level * 10 ** ((_LEVEL_LUFS - loudness(wet)) / 20)
    return _faded(wet, seconds) if ends else wet


def _beats(entry: MusicEntry, seconds: float, rng: np.random.Generator) -> int:
    """So many that the piece ends with the picture at a tempo it allows, in whole bars where that fits."""
    tempo = float(rng.uniform(*entry.tempo))
    wanted = seconds * tempo / 60
    bars = max(1, round(wanted / entry.metre)) * entry.metre
    return bars if abs(bars / wanted - 1) < 0.15 else max(2, round(wanted))


def _play(track: F8, played: Played, beat_s: float, rng: np.random.Generator) -> None:
    """A hair early or late, a little harder or softer, as people play."""
    time = max(0.0, played.beat * beat_s + float(rng.normal(0, 0.006)))
    length = max(0.1, round(played.length * beat_s * 10) / 10)  # few lengths: notes are made once
    sound = note(played.instrument, float(played.midi), length)
    start = int(time * SAMPLE_RATE)
    sound = sound[: max(0, len(track) - start)]
    strength = played.strength * float(rng.uniform(0.88, 1.0)) * 0.3
    track[start : start + len(sound)] += sound[:, None] * gains(np.array(played.pan), np.array(strength))


def _faded(sound: F8, seconds: float) -> F8:
    """The last chord dies away with the picture."""
    end, fade = int(seconds * SAMPLE_RATE), int(min(_FADE_S, seconds / 2) * SAMPLE_RATE)
    sound = sound[:end].copy()
    sound[end - fade :] *= np.cos(np.linspace(0, np.pi / 2, fade))[:, None] ** 1.5
    return sound
