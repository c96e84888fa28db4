"""What the energies of cells tell of the mark: how far each differs from what its neighbours lead one to expect.

For a Gaussian field the best evidence of a cell is its distance from its conditional mean given its neighbours, over the conditional
variance (J. Besag, "Spatial interaction and the statistical analysis of lattice systems", J. R. Stat. Soc. B 36, 1974). The mean is fitted
to the sound itself; the variance is that of the neighbourhood.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter

F4 = NDArray[np.float32]
_CROSS = [(i, 0) for i in (-3, -2, 2, 3)] + [(0, j) for j in (-5, -4, -3, -2, 2, 3, 4, 5)]  # further on in time, in pitch
_AROUND = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j] + _CROSS
_REACH = 5
_RIDGE = 3.0  # of the cells: keeps the fit from explaining the mark away
_LIMIT = 2.0  # standard deviations
_FLOOR = 1e-7  # of the loudest cell: digital silence says nothing
_LARGEST = 60.0  # dB^2
_LEAST = 4.0  # dB^2


class Evidence(NamedTuple):
    values: F4  # (cells, bands), in 1/dB: above 0 where a cell is louder than its neighbours say
    precision: F4  # (cells, bands), in 1/dB^2: how much a louder cell by 1 dB adds


def evidence(energies: F4) -> Evidence:
    """Of the energies of (cells, bands)."""
    levels = (10 * np.log10(energies + _FLOOR * energies.max() + 1e-20)).astype(np.float32)
    surprise = levels - _expected(levels)
    variance = uniform_filter(np.minimum(surprise**2, _LARGEST), (3, 5), mode="nearest") + np.float32(_LEAST)
    deviation = np.sqrt(variance)
    return Evidence(np.clip(surprise / deviation, -_LIMIT, _LIMIT) / deviation, 1 / variance)


def _expected(levels: F4) -> F4:
    """Of each cell, by its neighbours, with weights fitted robustly to these levels."""
    padded = np.pad(levels, _REACH, mode="edge")
    rows, bands = levels.shape
    around = np.stack([padded[_REACH + i :, _REACH + j :][:rows, :bands].ravel() for i, j in _AROUND])
    mean = levels.mean()
    around, wanted = around - mean, levels.ravel() - mean
    trust = np.ones_like(wanted)
    for _ in range(2):
        weighted = around * trust
        ridge = np.float32(_RIDGE * trust.sum()) * np.eye(len(around), dtype=np.float32)
        fit = np.linalg.solve(weighted @ around.T + ridge, weighted @ wanted)
        error = wanted - fit @ around
        trust = 1 / (1 + (error / (3 * np.median(np.abs(error)) + np.float32(1e-6))) ** 2)
    return np.asarray((fit @ around).reshape(levels.shape) + mean, np.float32)
