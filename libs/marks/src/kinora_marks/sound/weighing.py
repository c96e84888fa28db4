"""Which cells to believe: evidence of a stretch of sound, and its weights, learnt from the pilots by loudness and by band."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from kinora_marks.payload import Carriers
from kinora_marks.sound.evidence import evidence
from kinora_marks.sound.grid import BANDS, ROWS

F4 = NDArray[np.float32]
_LOUD = 60  # percent of the cells are softer than what is loud
_CLASSES = 16  # of loudness, each of as many cells
_AROUND_BANDS, _AROUND_CLASSES = 15, 3  # over which weights are smoothed
_AT_LEAST = 0.1  # of the largest weight: pilots are few


@dataclass(frozen=True)
class Heard:
    """Evidence of (views, cells, BANDS), and how loud each is, smoothed over its neighbours in pitch."""

    values: F4
    loudness: F4

    @classmethod
    def of(cls, energies: F4) -> "Heard":
        loudness = np.log(energies + np.float32(1e-7) * energies.max() + np.float32(1e-20))
        return cls(np.stack([evidence(view).values for view in energies]), uniform_filter1d(loudness, 3, axis=2, mode="nearest"))

    def loud(self) -> F4:
        """The values, those of softer cells left out: they drown first."""
        least = np.percentile(self.loudness, _LOUD, axis=(1, 2), keepdims=True)
        return np.where(self.loudness > least, self.values, np.float32(0))

    def weighed(self, carriers: Carriers, row: int) -> F4:
        """The values, weighed by how well pilots of like loudness, then of like pitch, came through; `row` is the first cell's."""
        signs = np.zeros(carriers.count, np.float32)
        signs[carriers.pilots] = carriers.signs[carriers.pilots]
        pilots = signs.reshape(ROWS, BANDS)[(row + np.arange(self.values.shape[1])) % ROWS]
        return np.stack([_weighed(values, loudness, pilots) for values, loudness in zip(self.values, self.loudness, strict=True)])


def folded(values: F4) -> F4:
    """(views, cells, BANDS) become one tile, (ROWS, BANDS), views and repetitions together."""
    whole = np.pad(values.sum(0), ((0, -values.shape[1] % ROWS), (0, 0)))
    return np.asarray(whole.reshape(-1, ROWS, BANDS).sum(0), np.float32)


def _weighed(values: F4, loudness: F4, pilots: F4) -> F4:
    ranks = np.argsort(np.argsort(loudness, axis=None)).reshape(loudness.shape)
    weighed = values * _weights(values, pilots, ranks * _CLASSES // ranks.size, _AROUND_CLASSES)
    bands = np.broadcast_to(np.arange(BANDS), pilots.shape)
    return np.asarray(weighed * _weights(weighed, pilots, bands, _AROUND_BANDS), np.float32)


def _weights(values: F4, pilots: F4, groups: NDArray[np.intp], around: int) -> F4:
    """Of each cell by its group: what the pilots gained in it for their power."""
    flat = groups.ravel()
    gained = uniform_filter1d(np.bincount(flat, (values * pilots).ravel()), around, mode="constant")
    power = uniform_filter1d(np.bincount(flat, np.square(values * pilots).ravel()), around, mode="constant")
    gain = np.maximum(gained / (power + 1e-9), 0)
    return np.asarray((gain + _AT_LEAST * gain.max() + 1e-9)[groups], np.float32)
