"""What everybody wears: as told, else as their role does, else what the seed picks from the wardrobe."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import NamedTuple

from kinora_world.catalogue import entries, words
from kinora_world.director.draft import Person, Wear
from kinora_world.director.lexicon import lists
from kinora_world.storyboard import Clothes, Garment, Pattern


class Outfit(NamedTuple):
    """Colours that go together: of top, bottom, shoes, and whatever else is worn."""

    top: str
    bottom: str
    shoes: str
    other: str


OUTFITS = (
    Outfit("#c8433a", "#2f3f5c", "#f0eeea", "#2f3f5c"),
    Outfit("#2f6fb5", "#c3ab80", "#5d4037", "#c3ab80"),
    Outfit("#e3a72f", "#34466a", "#f0eeea", "#7a3b2e"),
    Outfit("#3f8052", "#cdbb93", "#5d4037", "#5d4037"),
    Outfit("#7c4aa0", "#2d2d38", "#202020", "#4a3a2e"),
    Outfit("#1f8f8c", "#e0d8c6", "#f0eeea", "#23495c"),
    Outfit("#e2723b", "#27385a", "#f0eeea", "#27385a"),
    Outfit("#ece7dc", "#3f6190", "#8b1e1e", "#8b2f2f"),
    Outfit("#cf5c86", "#3b4152", "#f0eeea", "#4b3a5c"),
    Outfit("#8db4d6", "#5c4a3e", "#5d4037", "#8a5a34"),
)
_USUAL: Mapping[str, Mapping[int, Sequence[str]]] = {
    "top": {
        0: ("tshirt", "shirt", "hoodie", "sweater", "polo", "tshirt"),
        1: ("tshirt", "blouse", "sweater", "turtleneck", "shirt", "dress"),
    },
    "bottom": {0: ("jeans", "trousers", "jeans"), 1: ("jeans", "trousers", "skirt")},
    "shoes": {0: ("sneakers", "sneakers", "boots"), 1: ("sneakers", "boots", "ballet_shoes")},
}
_PATTERNS: Mapping[str, Sequence[Pattern]] = {
    "shirt": ("checked", "striped"),
    "tshirt": ("striped",),
    "dress": ("floral", "dotted"),
    "blouse": ("dotted",),
}
_PATTERNED = 0.35  # of those tops whose look was left open
_WHOLE = frozenset({"top", "bottom"})


def slot(garment: str) -> str:
    return str(entries("garments")[garment]["slot"])


def put_on(person: Person, garment: str, wear: Wear) -> None:
    """`garment` is a name of the catalogue, or "all" for whatever top and bottom there are."""
    for part in _WHOLE if garment == "all" else (slot(garment),):
        worn = person.worn.setdefault(part, Wear())
        worn.kind = worn.kind if garment == "all" else garment
        for key in ("colour", "pattern", "accent"):
            setattr(worn, key, getattr(wear, key) or getattr(worn, key))


def clothes(person: Person, feminine: float, outfit: Outfit, chance: Random) -> Clothes:
    """Everything on them; what has no colour yet takes the outfit's."""
    worn = {part: wear for part, wear in _costume(person).items() if part not in person.worn} | person.worn
    found = {part: _usual(part, round(feminine), person, chance) for part in _USUAL}
    for part, wear in worn.items():
        kind = wear.kind or found.get(part)
        if kind is not None:
            found[part] = kind
    if "top" not in worn and chance.random() < _PATTERNED:
        worn["top"] = Wear(pattern=chance.choice(_PATTERNS.get(found["top"], ("plain",))))
    garments = {part: _garment(kind, worn.get(part, Wear()), getattr(outfit, part, outfit.other)) for part, kind in found.items()}
    return Clothes.model_validate(garments)


def _usual(part: str, feminine: int, person: Person, chance: Random) -> str:
    """A dress only where nothing was said that it would hide."""
    choice = chance.choice([kind for kind in _USUAL[part][feminine] if kind in entries("garments")])
    plain = _USUAL[part][0][0] if part != "bottom" else "trousers"
    return plain if choice == "dress" and (person.worn or person.costume) else choice


def _costume(person: Person) -> dict[str, Wear]:
    known, colours = words("garments"), lists("traits")["colours"]
    found = {}
    for word, *colour in person.costume.values():
        if word in known:
            found[slot(known[word])] = Wear(known[word], colours.get(colour[0]) if colour else None)
    return found


def _garment(kind: str, wear: Wear, colour: str) -> Garment:
    return Garment.model_validate(
        {"kind": kind, "colour": wear.colour or colour, "pattern": wear.pattern or "plain", "accent": wear.accent}
    )
