"""What signs in a file come to for one film, and how that is told to people. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

NOTHING = (
    "Nothing of ours was found in this file. That does not prove that a camera took it: it may come from another generator, or have been"
    " changed so much that no trace of us is left."
)
_CLAIMED = " It holds a manifest in our name, which is broken: what that says cannot be relied on."


class Verdict(IntEnum):
    """The best first."""

    UNCHANGED = 1
    MARKED = 2
    ALIKE = 3
    TRANSPLANTED = 4


@dataclass(frozen=True)
class Signs:
    """What points to one film.

    `signed`: the file holds our trusted signature over this film. `picture_s`, `sound_s`: seconds that carry its mark, None without one;
    `changes`: how the picture was changed, in words. `alike_picture`, `alike_sound`: share of pictures and sound that it shows, None where
    that cannot be told, because nothing of the film or of the file is there to compare.
    """

    signed: bool = False
    picture_s: float | None = None
    sound_s: float | None = None
    changes: tuple[str, ...] = ()
    alike_picture: float | None = None
    alike_sound: float | None = None

    @property
    def marked(self) -> bool:
        return self.picture_s is not None or self.sound_s is not None


def verdict(signs: Signs) -> Verdict:
    """A mark on pictures that are not the film's was copied over; where they were cropped or turned, fingerprints cannot tell."""
    if signs.signed:
        return Verdict.UNCHANGED
    if not signs.marked:
        return Verdict.ALIKE
    if signs.picture_s is not None and signs.alike_picture == 0 and not signs.changes and not signs.alike_sound:
        return Verdict.TRANSPLANTED
    return Verdict.MARKED


def explanation(found: Verdict, signs: Signs, *, manifest: str) -> str:
    """One or two sentences. `manifest`: the file's own, as `Manifest.state`."""
    if found is Verdict.UNCHANGED:
        return "This file is what this Kinora signed; nothing in it was changed since."
    if found is Verdict.ALIKE:
        what = " and ".join(word for word, share in (("looks", signs.alike_picture), ("sounds", signs.alike_sound)) if share)
        return f"It {what} like this film, but no mark could be read in it. It may be a much changed copy, or something made after it."
    where = " and ".join(word for word, seconds in (("picture", signs.picture_s), ("sound", signs.sound_s)) if seconds is not None)
    if found is Verdict.TRANSPLANTED:
        told = f"Its {where} bears this film's mark, but does not look like it."
        return f"{told} Somebody may have copied the mark over: do not take it for this film."
    sentence = f"Matched by the invisible mark in its {where}: it was made from this film. The content was changed on its way"
    sentence += f" ({', '.join(signs.changes)})" if signs.changes else ""
    return f"{sentence}; {_MANIFEST[manifest]}"


_MANIFEST = {
    "not_present": "its manifest was taken off.",
    "invalid": "its manifest is broken.",
    "valid": "the manifest in it is not ours.",
    "trusted": "the manifest in it is not ours.",
}


def summary(found: Sequence[Verdict], *, claims_us: bool, ours: bool) -> str:
    """What the whole comes to. `claims_us`: a manifest in the file says that it is ours; `ours`: and it is."""
    if ours and not found:
        return "This file was made here and is unchanged. Nothing else is known of it any more."
    if not found:
        return NOTHING + (_CLAIMED if claims_us else "")
    many = len(found) > 1
    best = min(found)
    if best is Verdict.UNCHANGED:
        return "This file was made here and is unchanged."
    if best is Verdict.MARKED:
        return f"This file was made from {'films' if many else 'a film'} of ours and changed afterwards."
    if best is Verdict.ALIKE:
        return "This file looks or sounds like a film of ours, but bears no mark of it: that is a hint, no proof."
    return "This file bears a mark of ours that does not belong to it. It proves nothing."
