"""Reading the mark: frames are summed, the pattern is looked for, its id is read, and each second is asked whether it carries it."""

from collections.abc import Iterable, Iterator
from itertools import chain

import numpy as np

from kinora_marks.keys import KeyRing
from kinora_marks.payload import Reading
from kinora_marks.picture.frames import Frame
from kinora_marks.picture.motion import ZOOMED
from kinora_marks.picture.pattern import F4, VARIANTS, Pattern
from kinora_marks.picture.report import Geometry, PictureMark, PictureReport
from kinora_marks.picture.search import SURE, Place, Search, carried, places, presence, refined, reliability
from kinora_marks.picture.summing import MIXES, Part, Sums
from kinora_marks.picture.warps import UPRIGHT, Pose, straightened
from kinora_marks.report import Segment

_TRIED = 6  # best places of a search in which reading is tried
_BEYOND_CHANCE = 6.0  # deviations; one second of a known pattern, wherever it lies
_FAINT = 3.5  # deviations of the pilots below which a part of a clip tells nothing
_STARTED_ANEW = (1.0, ZOOMED, 1 / ZOOMED)  # sizes of a pattern, over what the camera's zoom tells


def find_mark(frames: Iterable[Frame], ring: KeyRing, search: Search | None = None) -> PictureReport:
    """Looks for a mark of any key of the ring: first unscaled, then over the whole search. At least one frame is needed."""
    sums = Sums(frames)
    if not sums.parts:
        raise ValueError("A clip without frames carries no mark.")
    seeker = _Seeker(sums, ring, search or Search())
    mark = seeker.unchanged() or seeker.changed()
    return PictureReport(seeker.readings, mark, seeker.pilots)


class _Seeker:
    """Counts its readings while it looks."""

    def __init__(self, sums: Sums, ring: KeyRing, search: Search) -> None:
        self._sums, self._search = sums, search
        self._patterns = [Pattern(key, variant) for key in ring for variant in range(VARIANTS)]
        self.readings, self.pilots = 0, 0.0

    def unchanged(self) -> PictureMark | None:
        """But for what the camera's zoom has made of it."""
        return self._looked(Search(1 / ZOOMED, ZOOMED), UPRIGHT, 2)

    def changed(self) -> PictureMark | None:
        return next(filter(None, (self._looked(self._search, pose, _TRIED) for pose in self._search.poses)), None)

    def _looked(self, search: Search, pose: Pose, tried: int) -> PictureMark | None:
        rest = straightened(self._sums.mean(MIXES[0]), pose)
        found = sorted(_until_sure(places(self._patterns, rest, search.scales(), search.aspects)), key=lambda place: -place.score)
        for place in chain.from_iterable(refined(rest, rough) for rough in found[:tried]):
            self.pilots = max(self.pilots, place.score)
            for values in self._values(place, pose):
                self.readings += 1
                if (reading := place.pattern.carriers.read(values, reliability(place.pattern, values))) is not None:
                    return self._mark(reading, place, pose)
        return None

    def _values(self, place: Place, pose: Pose) -> Iterator[F4]:
        """Of the whole clip in several mixes, and of its parts where the mark did not move quite as the camera."""
        yield from (carried(straightened(self._sums.mean(mix), pose), place) for mix in MIXES)
        parts = [carried(straightened(part.mean(), pose), self._zoomed(place, part)) for part in self._sums.parts]
        scores = [max(place.pattern.carriers.pilot_score(values) - _FAINT, 0) for values in parts]
        if len(parts) > 1 and any(scores):
            yield np.tensordot(np.array(scores, np.float32), np.array(parts), 1)

    def _mark(self, reading: Reading, place: Place, pose: Pose) -> PictureMark:
        written = place.pattern.carriers.written(reading.identity)
        segments = tuple(self._segment(written, place, pose, part) for part in self._sums.parts)
        first = self._zoomed(place, self._sums.parts[0])
        geometry = Geometry(first.across, first.down, first.flipped, pose)
        return PictureMark(reading.identity, reading.key, reading.score, segments, geometry)

    def _segment(self, written: F4, place: Place, pose: Pose, part: Part) -> Segment:
        rest, here = straightened(part.mean(), pose), self._zoomed(place, part)
        score = max(presence(written, rest, here.scaled(by)) for by in _STARTED_ANEW)
        return Segment(*part.span, round(score, 1), score > _BEYOND_CHANCE)

    def _zoomed(self, place: Place, part: Part) -> Place:
        return place.scaled(self._sums.since(part).zoom)


def _until_sure(found: Iterator[Place]) -> Iterator[Place]:
    for place in found:
        yield place
        if place.score > SURE:
            return
