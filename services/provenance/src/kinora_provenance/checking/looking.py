"""The small process that looks for marks in what `opening` decoded: `looking thorough|quick <decoded >json`.

No stranger's bytes are parsed here. Behind what `opening` wrote come the keys of the marks, as text, and their length (8 bytes).
"""

import json
import mmap
import sys
from collections.abc import Iterator

import numpy as np
from kinora_marks.keys import KeyRing
from kinora_marks.picture import Frame, PictureMark, find_mark
from kinora_marks.picture.report import Geometry
from kinora_marks.sound import Found, detect
from numpy.typing import NDArray

from kinora_provenance.checking import printing
from kinora_provenance.checking.findings import Contents, Mark, Marks, Span
from kinora_provenance.checking.limits import SAMPLE_RATE
from kinora_provenance.checking.searches import QUICK, THOROUGH

_SHORTEST = 64  # pixels of the shorter side; in less there is no mark to be read
_NEAR = 0.02  # of 1: what is no change of size or shape
_TURNED = 0.6  # degrees


def main(*, thorough: bool) -> None:
    with mmap.mmap(sys.stdin.fileno(), 0, access=mmap.ACCESS_READ) as held:
        keys, end = _tail(held, len(held))
        about, _ = _tail(held, end)
        contents, ring = Contents.model_validate_json(about), KeyRing.parse(keys.decode())
        picture = _picture(held, contents, ring, thorough=thorough)
        sound = _sound(held, contents, ring)
        prints = printing.queries_of(frames_of(held, contents), _samples(held, contents), thorough=thorough)
    told = {"picture": picture, "sound": sound, "prints": prints}
    sys.stdout.write(json.dumps({name: each.model_dump(mode="json") for name, each in told.items()}))


def _tail(held: mmap.mmap, end: int) -> tuple[bytes, int]:
    """What comes before its own length, and where it begins."""
    start = end - 8 - int.from_bytes(held[end - 8 : end], "little")
    return held[start : end - 8], start


def frames_of(held: mmap.mmap, contents: Contents) -> Iterator[Frame]:
    shape = contents.height, contents.width
    for number, (time, whole) in enumerate(zip(contents.times, contents.whole, strict=True)):
        luma = np.frombuffer(held, np.uint8, shape[0] * shape[1], number * shape[0] * shape[1]).reshape(shape)
        yield Frame(luma, time, whole)


def _picture(held: mmap.mmap, contents: Contents, ring: KeyRing, *, thorough: bool) -> Marks:
    if not contents.times or min(contents.height, contents.width) < _SHORTEST:
        return Marks()
    report = find_mark(frames_of(held, contents), ring, THOROUGH if thorough else QUICK)
    found = [_seen(report.mark, contents)] if report.mark else []
    return Marks(looked=True, readings=report.readings, found=found)


def _seen(mark: PictureMark, contents: Contents) -> Mark:
    spans: list[Span] = []
    for each in mark.segments:
        if not each.marked:
            continue
        end = max(each.start_s, min(each.end_s, contents.duration_s))
        if spans and abs(spans[-1].end_s - each.start_s) < 1e-3:
            last = spans.pop()
            spans.append(Span(start_s=last.start_s, end_s=end, score=max(last.score, each.score)))
        else:
            spans.append(Span(start_s=each.start_s, end_s=end, score=each.score))
    return Mark(identity=mark.identity, score=mark.score, spans=spans, changes=list(_changes(mark.geometry)))


def _changes(geometry: Geometry) -> Iterator[str]:
    """How the picture lies, for people."""
    size, shape = (geometry.across * geometry.down) ** 0.5, geometry.across / geometry.down
    if size > 1 + _NEAR:
        yield f"cropped to {100 / size:.0f} % and enlarged"
    if size < 1 - _NEAR:
        yield f"shrunk to {100 * size:.0f} % within the picture"
    if abs(shape - 1) > _NEAR:
        yield f"stretched: {shape:.2f} times as wide"
    if geometry.flipped:
        yield "mirrored"
    if abs(geometry.pose.turned) > _TURNED:
        yield f"turned by about {geometry.pose.turned:.0f}°"
    if geometry.pose.tilted or geometry.pose.leaning:
        yield "filmed or tilted from the side"


def _sound(held: mmap.mmap, contents: Contents, ring: KeyRing) -> Marks:
    if contents.samples < SAMPLE_RATE:  # a second
        return Marks()
    report = detect(_samples(held, contents), SAMPLE_RATE, ring)
    return Marks(looked=True, readings=report.readings, found=[_heard(each) for each in report.found[:20]])


def _samples(held: mmap.mmap, contents: Contents) -> NDArray[np.float32]:
    """(samples,), from -1 to 1."""
    start = len(contents.times) * contents.height * contents.width
    return np.frombuffer(held, np.int16, contents.samples, start).astype(np.float32) / np.float32(32768)


def _heard(found: Found) -> Mark:
    spans = [Span(start_s=each.start_s, end_s=each.end_s, score=each.score) for each in found.segments]
    changes = [f"{found.speed:.2f} times as fast"] if abs(found.speed - 1) > _NEAR / 2 else []
    return Mark(identity=found.identity, score=found.score, spans=spans, changes=changes)


if __name__ == "__main__":
    main(thorough=sys.argv[1] == "thorough")
