"""How far each moment of each band may be made louder or softer unheard.

The masked threshold is J. D. Johnston's ("Transform coding of audio signals using perceptual noise criteria", IEEE J. Sel. Areas Commun.
6, 1988): power in critical bands, spread by the function of Schroeder, Atal and Hall (JASA 66, 1979), less 14.5 + z dB where a band is
tonal and 5.5 dB where it is noise. Johnston takes tonality from the flatness of the whole spectrum, -60 dB for a tone; here each band has
its own, with -20 dB, the flatness of one line in a critical band of this transform, so that a tone among noises is protected too.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from kinora_marks.sound.grid import RATE, WINDOW

F4 = NDArray[np.float32]
FREQUENCIES = np.fft.rfftfreq(WINDOW, 1 / RATE)
_TONE_DB = -20.0  # flatness of a band that holds one tone
LEAST = np.float32(1e-14)  # power under which there is nothing


def bark(frequencies: NDArray[np.floating]) -> NDArray[np.float64]:
    """Critical-band rate, by Zwicker and Terhardt (JASA 68, 1980)."""
    return np.asarray(13 * np.arctan(0.00076 * frequencies) + 3.5 * np.arctan((frequencies / 7500) ** 2))


BARKS = bark(FREQUENCIES).astype(np.intp)  # the critical band of each bin
_STARTS = np.searchsorted(BARKS, np.arange(BARKS[-1] + 1))
_COUNTS = np.diff([*_STARTS, len(BARKS)])[:, None]


def band_powers(power: F4) -> F4:
    """Of (bins, frames), summed in critical bands: (25, frames)."""
    return np.asarray(np.add.reduceat(power, _STARTS, axis=0), np.float32)


def threshold(power: F4) -> F4:
    """The power in each critical band that another sound may have unheard, (25, frames), of the power of each bin, (bins, frames)."""
    bands = band_powers(power) + LEAST
    logs = np.add.reduceat(np.log10(power + LEAST), _STARTS, axis=0) / _COUNTS
    tonality = np.clip(10 * (logs - np.log10(bands / _COUNTS)) / _TONE_DB, 0, 1)
    z = np.arange(1, len(_STARTS) + 1)[:, None]
    below_db = tonality * (14.5 + z) + (1 - tonality) * 5.5
    return np.asarray((_spreading() @ bands) * 10 ** (-below_db / 10), np.float32)


@cache
def _spreading() -> F4:
    """(to, from): where the power of a critical band excites the ear; each row's total is 1, as Johnston renormalises."""
    apart = np.arange(len(_STARTS))[:, None] - np.arange(len(_STARTS)) + 0.474
    spread = 10 ** ((15.81 + 7.5 * apart - 17.5 * np.sqrt(1 + apart**2)) / 10)
    return np.asarray(spread / spread.sum(1, keepdims=True), np.float32)
