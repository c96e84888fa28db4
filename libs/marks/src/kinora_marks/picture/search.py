"""Where a pattern lies: its scale, shift and mirroring, and where asked its aspect and turn, by where the pilots agree best."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from kinora_marks.picture.pattern import C8, F4, HIGHEST, LOWEST, TILE, Pattern, in_band
from kinora_marks.picture.residue import SHORTER
from kinora_marks.picture.warps import UPRIGHT, Pose

_UNIT = SHORTER / 720  # pixels of a residue for each reference pixel when nothing was scaled
_COARSE_MAP, _FINE_MAP = 128, 256  # shifts tried along each side of a tile
_LOUDEST = 1.5  # a coefficient counts as no more than this many deviations of its like
SURE = 10.0  # a pilots' score that ends the search


@dataclass(frozen=True)
class Search:
    """How far to look. Aspects are of across over down. Each pose is a search of its own; one tilted by 8 degrees finds 5 to 11, one turned
    by 2 finds 1.5 to 2.5.
    """

    smallest: float = 0.38
    largest: float = 2.3
    step: float = 0.006
    aspects: tuple[float, ...] = (1.0,)
    poses: tuple[Pose, ...] = (UPRIGHT,)

    def scales(self) -> NDArray[np.float64]:
        """The likeliest first: those near 1."""
        logs = np.arange(np.log(self.smallest), np.log(self.largest), self.step)
        return cast("NDArray[np.float64]", np.exp(logs[np.argsort(np.abs(logs))]))


@dataclass(frozen=True)
class Place:
    """A hypothesis and its pilots' score. `across` and `down`: see `report.Geometry`."""

    score: float
    across: float
    down: float
    flipped: bool


def places(pattern: Pattern, rest: F4, scales: NDArray[np.float64], aspects: tuple[float, ...]) -> Iterator[Place]:
    """One for each scale, aspect and mirroring."""
    for scale in scales:
        rows = _rows(rest, float(scale))
        for aspect in aspects:
            found = _columns(rows, rest.shape[1], float(scale * aspect))
            for flipped in (False, True):
                agreed = _agreement(pattern, _evened(_mirrored(found) if flipped else found), _COARSE_MAP)
                yield Place(float(agreed.max() / agreed.std()), float(scale * aspect), float(scale), flipped)


def refined(pattern: Pattern, rest: F4, place: Place, widths: tuple[float, ...] = (0.003, 0.0015, 0.0008)) -> Place:
    """Near by, with ever smaller steps."""
    for width in widths:
        steps = [(1 + a * width, 1 + d * width) for a in (-1, 0, 1) for d in (-1, 0, 1)]
        tried = [_scored(pattern, rest, place.across * a, place.down * d, flipped=place.flipped) for a, d in steps]
        place = max(tried, key=lambda one: one.score)
    return place


def carried(pattern: Pattern, rest: F4, place: Place) -> F4:
    """What each carrier shows in this place, (carriers,), as `Carriers.read` takes it."""
    found = _coefficients(rest, place)
    agreed = _agreement(pattern, found, _FINE_MAP)
    row, column = np.unravel_index(int(agreed.argmax()), agreed.shape)
    turn = np.exp(2j * np.pi / _FINE_MAP * (pattern.down * row + pattern.across * column))
    return pattern.real((found * turn).astype(np.complex64))


def reliability(pattern: Pattern, values: F4) -> F4:
    """A weight for each carrier: how well the pilots of like frequency came through."""
    ring = np.tile(((pattern.periods - LOWEST) / 3).astype(int), 2)
    pilots = pattern.carriers.pilots
    agreed = np.bincount(ring[pilots], (values * pattern.carriers.signs)[pilots], ring.max() + 1)
    mean = agreed / np.maximum(np.bincount(ring[pilots], minlength=ring.max() + 1), 1)
    smooth = np.convolve(np.pad(mean, 1, "edge"), [0.25, 0.5, 0.25], "valid")
    return cast("F4", np.maximum(smooth, 0.02)[ring].astype(np.float32))


def _scored(pattern: Pattern, rest: F4, across: float, down: float, *, flipped: bool) -> Place:
    agreed = _agreement(pattern, _coefficients(rest, Place(0, across, down, flipped)), _COARSE_MAP)
    return Place(float(agreed.max() / agreed.std()), across, down, flipped)


def _coefficients(rest: F4, place: Place) -> C8:
    found = _columns(_rows(rest, place.down), rest.shape[1], place.across)
    return _evened(_mirrored(found) if place.flipped else found)


def _rows(rest: F4, scale: float) -> C8:
    """The spectrum along columns at the grid's periods: (2 HIGHEST + 1, width)."""
    phase = 2 * np.pi * np.outer(np.arange(HIGHEST + 1), np.arange(rest.shape[0])) / (TILE * _UNIT * scale)
    half = np.cos(phase).astype(np.float32) @ rest - 1j * (np.sin(phase).astype(np.float32) @ rest)
    return np.concatenate([half[:0:-1].conj(), half])


def _columns(rows: C8, width: int, scale: float) -> C8:
    """(2 HIGHEST + 1, HIGHEST)."""
    phase = 2 * np.pi * np.outer(np.arange(width), np.arange(1, HIGHEST + 1)) / (TILE * _UNIT * scale)
    return cast("C8", rows @ np.exp(-1j * phase).astype(np.complex64))


def _mirrored(found: C8) -> C8:
    """Of a mirrored picture the grid of the unmirrored."""
    return found[::-1].conj()


@cache
def _rings() -> tuple[NDArray[np.bool_], NDArray[np.intp]]:
    down, across = np.mgrid[-HIGHEST : HIGHEST + 1, 1 : HIGHEST + 1]
    return in_band(), (np.hypot(down, across)[in_band()] / 2).astype(np.intp)


def _evened(found: C8) -> C8:
    """(coefficients,): each over the deviation of its like, and limited: a picture's own lines are loud in few coefficients."""
    band, rings = _rings()
    found = found[band]
    power = np.abs(found) ** 2
    mean = np.bincount(rings, power) / np.maximum(np.bincount(rings), 1)
    found = found / (np.sqrt(mean)[rings] + 1e-9)
    return cast("C8", (found / np.maximum(1, np.abs(found) / _LOUDEST)).astype(np.complex64))


def _agreement(pattern: Pattern, found: C8, size: int) -> F4:
    """How well the pilots agree with the coefficients for each shift of a tile, (size, size)."""
    spectrum = np.zeros((size, size // 2 + 1), np.complex64)
    spectrum[pattern.down % size, pattern.across] = found * pattern.pilots.conj()
    return cast("F4", scipy.fft.irfft2(spectrum, s=(size, size)))
