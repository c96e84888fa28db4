"""What a word or phrase of a prompt can mean."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from kinora_world.director.lemmas import lemmas
from kinora_world.director.vocabulary import Sense, everything, lists, without_articles

__all__ = ["Sense", "Senses", "lexicon", "lists", "look_up", "stop_words"]

Senses = tuple[Sense, ...]
_LONGEST = 4
_SINGULAR = frozenset({"place", "prop", "action", "time", "style", "garment", "effect", "sound", "weather", "music"})


@cache
def lexicon() -> Mapping[str, Senses]:
    """Phrase in base form → what it can mean, the likeliest first."""
    found: dict[str, list[Sense]] = {}
    for phrase, sense in everything():
        senses = found.setdefault(_joined(phrase.casefold()), [])
        if all(not _covers(other, sense) for other in senses):
            senses.append(sense)
    return {phrase: tuple(senses) for phrase, senses in found.items()}


def _joined(phrase: str) -> str:
    """Hyphens part words as spaces do."""
    return " ".join(phrase.replace("-", " ").split())


def _covers(first: Sense, second: Sense) -> bool:
    """One place, prop or action per phrase: what was listed first."""
    return first.kind == second.kind and (first.kind in _SINGULAR or first.value == second.value or first.kind == "person")


def look_up(following: Sequence[str]) -> tuple[int, Senses]:
    """The longest known phrase that `following` words begin with: (number of words, its senses); (1, ()) when none is known."""
    known = lexicon()
    for length in range(min(_LONGEST, len(following)), 0, -1):
        senses: list[Sense] = []
        for form in _forms(following[:length]):
            senses.extend(sense for sense in known.get(form, ()) if sense not in senses)
        if senses:
            return length, tuple(senses)
    return 1, ()


def _forms(phrase: Sequence[str]) -> Iterator[str]:
    """The phrase as it stands, with its first word in base form ("picks up"), with its last ("basketball courts")."""
    rest = " ".join(phrase[1:])
    for first in lemmas(phrase[0]):
        yield f"{first} {rest}" if rest else first
        if len(phrase) > 2 and (bare := without_articles(f"{first} {rest}")) != f"{first} {rest}":
            yield bare
    if rest:
        start = " ".join(phrase[:-1])
        for last in lemmas(phrase[-1])[1:]:
            yield f"{start} {last}"


@cache
def stop_words() -> frozenset[str]:
    """Words that steer a sentence rather than name something."""
    small = lists("small")
    return frozenset(word for kind in ("function", "request", "light") for word in small[kind].split()) | frozenset(
        lists("styles")["filler"]
    )
