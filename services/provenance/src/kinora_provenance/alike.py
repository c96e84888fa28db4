"""When pictures and sound count as those of a film that is kept. Pure rules over what an index has found near.

One frame proves nothing: films of one engine share places and people. Whole pictures must match one after the other, in the film's order;
details (see `kinora_marks.prints.patches`) must lie to each other as they do in the film. Words of sound must agree over a stretch.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import log
from statistics import fmean, median
from typing import NamedTuple

import numpy as np
from kinora_marks.prints import PictureQuery, Place
from numpy.typing import NDArray

NEAR = 31
"""Bits of 256: PDQ's published threshold. Of unrelated photographs 108 were the fewest seen."""
_AGREEING = 3  # details of one picture that must lie alike
_MOMENTS, _SHARE = 2, 0.25  # of the pictures looked up that must match: so many, and so much of them
_CLOSE = 2  # bits: a picture counts for the film that it is nearest to, and for those that are hardly farther
_TIE = 0.5  # bits of mean: what two encodes of the same pictures may differ by
_AS_MUCH = 0.9  # of the better one's share
_BACK_S = 0.6  # seconds: a picture is kept from when it was first seen
_SCALE, _SHIFT = 0.15, 0.06  # natural logarithm; picture heights
_WRONG = 0.14  # share of bits: after Opus at 32 kbit/s up to 0.12 were seen, of films with other words but the same music 0.18
_FEWEST = 11  # words: sound of 4 s
_LEAD = 0.04  # share of bits: sound that fits several films as well, as a bed of music does, names none of them


class Hit(NamedTuple):
    """A kept picture or detail near a query."""

    query: PictureQuery
    video_id: str
    at_s: float
    place: Place | None
    distance: int


class Seen(NamedTuple):
    """Of a film, what of its pictures was found: share of those looked up, mean distance, if only turned, seconds into the film."""

    video_id: str
    share: float
    distance: float
    turned: bool
    offset_s: float


class Heard(NamedTuple):
    """Of a film, what of its sound was found: share of the words looked up, share of their bits that are wrong, words into the film."""

    video_id: str
    share: float
    wrong: float
    offset: int


def heard(words: NDArray[np.uint32], films: Mapping[str, NDArray[np.uint32]], shifts: Iterable[tuple[str, int]]) -> list[Heard]:
    """Films whose sound counts as found, the best first; `shifts` are where in them the words may begin, in words."""
    best: dict[str, Heard] = {}
    for video_id, shift in shifts:
        film = _overlap(video_id, words, films[video_id], shift)
        if film and (video_id not in best or film.wrong < best[video_id].wrong):
            best[video_id] = film
    return sorted(best.values(), key=lambda film: (film.wrong, film.video_id))


def only_one(films: Sequence[Heard]) -> Sequence[Heard]:
    """What sound alone may name: the first, where none other fits nearly as well."""
    return films[:1] if len(films) == 1 or (films and films[1].wrong - films[0].wrong > _LEAD) else []


def _overlap(video_id: str, words: NDArray[np.uint32], film: NDArray[np.uint32], shift: int) -> Heard | None:
    mine, theirs = words[max(-shift, 0) :], film[max(shift, 0) :]
    both = min(len(mine), len(theirs))
    if both < _FEWEST:
        return None
    wrong = float(np.bitwise_count(mine[:both] ^ theirs[:both]).mean()) / 32
    return Heard(video_id, both / len(words), wrong, shift) if wrong <= _WRONG else None


def seen(queries: Sequence[PictureQuery], hits: Iterable[Hit], heard: Collection[str] = ()) -> list[Seen]:
    """Films whose pictures count as found, the best first. Where several show the same, those that were `heard` are meant."""
    wholes = len({query.at_s for query in queries if query.place is None})
    detailed = len({query.at_s for query in queries if query.place is not None})
    grouped: dict[tuple[str, int], list[Hit]] = defaultdict(list)
    for hit in _nearest(list(hits), heard):
        grouped[hit.video_id, hit.query.turn].append(hit)
    rows = [(row, looked_at) for near in grouped.values() for row, looked_at in ((_in_order(near), wholes), (_in_place(near), detailed))]
    told = [_Row(row, looked_at, row[0].video_id in heard) for row, looked_at in rows if enough(len(_moments(row)), looked_at)]
    return _told_apart(sorted(told, key=_order))


