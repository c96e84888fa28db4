"""Sound that may carry a mark, ready to be asked for the energies of cells wherever and however stretched they may lie."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy.signal import resample_poly

from kinora_marks.sound.grid import BANDS, CELL_S, EDGES

F4 = NDArray[np.float32]
RATE = 16_000
_WINDOW, _SIZE, HOP = 704, 1024, 128  # 44 ms as in marking, 8 ms
HOP_S = HOP / RATE


class Listening:
    """Of `samples` (n, channels) at `rate`, 0.2 s or more. Channels add up by power: what differs in them is as good as more sound."""

    def __init__(self, samples: F4, rate: int) -> None:
        ratio = Fraction(RATE, rate).limit_denominator(1000)
        sound = resample_poly(samples, ratio.numerator, ratio.denominator, axis=0) if ratio != 1 else samples
        self.seconds = len(samples) / rate
        power = sum(_power(channel) for channel in np.asarray(sound, np.float32).T)
        self._below = np.pad(np.cumsum(power, axis=1), ((0, 0), (1, 0)))  # power under each bin's lower edge
        self._bands: tuple[float, NDArray[np.float64]] = (0.0, np.zeros((0, BANDS)))

    def cells(self, start_s: float, pitch: float, tempo: float) -> F4:
        """(cells, BANDS): energies of the whole cells that follow `start_s`, in sound whose pitch and tempo became so many times higher."""
        until = self._until(pitch)
        count = int((self.seconds - start_s) * tempo / CELL_S)
        edges = (start_s + np.arange(count + 1) * CELL_S / tempo) / HOP_S + 0.5
        return np.maximum(np.diff(_at(until, np.clip(edges, 0, len(until) - 1)), axis=0), 0).astype(np.float32)

    def _until(self, pitch: float) -> NDArray[np.float64]:
        """(frames + 1, BANDS): each band's energy before each frame. The last pitch asked for is kept."""
        if self._bands[0] != pitch:
            below = _at(self._below.T, np.minimum(EDGES * pitch * _SIZE / RATE + 0.5, _SIZE // 2 + 1)).T
            self._bands = pitch, np.pad(np.cumsum(np.diff(below, axis=1), axis=0), ((1, 0), (0, 0)))
        return self._bands[1]


def _power(channel: F4) -> F4:
    """(frames, bins)."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(channel, _WINDOW // 2), _WINDOW)[::HOP]
    return np.square(np.abs(np.fft.rfft(windows * np.hanning(_WINDOW).astype(np.float32), _SIZE, axis=1)))


def _at(table: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of a table at fractional places, linearly between them."""
    before = np.minimum(places.astype(np.intp), len(table) - 2)
    part = (places - before)[:, None]
    return np.asarray(table[before] * (1 - part) + table[before + 1] * part)
