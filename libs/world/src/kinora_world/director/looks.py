"""Adjectives on their way to a noun, and the looks that the prompt leaves open."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, TypeVar

from kinora_world.director.claims import Claim, looks, on_stage, there, wears
from kinora_world.director.draft import Person, Thing, Wear
from kinora_world.director.dressing import OUTFITS, Outfit, clothes, put_on
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import lists
from kinora_world.director.text import Token
from kinora_world.storyboard import Character, Clothes, Hair

_SKINS = ("#f0cdb0", "#e0b48c", "#c68863", "#a8714a", "#8a5a3a", "#6b4226")
_HAIR = ("#17120f", "#2b1a10", "#4a2f1d", "#6e4426", "#96401c", "#d3ac62")
_GREY = 65  # years
_DARK_HAIR = 3  # how many of them go with every skin
_HAIRCUTS = {0: ("short", "short", "undercut", "curly", "spiky"), 1: ("long", "ponytail", "bob", "medium", "bun", "curly", "long")}
_OF_PEOPLE = frozenset({"weight", "muscle", "skin", "hair_style", "hair_colour", "beard", "freckles"})
_T = TypeVar("_T")
_Told = tuple[Sequence[Token], str, Any]
_NAMES = {1: ("Maya", "Zoe", "Lena", "Aisha", "Mei", "Clara"), 0: ("Leo", "Sam", "Omar", "Kenji", "Theo", "Raj")}


class Adjectives:
    """Those read since the last noun. Whatever noun takes them claims their words; dropped ones stay unclaimed."""

    def __init__(self) -> None:
        self._waiting: list[_Told] = []

    def add(self, tokens: Sequence[Token], key: str, value: Any) -> None:
        self._waiting.append((tokens, key, value))

    def drop(self) -> None:
        self._waiting = []

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def number(self) -> tuple[int, list[Token]]:
        """Two, three …, twelve of "a row of twelve", and the words for it; 0 when nothing was said. Asking takes it."""
        taken = self._taken({"number"})
        return (int(taken[-1][2]) if taken else 0), [token for tokens, _, _ in taken for token in tokens]

    @property
    def kin(self) -> list[str]:
        """Nouns before the noun: "yoga" of a yoga teacher."""
        return [token.word for tokens, key, _ in self._waiting if key in {"kin", "role"} for token in tokens]

    def dress(self, people: Sequence[Person], *, skin: bool = False, hair: bool = False) -> None:
        """Age, build, hair, beard, mood of these people. A bare colour is skin ("a black woman"), an animal's fur, or hair's."""
        if hair:
            colours = lists("traits")["hair_colours"]
            self._waiting = [(t, "hair_colour", colours.get(t[0].word, v)) if k == "colour" else (t, k, v) for t, k, v in self._waiting]
        keys = {"age", "weight", "muscle", "feminine", "skin", "hair_style", "hair_colour", "beard", "freckles", "mood", "size"}
        for tokens, key, value in self._taken(keys | ({"colour", "kin", "role"} if skin else set())):
            for person in people:
                _claim(tokens, _told(person, tokens[0].word, key, value))
        self.drop()

    def clothe(self, people: Sequence[Person], garment: str, also: str | None = None) -> None:
        """A garment with the colours and the pattern before it; the second colour is the pattern's."""
        colours, patterns = self._taken({"colour"}), self._taken({"pattern"})
        told = zip(("colour", "pattern", "accent"), (*_first(colours), *_first(patterns), *_first(colours[1:])), strict=True)
        said = {key: entry for key, entry in told if entry is not None}
        wear = Wear(**{key: value for key, (_, _, value) in said.items()})
        for person in people:
            for kind in (garment, also) if also else (garment,):
                put_on(person, kind, wear)
            for key, (tokens, _, value) in said.items():
                _claim(tokens, wears(person, None if garment == "all" else garment, Wear(**{key: value})))
        self.drop()

    def paint(self, thing: Thing) -> None:
        for tokens, _, colour in self._taken({"colour"}):
            thing.colour = colour
            _claim(tokens, there(thing, colour=colour))
        for tokens, _, size in self._taken({"size"}):
            thing.scale = size
            _claim(tokens, there(thing, scale=size))
        self.drop()

    def _taken(self, keys: set[str]) -> list[_Told]:
        found = [entry for entry in self._waiting if entry[1] in keys]
        self._waiting = [entry for entry in self._waiting if entry[1] not in keys]
        return found


def _first(told: Sequence[_Told]) -> list[_Told | None]:
    return [told[0] if told else None]


def _claim(tokens: Sequence[Token], claim: Claim | None) -> None:
    if claim is not None:
        for token in tokens:
            token.claims.append(claim)


