"""The catalogues: which places, props, actions, voices there are. Every entry is one YAML file in `catalogues/<kind>/`; actions share a
file by family.

Each room of the engine reads its own fields of an entry; here only the file's name, `words` (what people call it) and `description` matter.
"""

import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

from kinora_world.storyboard import Action, Character, Clothes, Effect, Garment, Line, Shot, Sound, Storyboard

_ROOT = Path(__file__).parent / "catalogues"
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # C where libyaml was built in, ten times faster


@cache
def entries(kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Every entry of a catalogue by name."""
    found: dict[str, Mapping[str, Any]] = {}
    for file in sorted((_ROOT / kind).glob("*.yaml")):
        document = yaml.load(file.read_bytes(), Loader=_Loader) or {}  # noqa: S506 - a safe loader by another name
        family = {entry["verb"]: entry for entry in document} if isinstance(document, list) else {file.stem: document}
        found.update({name: MappingProxyType(entry) for name, entry in sorted(family.items())})
    return MappingProxyType(found)


def names(kind: str) -> tuple[str, ...]:
    """The names of a catalogue, e.g. `names("places")` → ("beach", "court", …)."""
    return tuple(sorted(entries(kind)))


@cache
def words(kind: str) -> Mapping[str, str]:
    """What people may call an entry, in lower case, to the entry's name. The first entry to claim a word keeps it."""
    found: dict[str, str] = {}
    for name, entry in entries(kind).items():
        found.setdefault(name.replace("_", " "), name)
        for word in entry.get("words", ()):
            found.setdefault(str(word).lower(), name)
    return MappingProxyType(found)


def languages() -> tuple[str, ...]:
    """Language tags that can be spoken."""
    return tuple(entries("words")["languages"])


def check(storyboard: Storyboard) -> list[str]:
    """What a valid storyboard asks for that the engine does not have: one sentence each, with the path. Empty when all is well."""
    problems: list[str] = []
    for number, character in enumerate(storyboard.characters):
        problems.extend(_check_character(character, f"characters[{number}]"))
    for number, shot in enumerate(storyboard.shots):
        problems.extend(_check_shot(shot, f"shots[{number}]"))
    return problems


def _unknown(path: str, what: str, name: str, kind: str) -> str:
    return f"{path}: unknown {what} {name!r}; known: {', '.join(names(kind))}"


def _check_character(character: Character, where: str) -> Iterator[str]:
    if character.voice is not None and character.voice not in entries("voices"):
        yield _unknown(f"{where}.voice", "voice", character.voice, "voices")
    if character.species not in entries("species"):
        yield _unknown(f"{where}.species", "species", character.species, "species")
    for slot in Clothes.model_fields:
        garment: Garment | None = getattr(character.clothes, slot)
        if garment is None:
            continue
        if garment.kind not in entries("garments"):
            yield _unknown(f"{where}.clothes.{slot}.kind", "garment", garment.kind, "garments")
        elif entries("garments")[garment.kind]["slot"] != slot:
            yield f"{where}.clothes.{slot}.kind: a {garment.kind} is worn as {entries('garments')[garment.kind]['slot']!r}"


_CATALOGUES = {"props": "prop", "sounds": "sound", "effects": "effect"}


def _check_shot(shot: Shot, where: str) -> Iterator[str]:
    people = {mark.character for mark in shot.marks}
    for part, name, kind in (("place", shot.place, "places"), ("music", shot.music, "music")):
        if name is not None and name not in entries(kind):
            yield _unknown(f"{where}.{part}", part, name, kind)
    yield from _check_kinds(shot, where)
    for i, action in enumerate(shot.actions):
        if action.verb not in entries("actions"):
            yield _unknown(f"{where}.actions[{i}].verb", "action", action.verb, "actions")
    for i, line in enumerate(shot.dialogue):
        yield from _check_line(line, people, f"{where}.dialogue[{i}]")
    for part in ("actions", "dialogue", "sounds", "effects"):
        for i, item in enumerate(getattr(shot, part)):
            yield from _check_times(item, shot.duration, f"{where}.{part}[{i}]")


def _check_kinds(shot: Shot, where: str) -> Iterator[str]:
    for part, what in _CATALOGUES.items():
        for i, item in enumerate(getattr(shot, part)):
            if item.kind not in entries(part):
                yield _unknown(f"{where}.{part}[{i}].kind", what, item.kind, part)


def _check_times(item: Action | Line | Sound | Effect, duration: float, where: str) -> Iterator[str]:
    if item.start is not None and item.start >= duration:
        yield f"{where}.start: {item.start} s is past the shot's end at {duration} s"
    if isinstance(item, Action | Effect) and item.end is not None and item.end <= item.start:
        yield f"{where}.end: {item.end} s is not after its start at {item.start} s"


def _check_line(line: Line, people: set[str], where: str) -> Iterator[str]:
    if line.speaker not in people:
        yield f"{where}.speaker: {line.speaker!r} is a prop; only characters speak: {', '.join(sorted(people))}"
    if base_language(line.language) is None:
        yield f"{where}.language: unknown language {line.language!r}; known: {', '.join(languages())}"


def base_language(tag: str) -> str | None:
    """The known language nearest to a tag: "pt-BR" → "pt-br" or "pt"; None when there is none."""
    tag = tag.lower()
    while tag and tag not in entries("words")["languages"]:
        tag = tag.rpartition("-")[0]
    return tag or None


KINDS = ("places", "props", "species", "garments", "actions", "styles", "effects", "sounds", "ambiences", "music", "voices")


def main() -> None:
    """Prints what can be staged: how many of each kind, and their names."""
    for kind in KINDS:
        sys.stdout.write(f"{len(names(kind))} {kind}: {', '.join(names(kind))}\n")
    sys.stdout.write(f"{len(languages())} languages: {', '.join(languages())}\n")


if __name__ == "__main__":
    main()
