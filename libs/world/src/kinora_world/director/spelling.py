"""Words that are nobody's but for one letter: "gurl", "teh", "runing"."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from kinora_world.director.lexicon import lexicon, lists, look_up, stop_words
from kinora_world.director.people import is_name
from kinora_world.director.text import Token

_SHORTEST = 3
_SURE = 4  # words so short are one letter from many others: only people are worth the guess
_VOWELS = frozenset("aeiouy")
_ALIKE = (frozenset("sz"), frozenset("ck"))  # letters that are heard alike


def correct(tokens: list[Token]) -> dict[str, str]:
    """Gives misspelt words their meaning; what was written → what is read."""
    found: dict[str, str] = {}
    for token in tokens:
        word = token.word
        if len(word) < _SHORTEST or not (word.isascii() and word.isalpha()) or not token.text.islower() or _known(word):
            continue
        meant = _nearest(word)
        if meant is not None:
            token.meant = meant
            found[token.text] = meant
    return found


def _known(word: str) -> bool:
    return word in stop_words() or word in lists("translations")["words"] or is_name(word) or bool(look_up([word])[1]) or word in _parts()


def _nearest(word: str) -> str | None:
    """The known word one slip away: letters swapped, left out, doubled, or heard alike."""
    known = _vocabulary()
    for slip in _slips(word):
        if slip in known and (len(slip) > _SURE or sorted(slip) == sorted(word) or _is_person(slip)):
            return slip
    left_out = known_without().get(word)
    return left_out if left_out is not None and (len(word) > _SURE or (len(word) == _SURE and _is_person(left_out))) else None


def _is_person(word: str) -> bool:
    return any(sense.kind == "person" and "species" not in sense.value for sense in lexicon().get(word, ()))


def _slips(word: str) -> Iterator[str]:
    for at in range(len(word) - 1):
        yield word[:at] + word[at + 1] + word[at] + word[at + 2 :]  # swapped
    if len(word) > _SHORTEST:
        for at, letter in enumerate(word):
            for other in _heard_as(letter):
                yield word[:at] + other + word[at + 1 :]
    if len(word) > _SHORTEST + 1:
        for at in range(1, len(word)):
            yield word[:at] + word[at + 1 :]  # one too many


def _heard_as(letter: str) -> frozenset[str]:
    if letter in _VOWELS:
        return _VOWELS - {letter}
    return next((group - {letter} for group in _ALIKE if letter in group), frozenset())


@cache
def _vocabulary() -> frozenset[str]:
    """Single words long enough to be misspelt, and the verbs among them as they are used."""
    words = {phrase for phrase in lexicon() if phrase.isascii() and phrase.isalpha() and len(phrase) >= _SHORTEST}
    verbs = {word for word in words if any(sense.kind == "action" for sense in lexicon()[word])}
    return frozenset(
        words
        | {f"{verb}ing" for verb in verbs}
        | {f"{verb}s" for verb in verbs}
        | {word for word in stop_words() if len(word) >= _SHORTEST}
    )


@cache
def known_without() -> Mapping[str, str]:
    """Every known word with one letter left out → the word; the shortest first to claim it."""
    found: dict[str, str] = {}
    for word in sorted(_vocabulary(), key=lambda each: (len(each), each)):
        if len(word) > _SHORTEST + 1:
            for at in range(1, len(word)):
                found.setdefault(word[:at] + word[at + 1 :], word)
    return found


@cache
def _parts() -> frozenset[str]:
    """Words of phrases, and of what only has a stand-in: rightly spelt, though they may mean nothing here."""
    phrases = [*lexicon(), *(word for group in _groups() for word in group["say"])]
    rightly = lists("spelt")["words"].split()
    return frozenset(rightly) | frozenset(
        form for phrase in phrases for word in str(phrase).split() for form in (word, f"{word}s", f"{word}ing", f"{word}ed")
    )


def _groups() -> Iterator[Mapping[str, Any]]:
    for name in ("stand_ins", "stand_in_actions"):
        for groups in lists(name).values():
            yield from groups
