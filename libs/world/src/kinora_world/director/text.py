"""A prompt cut into words, quotes and pauses; every word remembers whether anything came of it."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from kinora_world.director.lemmas import lemmas
from kinora_world.director.lexicon import lists, look_up

_TOKEN = re.compile(
    r"""
      "(?P<q1>[^"\n]{1,600})" | “(?P<q2>[^“”\n]{1,600})” | «(?P<q3>[^«»\n]{1,600})» | „(?P<q4>[^„“”\n]{1,600})[“”]
    | 「(?P<q5>[^「」\n]{1,600})」 | (?<!\w)'(?P<q6>(?:[^'\n]|(?<=\w)'(?=\w)){2,300})'(?!\w)
    | (?P<word>@[A-Za-z0-9_][A-Za-z0-9_.]{0,28}[A-Za-z0-9_]|\w+(?:'\w+)*)
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
_LONGEST_RUN = 6  # words that are reported together
_HEADINGS = frozenset(
    {"shot", "scene", "camera", "style", "int", "ext", "place", "setting", "time", "location", "prompt", "title", "cut", "note"}
)
_SHOWN = frozenset({"style", "framing", "place", "time", "weather"})


@dataclass(slots=True, eq=False)
class Token:
    """`kind` is word, quote, stop, comma, colon or line. `used` turns true once the storyboard shows it or it needs no showing."""

    kind: str
    text: str
    index: int = -1
    used: bool = False
    meant: str | None = None  # the English or the rightly spelt word that is read instead

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
    return tokens


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
    return known or words[0] in _HEADINGS


def _manner(aside: str | None) -> str:
    """`(whispering)` beside a name → "whispers"; any other aside is read as part of the sentence."""
    for manner in ("whisper", "shout", "sing"):
        if aside and any(form in lists("speech")[manner] for word in aside.casefold().split() for form in lemmas(word)):
            return f"{manner}s"
    return f", {aside}, says" if aside else "says"


def phrases(tokens: list[Token]) -> list[str]:
    """The words nothing came of, neighbours joined, each once, in order."""
    found: dict[str, str] = {}
    run: list[str] = []
    for token in [*tokens, Token("stop", ".")]:
        if token.kind in {"word", "quote"} and not token.used:
            run.append(token.text)
        if run and (token.kind != "word" or token.used or len(run) == _LONGEST_RUN):
            phrase = " ".join(run)
            found.setdefault(phrase.casefold(), phrase)
            run = []
    return list(found.values())
