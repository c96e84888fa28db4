"""Prompts in other languages: the words that are known are read as English ones, in English order."""

from collections.abc import Mapping, Sequence
from functools import cache

from kinora_world.director.lexicon import lists, look_up, stop_words
from kinora_world.director.text import Token

_LONGEST = 3
_SHORTEST_STEM = 2
_LONGEST_WORD = 40  # letters
_NOUNS = frozenset({"person", "prop", "garment", "hair", "beard"})
_ADJECTIVES = frozenset({"colour", "trait", "pattern", "hair_style", "hair_colour"})
_AFTER = frozenset({"es", "fr", "it", "pt"})  # where adjectives come after their nouns


def translate(tokens: Sequence[Token]) -> tuple[list[Token], str]:
    """The tokens with English meanings, and the language; unchanged and "en" for what is English or in no language known here."""
    words = [token for token in tokens if token.kind == "word"]
    english = sum(_is_english(token.word) for token in words)
    if english * 2 > len(words):
        return list(tokens), "en"
    scores = {tag: _score(tag, words) for tag in lists("translations")["languages"]}
    tag = max(scores, key=lambda each: scores[each])
    known = scores[tag][0]
    if known <= english or known * 2 < len(words):
        return list(tokens), "en"
    return _renumbered(_reordered(_read(tokens, tag), tag)), tag


def _score(tag: str, words: Sequence[Token]) -> tuple[int, int]:
    """How many of the words the language has, and how many of them just so, not by their beginning."""
    known = _dictionary(tag)
    return sum(_meaning(tag, [token.word]) is not None for token in words), sum(token.word in known for token in words)


def _is_english(word: str) -> bool:
    return word in stop_words() or bool(look_up([word])[1])


def _read(tokens: Sequence[Token], tag: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(tokens):
        length = next((n for n in range(_LONGEST, 0, -1) if _phrase(tokens, at, n, tag) is not None), 0)
        found.append(tokens[at])
        if length:
            found[-1].meant = _phrase(tokens, at, length, tag)
            found[-1].text = " ".join(token.text for token in tokens[at : at + length])
        at += max(length, 1)
    return found


def _phrase(tokens: Sequence[Token], at: int, length: int, tag: str) -> str | None:
    phrase = tokens[at : at + length]
    if len(phrase) < length or any(token.kind != "word" for token in phrase):
        return None
    return _meaning(tag, [token.text.casefold() for token in phrase])


def _reordered(tokens: list[Token], tag: str) -> list[Token]:
    """`vestido azul` → "blue dress"."""
    if tag not in _AFTER:
        return tokens
    for at in range(len(tokens) - 1):
        noun, adjective = tokens[at], tokens[at + 1]
        if noun.meant and adjective.meant and _kinds(noun) & _NOUNS and _kinds(adjective) & _ADJECTIVES and not _kinds(adjective) & _NOUNS:
            tokens[at], tokens[at + 1] = adjective, noun
    return tokens


def _kinds(token: Token) -> set[str]:
    return {sense.kind for sense in look_up(token.word.split())[1]}


def _renumbered(tokens: list[Token]) -> list[Token]:
    for index, token in enumerate(tokens):
        token.index = index
    return tokens


def _meaning(tag: str, phrase: Sequence[str]) -> str | None:
    """English for a phrase as it stands, or by the beginning of its first word."""
    if len(phrase[0]) > _LONGEST_WORD:
        return None
    known = _dictionary(tag)
    rest = " ".join(phrase[1:])
    whole = f"{phrase[0]} {rest}".rstrip()
    if whole in known:
        return known[whole]
    for end in range(len(phrase[0]), _SHORTEST_STEM - 1, -1):
        stem = f"{phrase[0][:end]}- {rest}".rstrip()
        if stem in known:
            return known[stem]
    return None


@cache
def _dictionary(tag: str) -> Mapping[str, str]:
    column = lists("translations")["languages"].index(tag)
    found: dict[str, str] = {}
    for english, row in lists("translations")["words"].items():
        for word in str(row[column]).split("/"):
            if word != "-":
                found.setdefault(word, str(english))
    return found
