"""Where a pattern lies: its scale, shift and mirroring, and where asked its aspect and turn, by where the pilots agree best."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
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
_ALONG = [(step, step) for step in (-1, 0, 1)]
_EITHER = [(across, down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
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

    pattern: Pattern
    score: float
    across: float
    down: float
    flipped: bool

    def scaled(self, by: float) -> "Place":
        return replace(self, across=self.across * by, down=self.down * by)


def places(patterns: Sequence[Pattern], rest: F4, scales: NDArray[np.float64], aspects: tuple[float, ...]) -> Iterator[Place]:
    """One for each scale, aspect, mirroring and pattern."""
    for scale in scales:
        rows = _rows(rest, float(scale))
        for aspect in aspects:
            found = _columns(rows, rest.shape[1], float(scale * aspect))
            for flipped in (False, True):
                shown = _evened(_mirrored(found) if flipped else found)
                for pattern in patterns:
                    agreed = _agreement(pattern, pattern.pilots, shown, _COARSE_MAP)
                    yield Place(pattern, float(agreed.max() / agreed.std()), float(scale * aspect), float(scale), flipped)


def refined(rest: F4, place: Place) -> Iterator[Place]:
    """Near by, with ever smaller steps: first of one aspect, then of any. The first is surer where the pilots are faint."""
    for steps, widths in ((_ALONG, (0.003, 0.0015)), (_EITHER, (0.0015, 0.0008))):
        for width in widths:
            nearby = [(place.across * (1 + a * width), place.down * (1 + d * width)) for a, d in steps]
            place = max((_scored(rest, replace(place, across=a, down=d)) for a, d in nearby), key=lambda one: one.score)
        yield place


def carried(rest: F4, place: Place) -> F4:
    """What each carrier shows in this place, (carriers,), as `Carriers.read` takes it."""
    pattern, found = place.pattern, _coefficients(rest, place)
    agreed = _agreement(pattern, pattern.pilots, found, _FINE_MAP)
    row, column = np.unravel_index(int(agreed.argmax()), agreed.shape)
    turn = np.exp(2j * np.pi / _FINE_MAP * (pattern.down * row + pattern.across * column))
    return pattern.real((found * turn).astype(np.complex64))


def presence(written: F4, rest: F4, place: Place) -> float:
    """By how many standard deviations known carriers are there, at any shift."""
    agreed = _agreement(place.pattern, place.pattern.complex(written), _coefficients(rest, place), _FINE_MAP)
    return float(agreed.max() / agreed.std())


def likest(pattern: Pattern, written: F4, rest: F4) -> tuple[int, int]:
    """Where in a tile, down and across in reference pixels, an unscaled residue looks most as if the pattern were there."""
    agreed = _agreement(pattern, pattern.complex(written), _coefficients(rest, Place(pattern, 0, 1.0, 1.0, flipped=False)), TILE)
    row, column = np.unravel_index(int(agreed.argmax()), agreed.shape)
    return int(row), int(column)


def reliability(pattern: Pattern, values: F4) -> F4:
    """A weight for each carrier: how well the pilots of like frequency came through."""
    ring = np.tile(((pattern.periods - LOWEST) / 3).astype(int), 2)
    pilots = pattern.carriers.pilots
    agreed = np.bincount(ring[pilots], (values * pattern.carriers.signs)[pilots], ring.max() + 1)
    mean = agreed / np.maximum(np.bincount(ring[pilots], minlength=ring.max() + 1), 1)
    smooth = np.convolve(np.pad(mean, 1, "edge"), [0.25, 0.5, 0.25], "valid")
    return cast("F4", np.maximum(smooth, 0.02)[ring].astype(np.float32))


def _scored(rest: F4, place: Place) -> Place:
    agreed = _agreement(place.pattern, place.pattern.pilots, _coefficients(rest, place), _COARSE_MAP)
    return replace(place, score=float(agreed.max() / agreed.std()))


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


def _agreement(pattern: Pattern, known: C8, found: C8, size: int) -> F4:
    """How well known directions agree with the coefficients for each shift of a tile, (size, size)."""
    spectrum = np.zeros((size, size // 2 + 1), np.complex64)
    spectrum[pattern.down % size, pattern.across] = found * known.conj()
    return cast("F4", scipy.fft.irfft2(spectrum, s=(size, size)))
