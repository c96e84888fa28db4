"""What everybody wears: as told, else as their role does, else what the seed picks from the wardrobe."""

from collections.abc import Mapping, Sequence
from random import Random

from kinora_world.catalogue import entries, words
from kinora_world.director.draft import Person, Wear
from kinora_world.director.lexicon import lists
from kinora_world.storyboard import Clothes, Garment

_USUAL: Mapping[str, Mapping[int, Sequence[str]]] = {
    "top": {
        0: ("tshirt", "shirt", "hoodie", "sweater", "polo", "tshirt"),
        1: ("tshirt", "blouse", "sweater", "turtleneck", "shirt", "dress"),
    },
    "bottom": {0: ("jeans", "trousers", "jeans"), 1: ("jeans", "trousers", "skirt")},
    "shoes": {0: ("sneakers", "sneakers", "boots"), 1: ("sneakers", "boots", "ballet_shoes")},
}
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


def clothes(person: Person, feminine: float, picks: Mapping[str, str], chance: Random) -> Clothes:
    """Everything on them; `picks` are the seed's colours of top, bottom and shoes."""
    worn = {part: wear for part, wear in _costume(person).items() if part not in person.worn} | person.worn
    found = {part: _usual(part, round(feminine), person, chance) for part in _USUAL}
    for part, wear in worn.items():
        kind = wear.kind or found.get(part)
        if kind is not None:
            found[part] = kind
    garments = {part: _garment(kind, worn.get(part, Wear()), picks.get(part, "#37474f")) for part, kind in found.items()}
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
