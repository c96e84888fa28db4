"""Sound that may carry a mark, ready to be asked for the energies of cells wherever and however stretched they may lie."""

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from kinora_marks.resampling import resampled
from kinora_marks.sound.grid import BANDS, CELL_S, EDGES

F4 = NDArray[np.float32]
RATE = 16_000
_WINDOW, _SIZE, HOP = 704, 1024, 128  # 44 ms as in marking, 8 ms
HOP_S = HOP / RATE
_APART = 1e-4  # of what channels share: less is no more than rounding


class Listening:
    """Of `samples` (n, channels) at `rate`, 0.2 s or more.

    It is listened to in three ways: to what its channels share, to how the first two differ, and to both together. All carry the mark, and
    what else they carry is less alike than left and right are.
    """

    def __init__(self, samples: F4, rate: int) -> None:
        ratio = Fraction(RATE, rate).limit_denominator(1000)
        sound = resampled(samples, ratio.numerator, ratio.denominator)
        self.seconds = len(samples) / rate
        power = np.stack([_power(way) for way in _views(np.asarray(sound, np.float32))]).astype(np.float64)
        if len(power) > 1:
            power = np.concatenate([power, power.sum(0, keepdims=True)])
        # (bins + 1, frames, views): power under each bin's lower edge
        self._below = np.pad(np.cumsum(power, axis=2), ((0, 0), (0, 0), (1, 0))).transpose(2, 1, 0)
        self._bands: tuple[float, NDArray[np.float64]] = (0.0, np.zeros((0, BANDS, 1)))

    def cells(self, start_s: float, pitch: float, tempo: float) -> F4:
        """(views, cells, BANDS): energies of the cells after `start_s`, of sound whose pitch and tempo became so many times higher."""
        until = self._until(pitch)
        count = int((self.seconds - start_s) * tempo / CELL_S)
        edges = (start_s + np.arange(count + 1) * CELL_S / tempo) / HOP_S + 0.5
        energies = np.diff(_at(until, np.clip(edges, 0, len(until) - 1)), axis=0)
        return np.maximum(energies, 0).transpose(2, 0, 1).astype(np.float32)

    def _until(self, pitch: float) -> NDArray[np.float64]:
        """(frames + 1, BANDS, views): each band's energy before each frame. The last pitch asked for is kept."""
        if self._bands[0] != pitch:
            below = _at(self._below, np.minimum(EDGES * pitch * _SIZE / RATE + 0.5, _SIZE // 2 + 1))
            until = np.cumsum(np.diff(below, axis=0), axis=1).transpose(1, 0, 2)
            self._bands = pitch, np.pad(until, ((1, 0), (0, 0), (0, 0)))
        return self._bands[1]


def _views(sound: F4) -> list[F4]:
    """(n,) each, of (n, channels): one, or two where the first two channels differ."""
    shared, apart = (np.asarray(way, np.float32) for way in (sound.mean(1), (sound[:, 0] - sound[:, min(1, sound.shape[1] - 1)]) / 2))
    return [shared, apart] if np.abs(apart).max() > _APART * np.abs(shared).max() else [shared]


def _power(channel: F4) -> F4:
    """(frames, bins)."""
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(channel, _WINDOW // 2), _WINDOW)[::HOP]
    return np.square(np.abs(np.fft.rfft(windows * np.hanning(_WINDOW).astype(np.float32), _SIZE, axis=1)))


def _at(table: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of a table at fractional places, linearly between them."""
    before = np.minimum(places.astype(np.intp), len(table) - 2)
    part = (places - before).reshape(-1, *(1 for _ in table.shape[1:]))
    return np.asarray(table[before] * (1 - part) + table[before + 1] * part)
