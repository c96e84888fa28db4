"""Chromaprint in numpy: the algorithm that AcoustID has published as number 1 ("test 2", its default), 32-bit words, about 8 a second.

The library itself is to be had as a Debian package only, which brings a second FFmpeg and two dozen packages more. This gives the same
words, and tells besides which of a word's bits were close calls, so that a search can try them both ways (J. Haitsma, T. Kalker, "A Highly
Robust Audio Fingerprinting System", ISMIR 2002). The filters are those of Y. Ke, D. Hoiem, R. Sukthankar, "Computer Vision for Music
Identification", CVPR 2005; their places and levels are Chromaprint's own.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kinora_marks.prints.haar import F8, areas, strips

RATE = 11_025  # hertz
_WINDOW, _HOP = 4096, 1365
STEP_S = _HOP / RATE
"""Seconds from word to word."""
_SMOOTH = (0.25, 0.75, 1.0, 0.75, 0.25)
_QUIET = 0.01  # length of a frame's twelve energies, of full scale
_WIDEST = 16  # frames
SHORTEST = _WINDOW + _HOP * (len(_SMOOTH) + _WIDEST - 2)
"""Samples that give one word."""
SILENCE = 627_964_279
"""The word of silence, which is in every film."""


class _Classifier(NamedTuple):
    """Shape of the filter, its lowest note, how many notes and frames it covers; the three levels between its four answers."""

    shape: int
    note: int
    notes: int
    frames: int
    levels: tuple[float, float, float]


_CLASSIFIERS = (
    _Classifier(0, 4, 3, 15, (1.98215, 2.35817, 2.63523)),
    _Classifier(4, 4, 6, 15, (-1.03809, -0.651211, -0.282167)),
    _Classifier(1, 0, 4, 16, (-0.298702, 0.119262, 0.558497)),
    _Classifier(3, 8, 2, 12, (-0.105439, 0.0153946, 0.135898)),
    _Classifier(3, 4, 4, 8, (-0.142891, 0.0258736, 0.200632)),
    _Classifier(4, 0, 3, 5, (-0.826319, -0.590612, -0.368214)),
    _Classifier(1, 2, 2, 9, (-0.557409, -0.233035, 0.0534525)),
    _Classifier(2, 7, 3, 4, (-0.0646826, 0.00620476, 0.0784847)),
    _Classifier(2, 6, 2, 16, (-0.192387, -0.029699, 0.215855)),
    _Classifier(2, 1, 3, 2, (-0.0397818, -0.00568076, 0.0292026)),
    _Classifier(5, 10, 1, 15, (-0.53823, -0.369934, -0.190235)),
    _Classifier(3, 6, 2, 10, (-0.124877, 0.0296483, 0.139239)),
    _Classifier(2, 1, 1, 14, (-0.101475, 0.0225617, 0.231971)),
    _Classifier(3, 5, 6, 4, (-0.0799915, -0.00729616, 0.063262)),
    _Classifier(1, 9, 2, 12, (-0.272556, 0.019424, 0.302559)),
    _Classifier(3, 4, 2, 14, (-0.164292, -0.0321188, 0.0846339)),
)
_GRAY = np.array([0, 1, 3, 2], np.uint32)


class Words(NamedTuple):
    """words: uint32 (n,). unsure: uint32 (n, 16), the one bit of each answer that a small change would turn, the least sure first."""

    words: NDArray[np.uint32]
    unsure: NDArray[np.uint32]


def words(samples: NDArray[np.int16]) -> Words:
    """Of mono sound at RATE; none of less than SHORTEST."""
    if len(samples) < SHORTEST:
        return Words(np.zeros(0, np.uint32), np.zeros((0, len(_CLASSIFIERS)), np.uint32))
    sums = areas(_chroma(samples))
    count = len(sums) - _WIDEST
    found, turns, margins = np.zeros(count, np.uint32), [], []
    for place, classifier in enumerate(_CLASSIFIERS):
        values = strips(sums, count, classifier.shape, classifier.note, classifier.notes, classifier.frames)
        answers = np.searchsorted(classifier.levels, values, side="right")
        away = np.abs(values[:, None] - classifier.levels)
        nearest = away.argmin(1)
        shift = 2 * (len(_CLASSIFIERS) - 1 - place)
        found |= _GRAY[answers] << np.uint32(shift)
        turns.append((_GRAY[nearest] ^ _GRAY[nearest + 1]) << np.uint32(shift))
        margins.append(away.min(1) / (classifier.levels[2] - classifier.levels[0]))
    order = np.argsort(margins, axis=0, kind="stable").T
    return Words(found, np.take_along_axis(np.array(turns, np.uint32).T, order, 1))


def _chroma(samples: NDArray[np.int16]) -> F8:
    """Energies of the twelve notes, smoothed in time and of length 1: (frames, 12)."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, _WINDOW)[::_HOP]
    spectra = np.fft.rfft(windows * (np.hamming(_WINDOW) / 32767))
    energies = (spectra.real**2 + spectra.imag**2) @ _NOTES
    smooth = sum(weight * energies[at : len(energies) - len(_SMOOTH) + 1 + at] for at, weight in enumerate(_SMOOTH))
    lengths = np.linalg.norm(smooth, axis=1, keepdims=True)
    return np.where(lengths < _QUIET, 0, smooth / np.maximum(lengths, _QUIET))


def _notes() -> F8:
    """Which line of the spectrum counts to which note, from 28 to 3520 Hz, the first note being A: (lines, 12)."""
    lines = np.arange(*(round(_WINDOW * hertz / RATE) for hertz in (28, 3520)))
    octaves = np.log2(lines * RATE / _WINDOW / 27.5)
    chosen = np.zeros((_WINDOW // 2 + 1, 12))
    chosen[lines, (12 * (octaves - np.floor(octaves))).astype(int)] = 1
    return chosen


_NOTES = _notes()