def enough(moments: int, looked_at: int) -> bool:
    """Whether so many of the moments that were looked up tell a film."""
    return moments >= max(min(_MOMENTS, looked_at), 1) and moments >= _SHARE * looked_at


class _Row(NamedTuple):
    """What speaks for a film, of `looked_at` moments."""

    hits: Sequence[Hit]
    looked_at: int
    heard: bool

    @property
    def video_id(self) -> str:
        return self.hits[0].video_id

    @property
    def seen(self) -> Seen:
        share, distance = len(_moments(self.hits)) / self.looked_at, fmean(hit.distance for hit in self.hits)
        return Seen(self.video_id, share, distance, self.hits[0].query.turn > 0, median(hit.at_s - hit.query.at_s for hit in self.hits))


def _moments(hits: Iterable[Hit]) -> set[float]:
    return {hit.query.at_s for hit in hits}


def _order(row: _Row) -> tuple[bool, bool, float, float, str]:
    return not row.heard, row.hits[0].place is not None, -row.seen.share, row.seen.distance, row.video_id


def _told_apart(rows: Iterable[_Row]) -> list[Seen]:
    """Without what a better film explains: what shows the same moments, but from farther or in its details only."""
    kept: dict[str, _Row] = {}
    for row in rows:
        if row.video_id not in kept and not any(_explains(better, row) for better in kept.values()):
            kept[row.video_id] = row
    return [row.seen for row in kept.values()]


def _explains(better: _Row, row: _Row) -> bool:
    if enough(len(_moments(row.hits) - _moments(better.hits)), row.looked_at):
        return False
    if better.heard > row.heard or row.seen.share < _AS_MUCH * better.seen.share:
        return True
    nearer = {hit.query: hit.distance for hit in better.hits}
    apart = [hit.distance - nearer[hit.query] for hit in row.hits if hit.query in nearer]
    return not apart or fmean(apart) > _TIE


def _nearest(hits: Sequence[Hit], heard: Collection[str]) -> Iterator[Hit]:
    """Two films of one place, camera and cast differ by little where nobody moves much; what was copied is the nearer one."""
    least: dict[PictureQuery, int] = {}
    for hit in hits:
        least[hit.query] = min(hit.distance, least.get(hit.query, hit.distance))
    return (hit for hit in hits if hit.distance <= least[hit.query] + _CLOSE or hit.video_id in heard)


def _in_order(hits: Iterable[Hit]) -> list[Hit]:
    """The longest row of whole pictures, one a moment, that follow each other in the film as in what is looked up."""
    whole = sorted((hit for hit in hits if hit.place is None), key=lambda hit: (hit.query.at_s, hit.distance))
    rows: list[list[Hit]] = []
    for hit in whole:
        before = [row for row in rows if row[-1].query.at_s < hit.query.at_s and row[-1].at_s <= hit.at_s + _BACK_S]
        rows.append([*max(before, key=len, default=[]), hit])
    return max(rows, key=len, default=[])


def _in_place(hits: Iterable[Hit]) -> list[Hit]:
    """Details of those moments of which several lie to each other as in the film."""
    details = sorted((hit for hit in hits if hit.place is not None), key=lambda hit: hit.query.at_s)
    matched: list[Hit] = []
    for _, moment in groupby(details, key=lambda hit: hit.query.at_s):
        agreeing = _agreeing(list(moment))
        if len(agreeing) >= _AGREEING:
            matched += agreeing
    return matched


def _agreeing(hits: Sequence[Hit]) -> list[Hit]:
    """Of one moment, the nearest hit of each detail of those that one and the same scaling and shift explains."""
    best: dict[PictureQuery, Hit] = {}
    for other in hits:
        like = {hit.query: hit for hit in sorted(hits, key=lambda hit: -hit.distance) if _alike(_move(hit), _move(other))}
        best = max(best, like, key=len)
    return list(best.values())


def _move(hit: Hit) -> tuple[float, float, float]:
    """How the film's picture was scaled (its logarithm) and shifted to have the detail where it is."""
    kept, now = hit.place, hit.query.place
    if kept is None or now is None:
        raise ValueError("A whole picture lies nowhere.")
    scale = now.side / kept.side
    return log(scale), now.x - scale * kept.x, now.y - scale * kept.y


def _alike(one: tuple[float, float, float], other: tuple[float, float, float]) -> bool:
    (scale, x, y), (other_scale, other_x, other_y) = one, other
    return abs(scale - other_scale) < _SCALE and abs(x - other_x) < _SHIFT and abs(y - other_y) < _SHIFT
