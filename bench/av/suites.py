"""Prompt suites, and the names that each one's own scoring scripts want of the films. No prompts of others are kept here: give their files.

- `plain`: a text file, one prompt a line; films are 001.mp4, 002.mp4 …
- `t2av-compass` (github.com/NJU-LINK/T2AV-Compass): `prompts_with_checklist.json` or `Data/prompts.json`, a list of objects with `index`
  and `prompt`; one film each, INDEX.mp4, in one folder, which its scripts take as `input_dir` and VIDEO_ROOT_PATH.
- `vbench` (github.com/Vchitect/VBench): `VBench_full_info.json`, a list of objects with `prompt_en` and `dimension`, or one of its text
  files; five films each, PROMPT-0.mp4 to PROMPT-4.mp4, in one folder, its `--videos_path`; 25 where the dimension is temporal_flickering.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

OURS = Path(__file__).parent / "prompts.txt"
_VBENCH_FILMS, _VBENCH_STILL_FILMS, _STILL = 5, 25, "temporal_flickering"
_LONGEST_NAME = 255  # bytes, of a file


class BadSuite(Exception):
    """The file is no suite of this kind; the message says what is wrong, and where."""


@dataclass(frozen=True)
class Wanted:
    """One film."""

    name: str
    prompt: str
    number: int  # among the films of this prompt


def read(kind: str, path: Path) -> list[Wanted]:
    """Raises BadSuite."""
    try:
        found = list(KINDS[kind](path))
    except (OSError, ValueError) as error:
        raise BadSuite(f"{path}: {error}") from error
    if not found:
        raise BadSuite(f"{path}: there is no prompt in it")
    for wanted in found:
        if "/" in wanted.name or len(wanted.name.encode()) > _LONGEST_NAME:
            raise BadSuite(f"{path}: no file can be called {wanted.name!r}")
    return list({wanted.name: wanted for wanted in found}.values())


def _plain(path: Path) -> Iterator[Wanted]:
    for number, prompt in enumerate(_lines(path), 1):
        yield Wanted(f"{number:03}.mp4", prompt, 0)


def _t2av_compass(path: Path) -> Iterator[Wanted]:
    for entry in _entries(path, "index", "prompt"):
        yield Wanted(f"{entry['index']}.mp4", entry["prompt"], 0)


def _vbench(path: Path) -> Iterator[Wanted]:
    if path.suffix == ".json":
        told = [(entry["prompt_en"], _STILL in entry["dimension"]) for entry in _entries(path, "prompt_en", "dimension")]
    else:
        told = [(prompt, path.stem == _STILL) for prompt in _lines(path)]
    for prompt, still in told:
        for number in range(_VBENCH_STILL_FILMS if still else _VBENCH_FILMS):
            yield Wanted(f"{prompt}-{number}.mp4", prompt, number)


KINDS: dict[str, Callable[[Path], Iterator[Wanted]]] = {"plain": _plain, "t2av-compass": _t2av_compass, "vbench": _vbench}


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text().splitlines() if line.strip()]


def _entries(path: Path, *fields: str) -> list[dict[str, Any]]:
    told = json.loads(path.read_text())
    if not isinstance(told, list):
        raise ValueError("it is no list")  # noqa: TRY004 - of what the file holds
    for number, entry in enumerate(told):
        if not isinstance(entry, dict) or (missing := [field for field in fields if field not in entry]):
            raise ValueError(f"entry {number} has no {', '.join(missing) if isinstance(entry, dict) else 'fields'}")
    return told
