"""People in words, the same words in every shot: what a joint model keeps a face by."""

from collections.abc import Mapping
from functools import cache

from kinora_world.catalogue import entries
from kinora_world.storyboard import Character, Garment

_AGES = ((13, "boy", "girl"), (20, "teenage boy", "teenage girl"), (36, "young man", "young woman"), (62, "man", "woman"))
_OLD = ("old man", "old woman")
_SKINS = ("very dark", "dark", "brown", "tan", "olive", "light", "fair", "pale")
_HAIR = {
    "bald": "a bald head", "short": "short {} hair", "medium": "{} hair of medium length", "long": "long {} hair", "bob": "a {} bob",
    "ponytail": "a {} ponytail", "bun": "{} hair in a bun", "curly": "curly {} hair", "afro": "a {} afro", "braids": "{} braids",
    "pigtails": "{} pigtails", "spiky": "spiky {} hair", "mohawk": "a {} mohawk", "undercut": "a {} undercut",
}  # fmt: skip
_BEARDS = {"stubble": "stubble", "moustache": "a moustache", "goatee": "a goatee", "full": "a full beard"}
_BUILDS = ((0.25, "slim"), (0.75, ""), (2, "heavy"))


def described(person: Character) -> str:
    """As in "Maya, a young woman with light skin and long black hair, in a green striped dress and white sneakers"."""
    if person.species != "person":
        return _being(person) if person.name.casefold() == person.species else f"{person.name}, {_being(person)}"
    features = [f"{_nearest(person.skin, _of('skin_tones', _SKINS))} skin", _HAIR[person.hair.style].format(_hair(person.hair.colour))]
    features += [_BEARDS[person.beard]] if person.beard != "none" else []
    features += ["freckles"] if person.freckles > 0.5 else []
    return f"{person.name}, {a(_noun(person))} with {listed(features)}, in {_clothes(person)}"


def voice(person: Character) -> str:
    """As in "the voice of a young woman"."""
    kind = person.species.replace("_", " ") if person.species != "person" else _noun(person, plain=True)
    return f"the voice of {a(kind)}"


def a(noun: str) -> str:
    """With its indefinite article."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def listed(parts: list[str]) -> str:
    """As in "a, b and c"."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def colour(code: str) -> str:
    """The nearest colour word."""
    return _nearest(code, _of("colours"))


def _noun(person: Character, *, plain: bool = False) -> str:
    male, female = next(((m, f) for age, m, f in _AGES if person.age_years < age), _OLD)
    noun = female if person.feminine >= 0.5 else male
    build = next(word for most, word in _BUILDS if person.weight <= most)
    strong = "muscular" if person.muscle > 0.75 else build
    return noun if plain or not strong else f"{strong} {noun}"


def _being(person: Character) -> str:
    kind = person.species.replace("_", " ")
    size = "small " if person.size < 0.7 else "big " if person.size > 1.4 else ""
    tint = f"{colour(person.colour)} " if person.colour else ""
    return a(f"{size}{tint}{kind}")


def _clothes(person: Character) -> str:
    worn = person.clothes
    over = [worn.over] if worn.over else []
    dress = worn.top.kind in {"dress", "robe"}
    parts = [*over, worn.top, *([] if dress else [worn.bottom]), worn.shoes, worn.neck, worn.hat, worn.eyewear]
    return listed([_garment(part) for part in parts if part])


def _garment(worn: Garment) -> str:
    noun = str(entries("garments").get(worn.kind, {}).get("words", [worn.kind.replace("_", " ")])[0])
    pattern = f"{worn.pattern} " if worn.pattern != "plain" else ""
    told = f"{colour(worn.colour)} {pattern}{noun}"
    return told if noun.endswith("s") and not noun.endswith("ss") else a(told)


def _hair(code: str) -> str:
    return _nearest(code, _of("hair_colours"))


@cache
def _of(kind: str, only: tuple[str, ...] = ()) -> Mapping[str, tuple[int, int, int]]:
    found = entries("words")["traits"][kind]
    return {word: _rgb(code) for word, code in found.items() if not only or word in only}


def _rgb(code: str) -> tuple[int, int, int]:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def _nearest(code: str, known: Mapping[str, tuple[int, int, int]]) -> str:
    """By the "redmean" approximation of how different colours look."""
    r, g, b = _rgb(code)

    def apart(word: str) -> float:
        other_r, other_g, other_b = known[word]
        mean = (r + other_r) / 2
        return (2 + mean / 256) * (r - other_r) ** 2 + 4 * (g - other_g) ** 2 + (2 + (255 - mean) / 256) * (b - other_b) ** 2

    return min(known, key=apart)
