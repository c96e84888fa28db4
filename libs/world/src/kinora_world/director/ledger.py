"""What became of every word: shown by the finished storyboard, or left out.

The law: a content word that nobody claimed, or whose claims the storyboard does not bear out, is left out. Only a closed list of small
words is owed nothing.
"""

from collections.abc import Iterator, Sequence
from functools import cache

from kinora_world.director.claims import Film
from kinora_world.director.lexicon import lists, look_up, stop_words
from kinora_world.director.text import Token

_LONGEST_RUN = 6  # words that are named together
_PAUSES = frozenset({"stop", "line", "comma", "colon"})
_DONE = frozenset({"action", "speech", "fate", "face", "sound"})
_SAYS_IT = _DONE | {"garment", "hair", "hair_noun", "beard", "mood"}
_BETWEEN = frozenset({"colour", "pattern", "number", "trait", "hair_style", "hair_colour"})


@cache
def small_words() -> frozenset[str]:
    """The closed list: words of grammar and words about the clip as a clip."""
    told = lists("small")
    pronouns = {word for phrases in told["pronouns"].values() for word in phrases}
    light = {*told["light"].split(), *told["body"].split()}
    return (stop_words() | frozenset(told["request"].split()) | pronouns | {*told["prepositions"], *told["while"], *told["then"]}) - light


def left_out(tokens: Sequence[Token], film: Film) -> list[Token]:
    """The content words that the storyboard does not show, in order."""
    shown = [_is_shown(token, film) for token in tokens]
    return [
        token
        for at, token in enumerate(tokens)
        if not (shown[at] or token.kind in _PAUSES or token.word in small_words() or _goes_along(at, tokens, shown))
    ]


def _is_shown(token: Token, film: Film) -> bool:
    return any(claim(film) for claim in token.claims)


def _goes_along(at: int, tokens: Sequence[Token], shown: Sequence[bool]) -> bool:
    """`takes` of "takes a bow", and the hands of "waves her hands"."""
    word = tokens[at].word
    if word in _light() and _is_told(tokens, shown, range(at + 1, len(tokens)), _SAYS_IT):
        return True
    return word in _body() and (_does_something(at, tokens, shown) or _is_told(tokens, shown, range(at + 1, len(tokens)), _DONE))


def _does_something(at: int, tokens: Sequence[Token], shown: Sequence[bool]) -> bool:
    """Something is done in the clause so far, and is shown."""
    for before in range(at - 1, -1, -1):
        if tokens[before].kind != "word":
            return False
        if shown[before] and _kinds(tokens[before].word) & _DONE:
            return True
    return False


def _is_told(tokens: Sequence[Token], shown: Sequence[bool], way: range, kinds: frozenset[str]) -> bool:
    """The next content word that way, in the same clause, is of these kinds, and shown."""
    for at in way:
        if tokens[at].kind != "word":
            return False
        meant = _kinds(tokens[at].word)
        if tokens[at].word not in small_words() and not meant <= _BETWEEN:
            return shown[at] and bool(_kinds(tokens[at].word, most=1) & kinds)
    return False


def _kinds(word: str, most: int | None = None) -> set[str]:
    """What a word can be, the likeliest `most` of it; "trait" only of the body, "mood" of the mind."""
    senses = look_up([word])[1][:most]
    return {"mood" if sense.kind == "trait" and sense.value[0] == "mood" else sense.kind for sense in senses} or {"unknown"}


@cache
def _light() -> frozenset[str]:
    return frozenset(lists("small")["light"].split())


@cache
def _body() -> frozenset[str]:
    return frozenset(lists("small")["body"].split())


def phrases(tokens: Sequence[Token]) -> list[str]:
    """The words as they were written, neighbours joined, each once, in order."""
    found: dict[str, str] = {}
    for run in _runs(tokens):
        phrase = " ".join(token.text for token in run)
        found.setdefault(phrase.casefold(), phrase)
    return list(found.values())


def _runs(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    run: list[Token] = []
    for token in tokens:
        if run and (token.index != run[-1].index + 1 or token.kind != "word" or len(run) == _LONGEST_RUN):
            yield run
            run = []
        run.append(token)
    if run:
        yield run