def _told(person: Person, word: str, key: str, value: Any) -> Claim | None:
    """Tells a being about itself; None when the word says nothing about such a being."""
    if key == "size" and person.species == "person":
        return None
    if key == "kin":  # "a chess player" is called so; whose anybody is cannot be seen, nor what a piano fish is
        return None if word.endswith("'s") else on_stage(person, species="person", name=word)
    if key == "role":
        return None if word.endswith("'s") else _in_role(person, value)
    if key in _OF_PEOPLE and person.species != "person":
        return None
    if key == "colour" and person.species == "person":
        key, value = "skin", lists("traits")["skin_colours"].get(word)
    if value is None:
        return None
    setattr(person, key, value)
    return looks(person, key, value)


def _in_role(person: Person, facts: Mapping[str, Any]) -> Claim | None:
    """`a boy wizard`: what both nouns leave each other to say. Only people can be one thing more."""
    if person.species != "person" or "species" in facts:
        return None
    for key in ("age", "feminine", "skin", "beard", "hair_style"):
        if key in facts and getattr(person, key) is None:
            setattr(person, key, facts[key])
    person.costume = person.costume or facts.get("costume", {})
    return on_stage(person)


def cast(people: Sequence[Person], seed: int) -> list[Character]:
    """Characters with everything the prompt left open chosen by the seed, each unlike the others."""
    skins, outfits = _shuffled(_SKINS, seed, "skin"), _shuffled(OUTFITS, seed, "outfit")
    names = {gender: _shuffled(values, seed, f"names{gender}") for gender, values in _NAMES.items()}
    taken = {person.name.casefold() for person in people if person.name}
    characters: list[Character] = []
    for person in people:
        spare = _free(names[round(_feminine(person, seed))], taken)
        skin, outfit = skins[person.number % len(skins)], outfits[person.number % len(outfits)]
        character = _character(person, seed, skin, outfit, spare)
        taken.add(character.name.casefold())
        ids = {other.id for other in characters}
        if character.id in ids:
            alike = sum(other.name.split(" ")[0] == character.name for other in characters) + 1
            name = f"{character.name} {alike}" if person.of_group and person.name is None else character.name
            character = character.model_copy(update={"id": f"{character.id}_{person.number + 1}", "name": name})
        person.id = character.id
        characters.append(character)
    return characters


def _shuffled(values: Sequence[_T], seed: int, name: str) -> list[_T]:
    return Random(f"{seed}/{name}").sample(values, len(values))


def _free(names: list[str], taken: set[str]) -> str:
    return next((name for name in names if name.casefold() not in taken), f"Person {len(taken) + 1}")


def _feminine(person: Person, seed: int) -> float:
    """As said, else men for a beard, else women and men by turns; the seed chooses who begins."""
    if person.feminine is None and person.beard not in {None, "none"}:
        return 0.0
    return person.feminine if person.feminine is not None else float((person.number + Random(f"{seed}/turn").randrange(2)) % 2)


def _character(person: Person, seed: int, spare_skin: str, outfit: Outfit, spare_name: str) -> Character:
    chance = Random(f"{seed}/person/{person.number}")
    feminine, age = _feminine(person, seed), person.age if person.age is not None else float(chance.randint(20, 38))
    skin = person.skin or spare_skin
    hair = chance.choice(_HAIR if skin in _SKINS[:2] else _HAIR[:_DARK_HAIR])
    style = chance.choice(_HAIRCUTS[round(feminine)])
    told = {"species": person.species, "size": person.size or 1.0, "colour": person.colour, "handle": person.handle}
    return Character.model_validate(
        {
            **told,
            "id": person.id or _slug(person, spare_name),
            "name": person.name or _title(person, spare_name),
            "age_years": age,
            "feminine": feminine,
            "skin": skin,
            "weight": person.weight if person.weight is not None else round(chance.uniform(0.35, 0.6), 2),
            "muscle": person.muscle if person.muscle is not None else round(chance.uniform(0.4, 0.65), 2),
            "hair": Hair.model_validate(
                {"style": person.hair_style or style, "colour": person.hair_colour or ("#c9c7c2" if age > _GREY else hair)}
            ),
            "beard": person.beard or "none",
            "freckles": person.freckles or 0.0,
            "clothes": Clothes() if _own_clothes(person) else clothes(person, feminine, outfit, chance),
        }
    )


def _own_clothes(person: Person) -> bool:
    """Of a cameo nothing was told: its clothes have their owner's colours."""
    return person.handle is not None and not person.worn and not person.costume


def _title(person: Person, spare_name: str) -> str:
    """`Woman` for one, a name for each of "two friends", "Dog" for all dogs."""
    if person.title is None or (person.of_group and person.species == "person" and not person.costume):
        return spare_name
    before, _, noun = person.title.rpartition(" ")
    return f"{before} {lemmas(noun)[-1] if person.of_group else noun}".strip().capitalize()


def _slug(person: Person, spare_name: str) -> str:
    letters = "".join(c if c.isascii() and c.isalnum() else "_" for c in (person.name or _title(person, spare_name)).casefold())
    return f"{letters.strip('_') or 'person'}"[:32] if letters[:1].isalpha() else f"person_{person.number + 1}"
