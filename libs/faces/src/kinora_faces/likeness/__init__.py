"""The likeness of a person, taken from an accepted clip, and of pets and objects, cut out of a picture. All are taken in sandboxes."""

from kinora_media import sandbox
from kinora_media.clip import BadClip, ClipLimits, decoded

from kinora_faces.likeness.looking import TAKING, BadThing, Still, cut_out, look_at, memory
from kinora_faces.likeness.package import BadLikeness, Likeness, View, Voice
from kinora_faces.likeness.strokes import Strokes
from kinora_faces.likeness.thing import Thing

__all__ = ["BadLikeness", "BadThing", "Likeness", "Still", "Strokes", "Thing", "View", "Voice", "cut_out", "look_at", "take_likeness"]

_KEPT = ClipLimits(kept_side=720, every_s=0.09)


def take_likeness(clip: bytes, *, voice: bool) -> Likeness:
    """The likeness of the person in a clip that was approved; with `voice` (ask for consent) also of their voice.

    Blocks for some seconds: call it on a thread. Raises kinora_media.clip.BadClip, with the reason NO_FACE where no face looks ahead.
    """
    try:
        with decoded(clip, _KEPT) as pictures, memory() as output:
            sandbox.run("kinora_faces.likeness", "person", "voice" if voice else "", source=pictures, output=output, limits=TAKING)
            output.seek(0)
            return Likeness.from_bytes(output.read())
    except sandbox.Refused as refused:
        reason, _, message = str(refused).partition(": ")
        raise BadClip(reason, message) from refused
    except sandbox.Broke as broke:
        if not broke.timed_out:
            raise  # ours to mend: the pictures were in order
        raise BadClip("TOO_HEAVY", "The clip takes too much time to look at.") from broke
