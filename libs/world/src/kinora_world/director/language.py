"""Which language a line is in, and how long it takes to say."""

import re
from functools import cache

from kinora_world.director.lexicon import lists

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@cache
def _scripts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((tag, re.compile(f"[{entry['script']}]")) for tag, entry in lists("languages").items() if "script" in entry)


@cache
def _hints() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for tag, entry in lists("languages").items():
        for word in entry["hints"]:
            found[word] = (*found.get(word, ()), tag)
    return found


def detect(text: str) -> str:
    """A language tag by script, else by common words, else English."""
    letters = [(len(script.findall(text)), tag) for tag, script in _scripts()]
    scripts = {tag: count for count, tag in letters if count}
    for marked, plain in (("uk", "ru"), ("fa", "ar"), ("ja", "zh")):
        if marked in scripts and plain in scripts:
            scripts[marked] += scripts.pop(plain)
    if scripts and sum(scripts.values()) * 2 >= sum(letter.isalpha() for letter in text):
        return max(scripts, key=lambda tag: scripts[tag])
    score: dict[str, int] = {}
    for word in _WORD.findall(text.casefold()):
        for tag in _hints().get(word, ()):
            score[tag] = score.get(tag, 0) + 1
    return max(score, key=lambda tag: (score[tag], tag == "en"), default="en")


def seconds(text: str, language: str) -> float:
    """About how long the line takes."""
    pace = float(lists("languages").get(language, lists("languages")["en"])["pace"])
    return max(0.4, len(text) / pace + 0.1)
