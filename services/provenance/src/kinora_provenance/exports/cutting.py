"""A sealed film, as an export shows it: cut to the picture and the sample, scaled, visibly marked. Streams; a picture at a time."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from kinora_marks.visible import VisibleMark
from kinora_media.film import SAMPLE_RATE, Picture, Sound, film
from kinora_media.planes import Planes

from kinora_provenance.exports.domain import Export, Facts, size


def cut(source: Path, facts: Facts, export: Export, mark: VisibleMark | None) -> Iterator[Picture | Sound]:
    """The parts from start to end, times counted from the start. Raises BadVideo."""
    scissors = _Scissors(facts, export)
    for part in film(source):
        if isinstance(part, Picture):
            if scissors.keeps():
                yield _shown(Picture(scissors.at_s, part.planes), size(facts, export.short_side), mark)
        elif len(heard := scissors.heard(part)):
            yield Sound(heard)
        if scissors.done:
            return


class _Scissors:
    """Counts pictures and samples."""

    def __init__(self, facts: Facts, export: Export) -> None:
        self._fps = facts.fps
        self._first, self._end = round(export.start_s * facts.fps), round(export.end_s * facts.fps)
        self._samples = tuple(round(number * SAMPLE_RATE / facts.fps) for number in (self._first, self._end))
        self._seen = self._listened = 0
        self._silent = True

    @property
    def at_s(self) -> float:
        return float((self._seen - 1 - self._first) / self._fps)

    @property
    def done(self) -> bool:
        """A film without sound is read to its end: nobody knows before that none comes."""
        return self._seen >= self._end and not self._silent and self._listened >= self._samples[1]

    def keeps(self) -> bool:
        """Whether the next picture is among those."""
        self._seen += 1
        return self._first < self._seen <= self._end

    def heard(self, sound: Sound) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
        begin, self._silent = self._listened, False
        self._listened += len(sound.samples)
        first, end = (max(0, min(len(sound.samples), at - begin)) for at in self._samples)
        return sound.samples[first:end]


def _shown(picture: Picture, to: tuple[int, int], mark: VisibleMark | None) -> Picture:
    planes = scaled(picture.planes, *to)
    return Picture(picture.at_s, mark.put(planes, picture.at_s) if mark else planes)


def scaled(planes: Planes, width: int, height: int) -> Planes:
    """Each plane alone, so that no colour is converted."""
    rows, columns = planes.shape[0] * 2 // 3, planes.shape[1]
    if (columns, rows) == (width, height):
        return planes
    shrunk = np.empty((height * 3 // 2, width), np.uint8)
    shrunk[:height] = cv2.resize(planes[:rows], (width, height), interpolation=cv2.INTER_AREA)
    target = shrunk[height:].reshape(2, height // 2, width // 2)
    for number, chroma in enumerate(planes[rows:].reshape(2, rows // 2, columns // 2)):
        target[number] = cv2.resize(chroma, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
    return shrunk
