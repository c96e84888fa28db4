"""A prompt cut into words, quotes and pauses; every word remembers what it was taken for."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import lists, look_up

_EMOJI, _TINT = r"[\U0001f1e6-\U0001faff\u2600-\u27bf\u2b00-\u2bff]", r"\ufe0f\U0001f3fb-\U0001f3ff"
_TOKEN = re.compile(
    rf"""
      "(?P<q1>[^"\n]{{1,600}})" | “(?P<q2>[^“”\n]{{1,600}})” | «(?P<q3>[^«»\n]{{1,600}})» | „(?P<q4>[^„“”\n]{{1,600}})[“”]
    | 「(?P<q5>[^「」\n]{{1,600}})」 | (?<!\w)'(?P<q6>(?:[^'\n]|(?<=\w)'(?=\w)){{2,300}})'(?!\w)
    | (?P<word>@[A-Za-z0-9_][A-Za-z0-9_.]{{0,28}}[A-Za-z0-9_](?:'s\b)?|\w+(?:'\w+)*)
    | (?P<emoji>{_EMOJI}[{_TINT}]*(?:\u200d{_EMOJI}[{_TINT}]*)*)
    | (?P<stop>[.!?;。！？…]+) | (?P<comma>[,，、]) | (?P<colon>[:：—–]) | (?P<line>\n+)
    """,  # noqa: RUF001 - full-width marks are what Chinese and Japanese prompts use
    re.VERBOSE,
)
_ASIDE = r"(?:[ \t]*\((?P<how>[^()\n]{1,60})\))?[ \t]*"
_SPEAKER = re.compile(
    r"^[ \t]*(?P<name>@[a-z0-9_.]{2,30}|[A-Z][\w'-]{0,30}(?: [A-Z][\w'-]{0,30})?)" + _ASIDE + r":[ \t]*(?P<line>[^\"“«\n]{1,400})$",
    re.MULTILINE,
)
_CUE = re.compile(
    r"^[ \t]*(?P<name>[A-Z][A-Z'-]{1,30}(?: [A-Z'-]{1,30})?)" + _ASIDE + r"\n(?:[ \t]*\((?P<aside>[^()\n]{1,60})\)[ \t]*\n)?"
    r"[ \t]*(?P<line>[^\"“«\n]{1,400})$",
    re.MULTILINE,
)
_UNQUOTED = re.compile(r"[ \t]*(?P<line>(?!\s)[^\n]{1,600})")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|[。！？]+")  # noqa: RUF001 - full-width marks are what Chinese and Japanese prompts use
_SAYING_REACH = 5  # words between a verb of saying and its colon: "says to Leo in French:"
_PICTURED = frozenset({"person", "prop", "place", "effect", "garment", "weather", "time"})
_SHOWN = frozenset({"style", "framing", "camera", "place", "time", "weather"})


@dataclass(slots=True, eq=False)
class Token:
    """`kind` is word, quote, stop, comma, colon or line. `claims` say what it was taken for (see `claims`)."""

    kind: str
    text: str
    index: int = -1
    meant: str | None = None  # the English or the rightly spelt word that is read instead
    claims: list[Callable[[Any], bool]] = field(default_factory=list)

    @property
    def word(self) -> str:
        return (self.text.casefold() if self.meant is None else self.meant) if self.kind == "word" else ""


def tokenise(prompt: str) -> list[Token]:
    text = unicodedata.normalize("NFC", prompt).replace("’", "'").replace("‘", "'").replace("\r", "\n")  # noqa: RUF001 - typographer's marks
    text = _screenplay(text)
    tokens: list[Token] = []
    at = 0
    while match := _TOKEN.search(text, at):
        at = match.end()
        tokens.append(_token(match, len(tokens)))
        if tokens[-1].kind == "colon" and _saying(tokens):
            at = _unquoted(text, at, tokens)
    return _renumbered(_once(tokens))


def _once(tokens: Sequence[Token]) -> list[Token]:
    """`a dog 🐶🐶` speaks of one dog: a picture that says a word again says nothing."""
    said = {form for token in tokens if token.meant is None for form in lemmas(token.word)}
    found: list[Token] = []
    for token in tokens:
        if token.meant is None or token.meant not in said:
            found.append(token)
        said.add(token.meant or "")
    return found


def _renumbered(tokens: list[Token]) -> list[Token]:
    for index, token in enumerate(tokens):
        token.index = index
    return tokens


def pictured(emoji: str) -> str:
    """The word that a picture stands for, by its name in Unicode; the picture itself when no such word is known."""
    name = unicodedata.name(emoji[0], "").casefold().replace(" face", "").split(" with ")[0]
    for words in (name.split(), name.split()[-1:]):
        length, senses = look_up(words) if words else (0, ())
        if length == len(words) and any(sense.kind in _PICTURED for sense in senses):
            return " ".join(words)
    return emoji


def _saying(tokens: Sequence[Token]) -> bool:
    """A verb of saying stands before the colon that comes last, and it is not a noun: "the answer:"."""
    if tokens[-1].text not in {":", "："}:  # noqa: RUF001 - a Chinese or Japanese colon
        return False
    speech = lists("speech")
    for at in range(len(tokens) - 2, max(0, len(tokens) - 2 - _SAYING_REACH), -1):
        if tokens[at].kind != "word":
            return False
        base = set(lemmas(tokens[at].word)) - set(speech["stage_directions"])
        if any(base & set(speech[manner]) for manner in ("say", "shout", "whisper", "sing")):
            return tokens[at - 1].word not in {"a", "an", *lists("small")["determiners"]}
    return False


def _unquoted(text: str, at: int, tokens: list[Token]) -> int:
    """`says: Nice try!` is a line up to the end of its first sentence; where reading goes on after it."""
    line = _UNQUOTED.match(text, at)
    quoted = _TOKEN.match(text, line.start("line")) if line else None
    if line is None or (quoted and (quoted.lastgroup or "").startswith("q")):
        return at
    end = _SENTENCE_END.search(line["line"])
    said = line["line"][: end.end()] if end else line["line"]
    tokens.append(Token("quote", said.strip(' \t"“”«»'), len(tokens)))
    if end:
        tokens.append(Token("stop", end[0], len(tokens)))
    return line.start("line") + len(said)


def _token(match: re.Match[str], index: int) -> Token:
    kind = match.lastgroup or "word"
    text = match.group(kind)
    if kind == "emoji":
        return Token("word", text, index, meant=pictured(text))
    return Token("quote" if kind.startswith("q") else kind, text.strip() if kind.startswith("q") else text, index)


def _screenplay(text: str) -> str:
    """`MAYA: Hi` and a name in capitals above a line become `Maya says "Hi"`."""

    def said(match: re.Match[str]) -> str:
        told = match.groupdict()
        name, line = told["name"], told["line"].strip()
        if _is_heading(name.casefold().split()) or not line:
            return match[0]
        return f'{name.title() if name.isupper() else name} {_manner(told.get("aside") or told["how"])} "{line}".'

    return _CUE.sub(said, _SPEAKER.sub(said, text))


def _is_heading(words: Sequence[str]) -> bool:
    """`Scene 2: …`, `Noir: …`, `Close-up: …`: what follows is shown, not said."""
    count, senses = look_up([part for word in words for part in word.split("-")])
    known = count >= len(words) and bool(senses) and senses[0].kind in _SHOWN
    return known or words[0] in lists("speech")["headings"]


def _manner(aside: str | None) -> str:
    """`(whispering)` beside a name → "whispers"; any other aside is read as part of the sentence."""
    for manner in ("whisper", "shout", "sing"):
        if aside and any(form in lists("speech")[manner] for word in aside.casefold().split() for form in lemmas(word)):
            return f"{manner}s"
    return f", {aside}, says" if aside else "says"
