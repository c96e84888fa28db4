"""Everything heard, placed in stereo around the camera and brought to an even loudness."""

from collections.abc import Sequence
from functools import partial
from zlib import crc32

import numpy as np
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from kinora_world.scene import F4, F8, SAMPLE_RATE, SpokenLine
from kinora_world.sound import ambience, foley
from kinora_world.sound.mastering import mastered, reverb
from kinora_world.sound.space import gains, heard, placed
from kinora_world.sound.types import ShotSound
from kinora_world.storyboard import Storyboard

_CROSSFADE = int(0.05 * SAMPLE_RATE)
_DUCK = 0.55  # how much of the ambience gives way to speech


def mix(storyboard: Storyboard, lines: Sequence[SpokenLine], shots: Sequence[ShotSound]) -> F4:
    """The clip's sound, (n, 2) at SAMPLE_RATE with n = duration x rate. Same input, same samples."""
    count = round(storyboard.duration * SAMPLE_RATE)
    speech, effects = np.zeros((count, 2)), np.zeros((count, 2))
    for line in lines:
        _add(speech, _voice(line, shots[line.shot]), line.start)
    for number, shot in enumerate(shots):
        _add_effects(effects, shot, storyboard.seed + number)
    wet = sum((_room(speech + effects, shot, storyboard.seed) for shot in shots), np.zeros((count, 2)))
    beds = _beds(storyboard, shots, count)
    return mastered(speech + effects + wet, beds * (1 - _DUCK * _presence(speech))[:, None])


def _add(track: F8, sound: F8, time: float) -> None:
    start = max(0, round(time * SAMPLE_RATE))
    sound = sound[: max(0, len(track) - start)]
    track[start : start + len(sound)] += sound


def _near(distance: float) -> float:
    """Dialogue keeps its level: a film's microphone follows the actor."""
    return float(np.clip((2.5 / max(distance, 0.5)) ** 0.3, 0.6, 1.15))


def _far(distance: float) -> float:
    return float(np.clip((5 / max(distance, 0.5)) ** 0.55, 0.25, 1.5))


def _voice(line: SpokenLine, shot: ShotSound) -> F8:
    def where(seconds: float) -> tuple[float, float]:
        time = line.start - shot.start + seconds
        return heard(shot.speaker_positions(line.speaker, time), shot.listener(time))

    return placed(line.samples, where, _near)


def _add_effects(track: F8, shot: ShotSound, seed: int) -> None:
    """A sound that begins in a shot may ring on into the next, as on film."""
    for number, contact in enumerate(foley.audible(shot.contacts)):
        rng = np.random.default_rng([seed, 1, number])
        _add(track, _at(foley.impact(contact, rng), contact.position, contact.time, shot), shot.start + contact.time)
    for number, step in enumerate(shot.footfalls):
        rng = np.random.default_rng([seed, 2, number])
        sound = foley.footstep(step, shot.stage.ground_material, rng)
        _add(track, _at(sound, step.position, step.time, shot), shot.start + step.time)


def _at(sound: F8, position: tuple[float, float, float], time: float, shot: ShotSound) -> F8:
    pan, distance = heard(np.array(position), shot.listener(time))
    return np.asarray(sound[:, None] * gains(np.array(pan), np.array(_far(distance))))


def _room(dry: F8, shot: ShotSound, seed: int) -> F8:
    """The place's reflections of what sounds during the shot."""
    seconds, wet = ambience.entry_of(shot.stage.ambience)["reverb"]
    gate = _window(shot, len(dry))
    return reverb(dry * gate[:, None], seconds, wet, seed)


def _beds(storyboard: Storyboard, shots: Sequence[ShotSound], count: int) -> F8:
    total = np.zeros((count, 2))
    make = partial(ambience.bed, count=count)
    beds: dict[tuple[str, str], F8] = {}
    for shot, sound in zip(storyboard.shots, shots, strict=True):
        key = (sound.stage.ambience, shot.time_of_day)
        if key not in beds:
            beds[key] = make(*key, seed=(storyboard.seed + crc32(key[0].encode())) % 2**63)
        total += beds[key] * _window(sound, count)[:, None]
    return total


def _window(shot: ShotSound, count: int) -> F8:
    """(count,) 1 during the shot, crossing over linearly in 50 ms around its cuts, so that neighbours sum to 1."""
    clock = np.arange(count)
    begin, end = shot.start * SAMPLE_RATE, (shot.start + shot.duration) * SAMPLE_RATE
    rise = np.clip((clock - begin) / _CROSSFADE + 0.5, 0, 1) if begin > 0 else np.ones(count)
    fall = np.clip((end - clock) / _CROSSFADE + 0.5, 0, 1) if end < count - 1 else np.ones(count)
    return np.asarray(np.minimum(rise, fall))


def _presence(speech: F8) -> F8:
    """(n,) 0..1 how much is being said, held for a moment and eased in and out."""
    loud = np.minimum(1, np.abs(speech).max(axis=1) / 0.08)
    return np.asarray(uniform_filter1d(maximum_filter1d(loud, int(0.25 * SAMPLE_RATE)), int(0.15 * SAMPLE_RATE)))
