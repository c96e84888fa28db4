"""Inflected English words back to the forms in the word lists."""

from collections.abc import Iterator
from functools import lru_cache

from kinora_world.catalogue import entries


@lru_cache(maxsize=8192)
def lemmas(word: str) -> tuple[str, ...]:
    """Possible base forms, the word itself first: "running" → running, runn, run, runne."""
    irregular = entries("words")["irregular"].get(word)
    return tuple(dict.fromkeys([word, *([irregular] if irregular else []), *_regular(word)]))


def _regular(word: str) -> Iterator[str]:
    if word.endswith(("'s", "s'")):
        yield word[:-2]
        return
    if word.endswith("ies") and len(word) > 4:
        yield word[:-3] + "y"
    if word.endswith("es") and len(word) > 3:
        yield word[:-2]
    if word.endswith("s") and not word.endswith("ss") and len(word) > 2:
        yield word[:-1]
    if word.endswith("ves") and len(word) > 4:
        yield word[:-3] + "f"
        yield word[:-3] + "fe"
    if word.endswith("ied") and len(word) > 4:
        yield word[:-3] + "y"
    for ending in ("ed", "ing", "in'"):
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 2:
            yield stem
            yield stem + "e"
            if stem[-1] == stem[-2]:
                yield stem[:-1]
