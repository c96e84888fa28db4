"""Which action a verb means for a body: words that several actions claim, and what a body does instead of what it cannot do."""

from collections.abc import Iterator, Sequence
from functools import cache

from kinora_world.catalogue import entries, words
from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import lists
from kinora_world.director.vocabulary import without_articles
from kinora_world.species import human, nearest_verb, species_can


def for_body(phrase: Sequence[str], verb: str, species: str, *, holding: bool = False) -> tuple[str, bool]:
    """The action and whether it is exactly what was said: `verb` if such a body does it, else another that the phrase may mean.

    Where they are `holding` nothing, it is none that takes a thing.
    """
    if suits(species, verb):
        return verb, True
    options = list(dict.fromkeys(_options(phrase)))
    own = next((name for name, exact in options if exact and suits(species, name)), None)
    if own is not None:
        return own, True
    if human(species) or nearest_verb(species, verb) != "idle":
        return verb, True
    near = (
        name for name, _ in options if (holding or _empty_handed(name)) and (suits(species, name) or nearest_verb(species, name) != "idle")
    )
    found = next(near, None)
    return (verb, True) if found is None else (found, False)


def suits(species: str, verb: str) -> bool:
    """A dog barks, a person does not; a person types, a dog does not."""
    return verb not in lists("verbs_of_animals")["verbs"] if human(species) else species_can(species, verb)


def _empty_handed(verb: str) -> bool:
    return "prop" not in entries("actions")[verb].get("needs", ())


def _options(phrase: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Actions that claim the phrase, then those that may stand in for it, the nearest first."""
    rest = " ".join(phrase[1:])
    forms = [without_articles(f"{first} {rest}".rstrip()) for first in lemmas(phrase[0])]
    for table, exact in ((_claimed(), True), (_near(), False)):
        for form in forms:
            yield from ((name, exact) for name in table.get(form, ()))


@cache
def _claimed() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, entry in entries("actions").items():
        for phrase in {name.replace("_", " "), *map(str, entry.get("words", ()))}:
            found.setdefault(without_articles(phrase), []).append(name)
    return found


@cache
def _near() -> dict[str, list[str]]:
    known, found = words("actions"), dict[str, list[str]]()
    for group in lists("stand_in_actions")["actions"]:
        for phrase in group["say"]:
            found.setdefault(without_articles(str(phrase)), []).extend(known[word] for word in group["by"] if word in known)
    return found
