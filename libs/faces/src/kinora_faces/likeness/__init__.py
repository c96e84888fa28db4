"""The likeness of a person, taken from an accepted clip, and of pets and objects, cut out of a picture. Both are taken in sandboxes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from kinora_media import sandbox
from kinora_media.clip import BadClip, ClipLimits, decoded

from kinora_faces.likeness.package import BadLikeness, Likeness, View, Voice
from kinora_faces.likeness.strokes import Strokes
from kinora_faces.likeness.thing import Thing

__all__ = ["BadLikeness", "BadThing", "Likeness", "Strokes", "Thing", "View", "Voice", "cut_out", "take_likeness"]

_MB = 1024 * 1024
_TAKING = sandbox.Limits(memory_bytes=900 * _MB, cpu_s=40, wall_s=120, output_bytes=32 * _MB)
_KEPT = ClipLimits(kept_side=720, every_s=0.09)
_PICTURE_BYTES = 20 * _MB


class BadThing(Exception):
    """The picture cannot be used; `reason` is HUMAN_FACE, NOTHING_KEPT, NOT_A_PICTURE, PICTURE_TOO_LARGE or TOO_HEAVY.

    The message tells people what would be right.
    """

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


def take_likeness(clip: bytes, *, voice: bool) -> Likeness:
    """The likeness of the person in a clip that was approved; with `voice` (ask for consent) also of their voice.

    Blocks for some seconds: call it on a thread. Raises kinora_media.clip.BadClip, with the reason NO_FACE where no face looks ahead.
    """
    try:
        with decoded(clip, _KEPT) as pictures, _memory() as output:
            sandbox.run("kinora_faces.likeness", "person", "voice" if voice else "", source=pictures, output=output, limits=_TAKING)
            output.seek(0)
            return Likeness.from_bytes(output.read())
    except sandbox.Refused as refused:
        reason, _, message = str(refused).partition(": ")
        raise BadClip(reason, message) from refused
    except sandbox.Broke as broke:
        if not broke.timed_out:
            raise  # ours to mend: the pictures were in order
        raise BadClip("TOO_HEAVY", "The clip takes too much time to look at.") from broke


def cut_out(picture: bytes, strokes: Strokes) -> Thing:
    """A pet or an object out of a JPEG, PNG or WebP picture.

    A person's face anywhere in it is refused; one of less than some 3% of the width may be missed. Blocks for some seconds: call it on a
    thread. Raises BadThing.
    """
    if len(picture) > _PICTURE_BYTES:
        raise BadThing("PICTURE_TOO_LARGE", f"The picture has {len(picture)} bytes; at most {_PICTURE_BYTES} are allowed.")
    with _memory() as source, _memory() as output:
        source.write(picture)
        source.flush()
        try:
            sandbox.run("kinora_faces.likeness", "thing", strokes.to_json(), source=source, output=output, limits=_TAKING)
        except sandbox.Refused as refused:
            reason, _, message = str(refused).partition(": ")
            raise BadThing(reason, message) from refused
        except sandbox.Broke as broke:
            raise BadThing("TOO_HEAVY", "The picture is broken, or takes too much memory or time.") from broke
        output.seek(0)
        return Thing.from_bytes(output.read())


@contextmanager
def _memory() -> Iterator[IO[bytes]]:
    with os.fdopen(os.memfd_create("likeness"), "w+b") as file:
        yield file
