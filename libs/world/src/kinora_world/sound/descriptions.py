"""Audio description: what a listener who does not see the picture must know, said in the gaps between the dialogue.

A WebVTT track of kind `descriptions` (HTML, "text track kind") is read out by the player; here is its text, in plain English sentences.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from kinora_world.catalogue import entries
from kinora_world.sound.captions import Cue
from kinora_world.storyboard import Action, Character, Shot, Storyboard

_WORDS_A_SECOND = 3.1  # at which a description is read out
_SHORTEST_S = 0.6
_CLEAR_S = 0.15  # of a line before and after
_TIMES = {"day": "", "dawn": "at dawn", "sunset": "at sunset", "night": "at night"}
_WEATHERS = {"rain": "in the rain", "storm": "in a storm", "snow": "in the snow", "fog": "in the fog", "wind": "in the wind"}
_TOWARDS = {
    "wave": "to",
    "bow": "to",
    "throw": "to",
    "sing": "to",
    "walk": "to",
    "run": "to",
    "look": "at",
    "point": "at",
    "dance": "with",
    "shoot": "at",
}
_PLAIN_VERBS = {"stand", "idle", "talk", "listen"}  # what anyone would expect


class Spoken(Protocol):
    """When a line is spoken, in seconds of the clip."""

    @property
    def start(self) -> float: ...
    @property
    def end(self) -> float: ...


class _Fact(NamedTuple):
    time: float  # seconds of the clip
    text: str


def descriptions(storyboard: Storyboard, lines: Sequence[Spoken]) -> list[Cue]:
    """Who is where and does what, in the gaps of the dialogue; what fits nowhere near its time is left out."""
    free, duration = 0.0, storyboard.duration
    busy = sorted((line.start - _CLEAR_S, line.end + _CLEAR_S) for line in lines)
    found: list[Cue] = []
    for fact in sorted(_facts(storyboard), key=lambda fact: fact.time):
        seconds = max(_SHORTEST_S, len(fact.text.split()) / _WORDS_A_SECOND)
        start = _gap(max(fact.time, free), seconds, busy, duration)
        if start is not None and start - fact.time < _patience(seconds):
            found.append(Cue(start, min(start + seconds, duration), None, fact.text))
            free = start + seconds
    return found


def _patience(seconds: float) -> float:
    """How late a description may come and still be of use."""
    return 1.5 + seconds


def _gap(earliest: float, seconds: float, busy: Sequence[tuple[float, float]], duration: float) -> float | None:
    """The first time after `earliest` at which nobody speaks for so long; None when there is none before the end."""
    start = earliest
    for begin, end in busy:
        if begin < start + seconds and end > start:
            start = end
    return start if start + _SHORTEST_S <= duration else None


def _facts(storyboard: Storyboard) -> Iterator[_Fact]:
    people = {character.id: character for character in storyboard.characters}
    begin, before, met = 0.0, "", set[str]()
    for shot in storyboard.shots:
        setting = _setting(shot)
        present = [people[mark.character] for mark in shot.marks]
        new = [_introduced(person) for person in present if person.id not in met]
        who = _listed(new or [person.name for person in present])
        if setting != before or new:
            yield _Fact(begin, _sentence(f"{setting if setting != before else ''}{': ' if setting != before and who else ''}{who}"))
        met.update(person.id for person in present)
        yield from _deeds(shot, begin, people)
        begin, before = begin + shot.duration, setting


def _setting(shot: Shot) -> str:
    place = entries("places").get(shot.place, {}).get("description", shot.place.replace("_", " "))
    short = re.split(r"[,.;:]| with ", place)[0]
    return " ".join(part for part in (short, _TIMES[shot.time_of_day], _WEATHERS.get(shot.weather, "")) if part)


def _introduced(person: Character) -> str:
    """As in "Maya, a young woman in a dress"."""
    if person.species != "person":
        return f"{person.name}, a {person.species.replace('_', ' ')}"
    ages = ((13, "boy", "girl"), (20, "teenage boy", "teenage girl"), (36, "young man", "young woman"), (62, "man", "woman"))
    male, female = next(((m, f) for age, m, f in ages if person.age_years < age), ("old man", "old woman"))
    noun = female if person.feminine >= 0.5 else male
    article = "an" if noun[0] in "aeiou" else "a"
    top = person.clothes.over or person.clothes.top
    return f"{person.name}, {article} {noun} in a {top.kind.replace('_', ' ')}"


def _deeds(shot: Shot, begin: float, people: Mapping[str, Character]) -> Iterator[_Fact]:
    things = {prop.id: f"the {prop.kind.replace('_', ' ')}" for prop in shot.props} | {who: people[who].name for who in people}
    for action in shot.actions:
        if action.verb not in _PLAIN_VERBS:
            yield _Fact(begin + action.start, _sentence(f"{people[action.actor].name} {told(action, things)}"))
    for effect in shot.effects:
        yield _Fact(begin + effect.start, _sentence(entries("effects")[effect.kind]["description"].rstrip(".")))


def told(action: Action, things: Mapping[str, str]) -> str:
    """As in "throws the ball to Leo" or "waves to Leo"."""
    first, *rest = action.verb.split("_")
    thing, whom = (things.get(name or "", "") for name in (action.prop, action.target))
    towards = _TOWARDS.get(first, "") if whom and not rest else ""
    return " ".join(word for word in (_third(first), *rest, thing, towards, whom) if word)


def _third(verb: str) -> str:
    """The verb's third person."""
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    return f"{verb[:-1]}ies" if verb.endswith("y") and verb[-2:-1] not in "aeiou" else f"{verb}s"


def _listed(names: Sequence[str]) -> str:
    """As in "Maya, Leo and Kim"; people who come with a description are parted by semicolons."""
    if len(names) < 2:
        return "".join(names)
    joint = "; " if any("," in name for name in names) else ", "
    return f"{joint.join(names[:-1])} and {names[-1]}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else ""
