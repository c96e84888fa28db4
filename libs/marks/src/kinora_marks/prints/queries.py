"""What to look for in an index of fingerprints: a bounded number of hashes and words, in the ways in which a film may have been turned."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from kinora_marks.prints.chromaprint import SILENCE, Words
from kinora_marks.prints.patches import Place
from kinora_marks.prints.pdq import TURNS, turned
from kinora_marks.prints.printer import PicturePrint, Prints

WHOLE, DETAILED, DETAILS = 16, 6, 12
"""Moments that are looked up, moments whose details are, and details of each."""
WORDS, UNSURE = 256, 4
"""Words that are looked up, and bits of each that are tried both ways."""
_T = TypeVar("_T")


class PictureQuery(NamedTuple):
    """A hash to look for; `turn` (see `pdq.turned`) says what was done to the picture for it, and to `place`: sides count from anywhere."""

    at_s: float
    bits: bytes
    turn: int
    place: Place | None


class WordQuery(NamedTuple):
    """A word to look for, the one heard at step `at` or one that differs in what was hardly told."""

    at: int
    word: int


class Queries(NamedTuple):
    """`words`: all that were heard, uint32, a step apart."""

    pictures: tuple[PictureQuery, ...]
    sound: tuple[WordQuery, ...]
    words: NDArray[np.uint32]


def queries(prints: Prints, *, thorough: bool = False) -> Queries:
    """Pictures as they are and mirrored; where asked for in all eight ways."""
    wholes = _spread([seen for seen in prints.pictures if seen.place is None], WHOLE)
    chosen = [*wholes, *_details(prints.pictures)]
    pictures = (
        PictureQuery(seen.at_s, turned(seen.bits, turn), turn, _turned(seen.place, turn))
        for turn in range(TURNS if thorough else 2)
        for seen in chosen
    )
    return Queries(tuple(pictures), tuple(_words(prints.sound)), prints.sound.words)


def _turned(place: Place | None, turn: int) -> Place | None:
    """As `pdq.turned` turns what lies there, about the left upper corner."""
    if place is None:
        return None
    x, y = (place.y, place.x) if turn & 4 else place[:2]
    return Place(-x if turn & 1 else x, -y if turn & 2 else y, place.side)


def _details(pictures: Sequence[PicturePrint]) -> list[PicturePrint]:
    moments: dict[float, list[PicturePrint]] = {}
    for seen in pictures:
        if seen.place is not None:
            moments.setdefault(seen.at_s, []).append(seen)
    return [seen for moment in _spread(list(moments.values()), DETAILED) for seen in moment[:DETAILS]]


def _words(sound: Words) -> list[WordQuery]:
    places = [int(at) for at in np.flatnonzero(sound.words != SILENCE)]
    found = []
    for at in _spread(places, WORDS):
        variants = [int(sound.words[at])]
        for bit in sound.unsure[at][:UNSURE]:
            variants += [word ^ int(bit) for word in variants]
        found += [WordQuery(at, word) for word in variants]
    return found


def _spread(things: Sequence[_T], most: int) -> list[_T]:
    """At most so many, evenly."""
    if len(things) <= most:
        return list(things)
    return [things[round(at)] for at in np.linspace(0, len(things) - 1, most)]
