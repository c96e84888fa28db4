"""The melody of a line: of speech, livelier or flatter than it was; of a song, note by note."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinora_world.scene import F8
from kinora_world.sound.visemes import is_vowel
from kinora_world.sound.vocoder import Parts
from kinora_world.sound.voices import Delivery

_FALL = 0.09  # share by which the voice sinks over a line, as breath runs out
_TUNES = (
    (0, 2, 4, 2, 0, 2, 1, 0),
    (4, 2, 0, 2, 4, 4, 2, 0),
    (0, 0, 4, 4, 5, 5, 4, 2),
    (2, 4, 5, 4, 2, 0, 1, 0),
)  # steps of the major scale
_MAJOR = (0, 2, 4, 5, 7, 9, 11, 12)


def spoken(parts: Parts, delivery: Delivery) -> F8:
    """(frames,) Hz around the voice's own middle."""
    voiced = parts.voiced > 0.5
    middle = float(np.exp(np.mean(np.log(parts.pitch[voiced])))) if np.any(voiced) else float(parts.pitch[0])
    melody = delivery.lively * np.log(parts.pitch / middle)
    sinking = _FALL * (0.5 - np.linspace(0, 1, len(melody))) * min(1.0, delivery.lively)
    hertz = delivery.hertz * np.exp(np.clip(melody + sinking, -0.6, 0.6))
    return np.asarray(hertz)


def sung(parts: Parts, delivery: Delivery, phonemes: Sequence[tuple[float, str]], text: str) -> F8:
    """(frames,) Hz: a note of a simple tune for every vowel, slid into, with a vibrato on those that last; it ends on the tonic."""
    vowels = [time for time, ipa in phonemes if is_vowel(ipa)] or [0.0]
    tune = _TUNES[crc32(text.encode()) % len(_TUNES)]
    steps = [*(tune[k % len(tune)] for k in range(len(vowels) - 1)), 0]
    tonic = 440 * 2 ** (round(12 * np.log2(delivery.hertz / 440)) / 12)
    index = np.clip(np.searchsorted(np.array(vowels) - 0.04, parts.clock, side="right") - 1, 0, len(vowels) - 1)
    semitones = gaussian_filter1d(np.array([_MAJOR[step] for step in steps], float)[index], 5.0)
    held = parts.clock - np.array(vowels)[index]
    vibrato = 0.3 * np.clip((held - 0.18) / 0.2, 0, 1) * np.sin(2 * np.pi * 5.4 * parts.clock)
    return np.asarray(tonic * 2 ** ((semitones + vibrato) / 12))
