"""Sound is searched for marks, without the original: which ids, in which seconds, how surely."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kinora_marks import report
from kinora_marks.keys import Key, KeyRing
from kinora_marks.payload import Carriers, Reading
from kinora_marks.report import Segment
from kinora_marks.sound import search
from kinora_marks.sound.grid import BANDS, CARRIERS, CELL_S, PILOTS, ROWS
from kinora_marks.sound.listening import F4, Listening
from kinora_marks.sound.weighing import Heard, folded

SHORTEST_S = 1.0
_WINDOW_S, _STEP_S = 12.0, 6.0  # a long sound is looked at in parts
_READ = 4.5  # standard deviations of the pilots, from which a place is read
_SURE = 7.0  # from which nothing else is looked for
_AROUND_S = 1.0  # a second carries the mark where those around it, this far each way, do
_CARRIED = 4.5  # standard deviations; chance goes so high in 3 of a million places


@dataclass(frozen=True)
class Found(report.Mark):
    """It plays `speed` times as fast as when it was marked."""

    speed: float


@dataclass(frozen=True)
class Report(report.Report):
    """What was found in `seconds` of sound, the surest first."""

    seconds: float
    found: tuple[Found, ...]


def detect(samples: F4, rate: int, keys: KeyRing) -> Report:
    """Of (n,) or (n, channels) from -1 to 1 at `rate` samples a second, 8,000 to 192,000. Sound under a second is not looked at.

    Some 0.2 s of CPU for 10 s that carry a mark as it was made, 1 to 3 s where the speed has to be searched for.
    """
    if not 8_000 <= rate <= 192_000:
        raise ValueError(f"Sound has 8,000 to 192,000 samples a second, not {rate}.")
    if samples.ndim not in (1, 2) or not np.isfinite(samples).all():
        raise ValueError(f"Sound is finite numbers of shape (n,) or (n, channels), not of {samples.shape} or with gaps.")
    sound = np.asarray(samples if samples.ndim == 2 else samples[:, None], np.float32)
    seconds, tried, found = len(sound) / rate, 0, dict[tuple[int, int], Found]()
    for start_s, listening in _parts(sound, rate):
        for key in keys:
            readings, mark = _heard(listening, key, start_s)
            tried += readings
            if mark is not None:
                name = mark.key, mark.identity
                found[name] = _joined(found[name], mark) if name in found else mark
    return Report(tried, seconds, tuple(sorted(found.values(), key=lambda mark: -mark.score)))


def _parts(sound: F4, rate: int) -> Iterator[tuple[float, Listening]]:
    seconds = len(sound) / rate
    count = max(1, 1 + int(np.ceil((seconds - _WINDOW_S) / _STEP_S)))
    for start_s in np.arange(count) * _STEP_S:
        part = sound[round(start_s * rate) : round((start_s + _WINDOW_S) * rate)]
        if len(part) >= SHORTEST_S * rate and part.any():
            yield float(start_s), Listening(part, rate)


def _heard(listening: Listening, key: Key, start_s: float) -> tuple[int, Found | None]:
    """How many readings were tried, and the mark that one of them gave."""
    carriers = Carriers(key, "sound", CARRIERS, PILOTS)
    pilots, tried = search.Pilots(carriers), 0
    for changes, count in ((search.as_made(), 1), (search.changed(), 2)):
        for rough in search.best(listening, pilots, changes, count):
            place = search.refined(listening, pilots, rough)
            if place.score < _READ:
                continue
            heard = Heard.of(listening.cells(place.start_s, place.pitch, place.tempo))
            for values in (heard.weighed(carriers, place.row), heard.values):
                tried += 1
                reading = carriers.read(np.roll(folded(values), place.row, axis=0).ravel())
                if reading is not None:
                    return tried, _found(values.sum(0), carriers, place, reading, start_s)
            if place.score > _SURE:
                return tried, None
    return tried, None


def _found(values: F4, carriers: Carriers, place: search.Place, reading: Reading, start_s: float) -> Found:
    written = carriers.written(reading.identity).reshape(ROWS, BANDS)[(place.row + np.arange(len(values))) % ROWS]
    times = start_s + place.start_s + np.arange(len(values) + 1) * CELL_S / place.tempo
    return Found(reading.identity, reading.key, reading.score, tuple(_segments(values, written, times)), place.tempo)


def _segments(values: F4, written: F4, times: NDArray[np.floating]) -> Iterator[Segment]:
    """Where the cells agree with the mark for long enough that it is no chance."""
    agree, power = (values * written).sum(1), np.square(values).sum(1)
    scores = _around(agree) / np.sqrt(_around(power) + 1e-9)
    edges = np.flatnonzero(np.diff(np.pad(scores > _CARRIED, 1).astype(np.int8)))
    for first, last in edges.reshape(-1, 2):
        score = agree[first:last].sum() / np.sqrt(power[first:last].sum() + 1e-9)
        yield Segment(float(times[first]), float(times[last]), float(score))


def _around(cells: NDArray[np.floating]) -> NDArray[np.floating]:
    """(n,): the sum over _AROUND_S each way, also where the sound is shorter than that."""
    reach = round(_AROUND_S / CELL_S)
    return np.convolve(cells, np.ones(2 * reach + 1))[reach : reach + len(cells)]


def _joined(one: Found, other: Found) -> Found:
    """The same mark in two parts that may overlap."""
    spans: list[Segment] = []
    for span in sorted(one.segments + other.segments, key=lambda segment: segment.start_s):
        if spans and span.start_s <= spans[-1].end_s + CELL_S:
            last = spans.pop()
            spans.append(Segment(last.start_s, max(last.end_s, span.end_s), max(last.score, span.score)))
        else:
            spans.append(span)
    return Found(one.identity, one.key, max(one.score, other.score), tuple(spans), max(one, other, key=lambda mark: mark.score).speed)
