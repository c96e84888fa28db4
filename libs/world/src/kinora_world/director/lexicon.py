"""Every word and phrase the director knows, from the word lists and the catalogues."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from kinora_world.catalogue import entries, words
from kinora_world.director.lemmas import lemmas


@dataclass(frozen=True, slots=True)
class Sense:
    """One thing a phrase can mean. `exact` is False when it is only the nearest that can be staged."""

    kind: (
        str  # person, number, trait, colour, hair_style, hair, garment, prop, place, time, style, action, speech, fate, camera, framing, …
    )
    value: Any
    exact: bool = True


Senses = tuple[Sense, ...]
_LONGEST = 4


def lists(name: str) -> Mapping[str, Any]:
    return entries("words")[name]


@cache
def lexicon() -> Mapping[str, Senses]:
    """Phrase in base form → what it can mean, the likeliest first."""
    found: dict[str, list[Sense]] = {}
    for phrase, sense in _everything():
        senses = found.setdefault(str(phrase).casefold(), [])
        if all((other.kind, other.value) != (sense.kind, sense.value) and not _covers(other, sense) for other in senses):
            senses.append(sense)
    return {phrase: tuple(senses) for phrase, senses in found.items()}


def _covers(first: Sense, second: Sense) -> bool:
    """One place, prop or action per phrase: what was listed first."""
    return first.kind == second.kind and first.kind in {"place", "prop", "action", "time", "style"}


def _everything() -> Iterator[tuple[str, Sense]]:
    yield from _people()
    yield from _looks()
    yield from _stage()
    yield from _deeds()
    yield from _camera()
    small = lists("small")
    for kind in ("while", "then", "cut", "negation", "mutual", "empty"):
        yield from _all(kind, small[kind], kind)
    for pronoun, phrases in small["pronouns"].items():
        yield from _all("pronoun", phrases, pronoun)


def _all(kind: str, phrases: Iterable[str], value: Any, *, exact: bool = True) -> Iterator[tuple[str, Sense]]:
    for phrase in phrases:
        yield phrase, Sense(kind, value, exact)


def _people() -> Iterator[tuple[str, Sense]]:
    for entry in lists("people")["kinds"]:
        facts = {key: entry[key] for key in ("feminine", "age", "near") if key in entry} | {"noun": entry["one"][0]}
        yield from _all("person", entry["one"], {**facts, "count": entry.get("count", 1)}, exact="near" not in entry)
        yield from _all("person", entry.get("many", ()), {**facts, "count": 0}, exact="near" not in entry)
    yield from ((phrase, Sense("number", count)) for phrase, count in lists("numbers").items())


def _looks() -> Iterator[tuple[str, Sense]]:
    traits = lists("traits")
    for trait, values in traits["traits"].items():
        yield from ((phrase, Sense("trait", (trait, value))) for phrase, value in values.items())
    for tone, skin in traits["skin_tones"].items():
        yield from _all("trait", (f"{tone} {word}" for word in traits["skin_words"]), ("skin", skin))
    for kind in ("colour", "hair_colour"):
        yield from ((phrase, Sense(kind, value)) for phrase, value in traits[f"{kind}s"].items())
    yield from ((phrase, Sense("hair_style", style)) for phrase, style in traits["hair_styles"].items())
    yield from _all("hair", traits["hair_words"], "hair")
    yield from ((phrase, Sense("hair_alone", traits["hair_colours"][colour])) for phrase, colour in traits["alone"].items())
    for garment, phrases in traits["garments"].items():
        yield from _all("garment", phrases, garment)
    for garment, phrases in traits["near"].items():
        yield from _all("garment", phrases, garment, exact=False)


def _stage() -> Iterator[tuple[str, Sense]]:
    yield "ball", Sense("prop", "ball")  # which one is settled by the game and the place
    for kind, catalogue, file in (("place", "places", "places"), ("prop", "props", "props")):
        known, own = words(catalogue), lists(file)
        for name, phrases in own["near"].items():
            yield from _all(kind, (p for p in phrases if p.replace(" ", "_") not in entries(catalogue)), name, exact=False)
        for name, phrases in own.get("words", {}).items():
            yield from _all(kind, phrases, name)
        yield from ((phrase, Sense(kind, name)) for phrase, name in known.items() if phrase not in own.get("ambiguous", ()))
    for kind in ("time", "style"):
        for exact, group in ((True, "words"), (False, "near")):
            for name, phrases in lists(f"{kind}s")[group].items():
                yield from _all(kind, phrases, name, exact=exact)
    for tag, language in lists("languages").items():
        yield from _all("language", language["called"], tag)


def _deeds() -> Iterator[tuple[str, Sense]]:
    yield from ((phrase, Sense("action", name)) for phrase, name in words("actions").items())
    for group, exact in (("words", True), ("near", False)):
        for verb, entry in lists("verbs").items():
            yield from _all("action", entry[group], verb, exact=exact)
    for manner in ("say", "shout", "whisper"):
        yield from _all("speech", lists("speech")[manner], manner)
    for fate, phrases in lists("fates").items():
        yield from _all("fate", phrases, fate)


def _camera() -> Iterator[tuple[str, Sense]]:
    cameras = lists("cameras")
    for move, group in cameras["move"].items():
        yield from _all("camera", group["alone"], move)
        yield from _all("camera_only", group["with"], move)
    for move, phrases in cameras["near_move"].items():
        yield from _all("camera", phrases, move, exact=False)
    for kind in ("framing", "framing_only"):
        for framing, phrases in cameras[kind].items():
            yield from _all(kind, phrases, framing)


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
    if rest:
        start = " ".join(phrase[:-1])
        for last in lemmas(phrase[-1])[1:]:
            yield f"{start} {last}"


@cache
def stop_words() -> frozenset[str]:
    return frozenset(lists("small")["stop"].split()) | frozenset(lists("styles")["filler"])
