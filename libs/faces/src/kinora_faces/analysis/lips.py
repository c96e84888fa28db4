"""Whether the lips move with the sound."""

import numpy as np

from kinora_faces.analysis.measures import Measures
from kinora_faces.analysis.thresholds import LAG_S, LEAST_SWING
from kinora_faces.challenge import Attempt
from kinora_faces.landmarks import F8

_STEP_S = 0.02
_SMOOTH = 9  # steps
_AFTER_S = 2.0  # a reveal: by then a word has been said


def agreement(m: Measures, attempt: Attempt) -> float:
    """The best correlation of the lips' opening with the loudness around the words, -1 to 1, over small lags.

    0 with too little to see, and where the lips rest: any signal resembles another over some lag.
    """
    grid = np.arange(0, min(m.times[-1], len(m.loudness) * _STEP_S) - _STEP_S, _STEP_S)
    seen = np.isfinite(m.lips)
    if seen.sum() < 20 or len(grid) < 4 * _SMOOTH:
        return 0.0
    lips = _smooth(np.interp(grid, m.times[seen], m.lips[seen]))
    loud = _smooth(m.loudness[: len(grid)])
    lips = lips - np.convolve(np.pad(lips, 75, "edge"), np.ones(151) / 151, "valid")  # turning the head opens them a little, slowly
    speaking = _around_words(grid, attempt)
    if not speaking.any() or np.ptp(np.percentile(lips[speaking], (5, 95))) < LEAST_SWING:
        return 0.0
    most = round(LAG_S / _STEP_S)
    return max(_correlation(np.roll(lips, -lag)[speaking], loud[speaking]) for lag in range(-most, most + 1))


def _around_words(grid: F8, attempt: Attempt) -> np.ndarray:
    ends = [*attempt.reveals[1:], grid[-1]]
    spans = [
        (at, min(max(end, at + 1.0), at + _AFTER_S))
        for item, at, end in zip(attempt.challenge.items, attempt.reveals, ends, strict=True)
        if item.word
    ]
    return np.asarray(np.any([(grid >= begin) & (grid <= end) for begin, end in spans], axis=0))


def _smooth(signal: F8) -> F8:
    window = np.hanning(_SMOOTH + 2)[1:-1]
    return np.asarray(np.convolve(signal, window / window.sum(), "same"))


def _correlation(one: F8, other: F8) -> float:
    if len(one) < 2 or one.std() < 1e-9 or other.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
