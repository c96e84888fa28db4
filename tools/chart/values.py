"""values.yaml with its comments: what each value means, and what its schema must add to the default."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

_LINE = re.compile(r"( *)([A-Za-z]\w*):(?: (.*))?$")
_MARK = "@schema"


class Undescribed(ValueError):
    """A value has no comment, or one that its schema cannot be made of."""


@dataclass(frozen=True)
class Value:
    """`name` with its `default`; `children` where the default is a mapping written line by line."""

    name: str
    default: Any
    meaning: str
    extra: dict[str, Any]
    children: tuple["Value", ...] = ()

    def child(self, *path: str) -> "Value":
        found = next(c for c in self.children if c.name == path[0])
        return found.child(*path[1:]) if path[1:] else found


def read(path: Path) -> Value:
    """The whole file as one value. Raises Undescribed, naming the line."""
    text = path.read_text()
    lines = list(enumerate(text.splitlines(), 1))
    return Value("", yaml.safe_load(text), "", {}, tuple(_block(lines, 0, yaml.safe_load(text), path)))


def _block(lines: list[tuple[int, str]], indent: int, defaults: Any, path: Path) -> Iterator[Value]:
    comment: list[str] = []
    while lines:
        number, line = lines[0]
        if not line.strip():
            lines.pop(0)
            comment = []
            continue
        depth = len(line) - len(line.lstrip())
        if depth < indent:
            return
        lines.pop(0)
        if line.lstrip().startswith("#"):
            comment.append(line.strip().lstrip("#").strip())
            continue
        found = _LINE.match(line)
        if not found or depth != indent:
            raise Undescribed(f"{path.name}:{number}: `{line.strip()}` is not `name: value` at the indent of its neighbours")
        name, written = found[2], found[3]
        meaning, extra = _parse(" ".join(comment), f"{path.name}:{number}")
        comment = []
        if not meaning:
            raise Undescribed(f"{path.name}:{number}: say in a comment above it what `{name}` is")
        children = () if written else tuple(_block(lines, indent + 2, defaults[name], path))
        yield Value(name, defaults[name], meaning, extra, children)


def _parse(comment: str, place: str) -> tuple[str, dict[str, Any]]:
    meaning, mark, extra = comment.partition(_MARK)
    try:
        return meaning.strip(), json.loads(extra) if mark else {}
    except json.JSONDecodeError as error:
        raise Undescribed(f"{place}: what follows {_MARK} is no JSON: {error}") from error
