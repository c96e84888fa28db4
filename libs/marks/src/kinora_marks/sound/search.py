"""Where the mark lies: by the pilots, over time, speed, and tempo with the pitch kept."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from kinora_marks.payload import Carriers
from kinora_marks.sound.grid import BANDS, CELL_S, ROWS
from kinora_marks.sound.listening import F4, HOP_S, Listening
from kinora_marks.sound.weighing import Heard, folded

PHASES = 4  # looked at within a cell: 16 ms apart
_GRID = 0.004
_FINER = (0.002, 0.001, 0.0005)
FASTEST = 0.052


class Place(NamedTuple):
    score: float  # standard deviations
    start_s: float  # of the first cell looked at, which may be any of the tile
    row: int  # which cell of the tile it is
    pitch: float
    tempo: float


class Pilots:
    """The pilots of a key, ready to be looked for at all rows at once."""

    def __init__(self, carriers: Carriers) -> None:
        pattern = np.zeros(carriers.count, np.float32)
        pattern[carriers.pilots] = carriers.signs[carriers.pilots]
        tile = pattern.reshape(ROWS, BANDS)
        self._pattern, self._where = np.conj(fft.rfft(tile, axis=0)), np.conj(fft.rfft(np.abs(tile), axis=0))

    def scores(self, tile: F4) -> NDArray[np.float32]:
        """(ROWS,): for each row that the tile's first cell may be, by how many standard deviations the pilots are there."""
        along = fft.irfft((fft.rfft(tile, axis=0) * self._pattern).sum(1), ROWS)
        power = fft.irfft((fft.rfft(tile * tile, axis=0) * self._where).sum(1), ROWS)
        # A tile that is turned by -r has its first cell at row r.
        return np.asarray(np.roll((along / np.sqrt(np.maximum(power, 1e-9)))[::-1], 1), np.float32)


def as_made() -> Iterator[tuple[float, float]]:
    """Pitch and tempo as they were."""
    yield 1.0, 1.0


def changed() -> Iterator[tuple[float, float]]:
    """Pitch and tempo changed together, and the tempo alone, up to 5%."""
    steps = np.exp(_GRID * np.arange(1, int(FASTEST / _GRID) + 1))
    for speed in (float(s) for step in steps for s in (step, 1 / step)):
        yield speed, speed
        yield 1.0, speed


def best(listening: Listening, pilots: Pilots, changes: Iterable[tuple[float, float]], count: int) -> list[Place]:
    """The likeliest places, the best first, by the channels together alone."""
    found = []
    for pitch, tempo in changes:
        for phase in range(PHASES):
            start_s = phase * CELL_S / PHASES / tempo
            found.append(_place(pilots, listening.cells(start_s, pitch, tempo)[-1:], start_s, pitch, tempo))
    return sorted(found, reverse=True)[:count]


def refined(listening: Listening, pilots: Pilots, place: Place) -> Place:
    """Uphill from a place: time by 8 ms, speed by smaller and smaller steps."""
    for step in _FINER:
        for factor in (1 + step, 1 - step):
            pitch = place.pitch if place.pitch != place.tempo else place.pitch * factor
            place = max(place, _near(listening, pilots, place, pitch, place.tempo * factor))
    return place


def _near(listening: Listening, pilots: Pilots, place: Place, pitch: float, tempo: float) -> Place:
    starts = (max(0.0, place.start_s + later) for later in (-HOP_S, 0.0, HOP_S))
    return max(place, *(_place(pilots, listening.cells(start_s, pitch, tempo), start_s, pitch, tempo) for start_s in starts))


def _place(pilots: Pilots, energies: F4, start_s: float, pitch: float, tempo: float) -> Place:
    """Where in the tile the first cell lies, by all cells or by the loud ones."""
    heard = Heard.of(energies)
    scores = np.maximum(pilots.scores(folded(heard.values)), pilots.scores(folded(heard.loud())))
    row = int(scores.argmax())
    return Place(float(scores[row]), start_s, row, pitch, tempo)
