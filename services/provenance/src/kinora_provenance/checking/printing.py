"""Fingerprints of what was decoded, as queries: taken in a sandbox, asked outside."""

from collections.abc import Iterable

import numpy as np
from kinora_marks import prints as marks
from kinora_marks.picture import Frame
from numpy.typing import NDArray

from kinora_provenance.checking.findings import PictureQuery, Place, Prints
from kinora_provenance.checking.limits import SAMPLE_RATE

_DETAILS = 24
"""Of a picture: more than of a film that is kept, since details may have been cut off."""


def queries_of(frames: Iterable[Frame], samples: NDArray[np.float32], *, thorough: bool) -> Prints:
    printer = marks.Printer(details=_DETAILS)
    for frame in frames:
        printer.luma(frame.time_s, frame.luma)
    if len(samples):
        printer.sound(samples, SAMPLE_RATE)
    asked = marks.queries(printer.finish(), thorough=thorough)
    return Prints(
        pictures=[_picture(each) for each in asked.pictures],
        sound=[(each.at, each.word) for each in asked.sound],
        words=[int(word) for word in asked.words],
    )


def asked(prints: Prints) -> marks.Queries:
    """The other way round."""
    pictures = tuple(
        marks.PictureQuery(
            each.at_s, bytes.fromhex(each.bits), each.turn, marks.Place(each.place.x, each.place.y, each.place.side) if each.place else None
        )
        for each in prints.pictures
    )
    return marks.Queries(pictures, tuple(marks.WordQuery(at, word) for at, word in prints.sound), np.array(prints.words, np.uint32))


def _picture(query: marks.PictureQuery) -> PictureQuery:
    place = Place(x=query.place.x, y=query.place.y, side=query.place.side) if query.place else None
    return PictureQuery(at_s=query.at_s, bits=query.bits.hex(), turn=query.turn, place=place)
