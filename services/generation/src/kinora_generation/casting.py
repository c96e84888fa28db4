"""Cameos that were asked for beside the prompt are put into its words, where the director finds them."""

import re
from collections.abc import Sequence

from kinora_world.storyboard import Storyboard

_SAID = re.compile(r'("[^"\n]*"|“[^“”\n]*”|«[^«»\n]*»|„[^„“”\n]*[“”]|「[^「」\n]*」)')
"""What somebody says stays as it is."""


def absent(storyboard: Storyboard, handles: Sequence[str]) -> list[str]:
    """Those of the handles that no character or prop of the storyboard has."""
    return [handle for handle in handles if handle not in storyboard.handles]


def named_in(prompt: str, handles: Sequence[str]) -> str:
    """The prompt, in which each handle stands for somebody. It may stand there already; or the part of it behind the dot, or all of it
    without "@", is a word of the prompt; else the prompt begins with it.
    """
    unnamed = []
    for handle in handles:
        named = _named(prompt, handle)
        if named is None:
            unnamed.append(handle)
        else:
            prompt = named
    return f"{_listed(unnamed)}.\n{prompt}" if unnamed else prompt


def _named(prompt: str, handle: str) -> str | None:
    for word in (handle, handle[1:], handle.rpartition(".")[2]):
        told, times = _replaced(prompt, word, handle)
        if times:
            return told
    return None


def _replaced(prompt: str, word: str, handle: str) -> tuple[str, int]:
    """Every such word outside of quotation marks, and how many there were."""
    alone = re.compile(rf"(?<![\w@.-]){re.escape(word)}(?!\w|[.-]\w)", re.IGNORECASE)
    parts = _SAID.split(prompt)  # every second one is said by somebody
    told = [(part, 0) if number % 2 else alone.subn(handle, part) for number, part in enumerate(parts)]
    return "".join(part for part, _ in told), sum(times for _, times in told)


def _listed(handles: Sequence[str]) -> str:
    *before, last = handles
    return f"{', '.join(before)} and {last}" if before else last
