"""Reading the mark: frames are summed, the pattern is looked for, its id is read, and each second is asked whether it carries it."""

from collections.abc import Iterable, Iterator

import numpy as np

from kinora_marks.keys import KeyRing
from kinora_marks.payload import Reading
from kinora_marks.picture.frames import Frame
from kinora_marks.picture.pattern import F4, Pattern
from kinora_marks.picture.report import Geometry, PictureMark, PictureReport, Segment
from kinora_marks.picture.residue import MIXES, Residue
from kinora_marks.picture.search import SURE, Place, Search, carried, places, refined, reliability
from kinora_marks.picture.warps import UPRIGHT, Pose, straightened

_TRIED = 6  # best places of a search in which reading is tried
_UNCHANGED = np.array([0.997, 1.0, 1.003])
_BEYOND_CHANCE = 4.5  # deviations; one second of a known pattern in a known place


def find_mark(frames: Iterable[Frame], ring: KeyRing, search: Search | None = None) -> PictureReport:
    """Looks for a mark of any key of the ring: first unscaled, then over the whole search. At least one frame is needed."""
    rest = Residue(frames)
    if not rest.spans:
        raise ValueError("A clip without frames carries no mark.")
    seeker = _Seeker(rest, search or Search())
    for look in (seeker.unchanged, seeker.changed):
        for key in ring:
            if (mark := look(Pattern(key))) is not None:
                return PictureReport(mark, seeker.readings, seeker.pilots)
    return PictureReport(None, seeker.readings, seeker.pilots)


class _Seeker:
    """Counts its readings while it looks."""

    def __init__(self, rest: Residue, search: Search) -> None:
        self._rest, self._search, self._whole = rest, search, rest.mean()
        self.readings, self.pilots = 0, 0.0

    def unchanged(self, pattern: Pattern) -> PictureMark | None:
        found = sorted(places(pattern, self._whole, _UNCHANGED, (1.0,)), key=lambda place: -place.score)
        return self._first(pattern, self._whole, found[:2], UPRIGHT)

    def changed(self, pattern: Pattern) -> PictureMark | None:
        for pose in self._search.poses:
            rest = straightened(self._whole, pose)
            found = sorted(_until_sure(places(pattern, rest, self._search.scales(), self._search.aspects)), key=lambda place: -place.score)
            if (mark := self._first(pattern, rest, found[:_TRIED], pose)) is not None:
                return mark
        return None

    def _first(self, pattern: Pattern, rest: F4, found: list[Place], pose: Pose) -> PictureMark | None:
        for rough in found:
            place = refined(pattern, rest, rough)
            self.pilots = max(self.pilots, place.score)
            for mix in MIXES:
                values = carried(pattern, straightened(self._rest.mean(mix), pose), place)
                self.readings += 1
                if (reading := pattern.carriers.read(values, reliability(pattern, values))) is not None:
                    return self._mark(pattern, reading, place, pose)
        return None

    def _mark(self, pattern: Pattern, reading: Reading, place: Place, pose: Pose) -> PictureMark:
        written = pattern.carriers.written(reading.identity)
        segments = tuple(self._segment(pattern, written, place, pose, number) for number in range(len(self._rest.spans)))
        geometry = Geometry(place.across, place.down, place.flipped, pose)
        return PictureMark(reading.identity, reading.key, reading.score, geometry, segments)

    def _segment(self, pattern: Pattern, written: F4, place: Place, pose: Pose, number: int) -> Segment:
        values = carried(pattern, straightened(self._rest.mean(only=number), pose), place)
        score = float(values @ written / (np.linalg.norm(values) + 1e-9))
        start, end = self._rest.spans[number]
        return Segment(start, end, round(score, 1), score > _BEYOND_CHANCE)


def _until_sure(found: Iterator[Place]) -> Iterator[Place]:
    for place in found:
        yield place
        if place.score > SURE:
            return
