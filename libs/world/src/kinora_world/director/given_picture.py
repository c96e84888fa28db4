"""A prompt that comes with a picture: what it says of the picture itself is no part of the staging."""

import re

from kinora_world.director.draft import Draft

_PICTURE = (
    r"(?:(?:this|the|my|our|a)\s+)?(?:(?:still|given|attached|uploaded|input)\s+)?"
    r"(?:picture|photo(?:graph)?|image|frame|scene|drawing|painting)"
)
_OF_IT = re.compile(
    rf"""\b(?:
        (?:bring|brings|bringing)\s+(?:{_PICTURE}|it|this)\s+to\s+life(?:\s+with)? |
        (?:make|makes|making|let)\s+(?:{_PICTURE}|it|this)\s+(?:come\s+(?:alive|to\s+life)|move) |
        (?:animate|animating)(?:\s+(?:{_PICTURE}|it|this))?(?:\s+with)? |
        (?:in|into|of|over|across|around|through|from|with)\s+{_PICTURE} |
        the\s+subject |
        ^{_PICTURE}
    )\b""",
    re.IGNORECASE | re.VERBOSE,
)


def without_picture(prompt: str) -> str:
    """The prompt without what it says of its picture: "animate this photo", "into the frame"."""
    return _OF_IT.sub(" ", prompt)


def settle_in_picture(draft: Draft, *, said: bool) -> None:
    """Where no place is said it is the picture's; where nothing is, it moves by itself."""
    draft.shots[0].place = draft.shots[0].place or "picture"
    draft.nobody = draft.nobody or not said
