"""Which words were said, and when: PocketSphinx with a grammar of one word out of the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pocketsphinx
from numpy.typing import NDArray

from kinora_faces.words import WORDS

F4 = NDArray[np.float32]
RATE = 16_000
_INSERTION = 0.5  # word insertion penalty: fewer words out of noise
_ABOVE_NOISE = 1.6
_FAINTEST = 0.002  # of full scale, RMS
_STEP_S = 0.02
_PAUSE_S, _SHORTEST_S = 0.16, 0.2  # within a word; of a word
_MARGIN_S = 0.2  # of silence, which the decoder wants around speech


@dataclass(frozen=True, slots=True)
class Heard:
    """The likeliest word of the list, and when it began; empty when there was no speech."""

    word: str
    start_s: float


def words_heard(samples: F4, windows: Sequence[tuple[float, float]], language: str) -> list[Heard]:
    """One word for each window of seconds. `samples` are mono at RATE."""
    loud = envelope(samples)
    noise = float(np.percentile(loud, 20)) if len(loud) else 0.0
    return [_word(samples, window, noise, language) for window in windows]


def envelope(samples: F4) -> NDArray[np.float64]:
    """RMS loudness every 20 ms."""
    step = int(RATE * _STEP_S)
    blocks = samples[: len(samples) // step * step].reshape(-1, step).astype(np.float64)
    return np.asarray(np.sqrt(np.mean(blocks**2, axis=1)))


def speech_of(samples: F4) -> F4:
    """The loud parts, joined."""
    loud = envelope(samples)
    if not len(loud):
        return samples
    spoken = np.convolve(loud > max(_FAINTEST, _ABOVE_NOISE * float(np.percentile(loud, 20))), np.ones(5), "same") > 0
    return samples[: len(loud) * round(RATE * _STEP_S)][np.repeat(spoken, round(RATE * _STEP_S))]


def _word(samples: F4, window: tuple[float, float], noise: float, language: str) -> Heard:
    begin, end = _utterance(samples, window, noise)
    if begin >= end:
        return Heard("", window[0])
    margin = round(_MARGIN_S * RATE)
    part = np.pad(samples[round(begin * RATE) : round(end * RATE)], margin)
    decoder = _decoder(language)
    decoder.start_utt()
    decoder.process_raw((part / np.abs(part).max() * 0.7 * 32767).astype(np.int16).tobytes(), full_utt=True)
    decoder.end_utt()
    said = [segment.word.partition("(")[0] for segment in decoder.seg() or ()]  # a second pronunciation is written "word(2)"
    return Heard(next((word for word in said if word in WORDS[language]), ""), begin)


def _utterance(samples: F4, window: tuple[float, float], noise: float) -> tuple[float, float]:
    """The longest stretch of speech that begins within the window: seconds, widened a little."""
    first = round(window[0] * RATE)
    loud = envelope(samples[first : round(window[1] * RATE)]) > max(_FAINTEST, _ABOVE_NOISE * noise)
    spells: list[tuple[int, int]] = []
    for step in np.flatnonzero(loud):
        if spells and step - spells[-1][1] <= _PAUSE_S / _STEP_S:
            spells[-1] = (spells[-1][0], int(step))
        else:
            spells.append((int(step), int(step)))
    begun = [spell for spell in spells if spell[0] > 0 and spell[1] - spell[0] >= _SHORTEST_S / _STEP_S]
    if not begun:
        return 0.0, 0.0
    begin, end = max(begun, key=lambda spell: spell[1] - spell[0])
    return max(window[0], window[0] + begin * _STEP_S - 0.04), window[0] + end * _STEP_S + 0.08


@cache
def _decoder(language: str) -> Any:
    decoder = pocketsphinx.Decoder(
        pocketsphinx.Config(lm=None, samprate=RATE, logfn="/dev/null", loglevel="FATAL", wip=_INSERTION, cmn="batch")
    )
    decoder.add_jsgf_string("one", f"#JSGF V1.0; grammar one; public <word> = {' | '.join(WORDS[language])};")
    decoder.activate_search("one")
    return decoder
