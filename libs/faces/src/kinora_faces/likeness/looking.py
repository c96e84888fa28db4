"""What the callers of pets and objects have: a picture or a clip is looked at in sandboxes, and a thing is cut out of it."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from kinora_media import sandbox
from kinora_media.clip import BadClip, kind_of, still
from kinora_media.image import Rgb
from PIL import Image

from kinora_faces.likeness.strokes import Strokes
from kinora_faces.likeness.thing import Thing

MB = 1024 * 1024
TAKING = sandbox.Limits(memory_bytes=900 * MB, cpu_s=40, wall_s=120, output_bytes=32 * MB)
PICTURE_BYTES = 20 * MB
STILL_SIDE = 1280


class BadThing(Exception):
    """The picture or clip cannot be used; the message tells people what would be right.

    `reason` is HUMAN_FACE, NOTHING_KEPT, NOT_A_PICTURE, PICTURE_TOO_LARGE or TOO_HEAVY, or one of kinora_media.clip.BadClip.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


@dataclass(frozen=True)
class Still:
    """What a person draws strokes on: JPEG, no side above STILL_SIDE; how long the clip is of which it is one, 0 for a picture."""

    jpeg: bytes
    seconds: float


def look_at(source: bytes, at_s: float | None = None) -> Still:
    """A still of a JPEG, PNG or WebP picture, or of an MP4 or WebM clip at `at_s` seconds, in its middle for None.

    A person's face anywhere in it is refused; one of less than some 3% of the width may be missed. Blocks for some seconds: call it on a
    thread. Raises BadThing.
    """
    picture, seconds = _picture(source, at_s)
    return Still(_sandboxed("still", "", picture), seconds)


def cut_out(source: bytes, strokes: Strokes, at_s: float | None = None) -> Thing:
    """A pet or an object out of what `look_at` shows; blocks, refuses and raises as it does."""
    picture, _ = _picture(source, at_s)
    return Thing.from_bytes(_sandboxed("thing", strokes.to_json(), picture))


def _picture(source: bytes, at_s: float | None) -> tuple[bytes, float]:
    """An encoded picture, and the length of the clip that it was taken from."""
    try:
        kind_of(source)
    except BadClip:
        if len(source) > PICTURE_BYTES:
            raise BadThing("PICTURE_TOO_LARGE", f"The picture has {len(source):,} bytes; at most {PICTURE_BYTES:,} are allowed.") from None
        return source, 0.0
    try:
        shown, seconds = still(source, at_s, STILL_SIDE)
    except BadClip as bad:
        raise BadThing(bad.reason, str(bad)) from bad
    return _png(shown), seconds


def _sandboxed(what: str, argument: str, picture: bytes) -> bytes:
    with memory() as source, memory() as output:
        source.write(picture)
        source.flush()
        try:
            sandbox.run("kinora_faces.likeness", what, argument, source=source, output=output, limits=TAKING)
        except sandbox.Refused as refused:
            reason, _, message = str(refused).partition(": ")
            raise BadThing(reason, message) from refused
        except sandbox.Broke as broke:
            raise BadThing("TOO_HEAVY", "The picture is broken, or takes too much memory or time.") from broke
        output.seek(0)
        return output.read()


def _png(rgb: Rgb) -> bytes:
    out = io.BytesIO()
    Image.fromarray(rgb).save(out, "PNG", compress_level=1)
    return out.getvalue()


@contextmanager
def memory() -> Iterator[IO[bytes]]:
    """A file that touches no disk."""
    with os.fdopen(os.memfd_create("likeness"), "w+b") as file:
        yield file
