"""Pictures and clips of pets and objects: a still to draw on, and what is cut out of it. Blocks: for threads."""

from collections.abc import Iterator
from contextlib import contextmanager

from kinora_faces.likeness import BadThing, Still, Strokes, Thing, cut_out, look_at
from kinora_media.clip import BadClip

from kinora_likeness.domain import PictureRefused
from kinora_likeness.files import Files


def look(files: Files, source_key: str, at_s: float | None) -> Still:
    """Raises BadField, FileNotStored, PictureRefused."""
    with _refusals():
        return look_at(files.read(source_key, "source_key"), at_s)


def cut(files: Files, source_key: str, at_s: float | None, strokes: Strokes) -> Thing:
    """Raises BadField, FileNotStored, PictureRefused."""
    with _refusals():
        return cut_out(files.read(source_key, "source_key"), strokes, at_s)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (BadThing, BadClip) as bad:
        param = "strokes" if bad.reason == "NOTHING_KEPT" else "source_key"
        raise PictureRefused(str(bad), param=param, code=bad.reason) from bad
