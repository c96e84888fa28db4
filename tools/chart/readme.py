"""README.md's tables of values."""

import json
from collections.abc import Iterator
from typing import Any

from .settings import fields, is_secret
from .values import Value

_HEAD = "| value | default | meaning |\n| --- | --- | --- |"


def tables(values: Value, services: list[str]) -> str:
    """Markdown: the umbrella's values, then each service's settings."""
    parts = [_HEAD, *_rows(values.children, "")]
    for service in services:
        parts += ["", f"### Settings of {service}", "", f"`{service}.settings.<name>`; *secret*: `{service}.secrets.<name>`.", "", _HEAD]
        parts += [_row(name, field.get("default"), _about(field)) for name, field in fields(service).items()]
    return "\n".join(parts)


def _rows(children: tuple[Value, ...], prefix: str) -> Iterator[str]:
    for value in children:
        path = f"{prefix}{value.name}"
        if value.children:
            yield f"| **`{path}`** | | {_cell(value.meaning)} |"
            yield from _rows(value.children, f"{path}.")
        else:
            yield _row(path, value.default, value.meaning + _choices(value.extra))


def _row(path: str, default: Any, meaning: str) -> str:
    return f"| `{path}` | `{json.dumps(default, ensure_ascii=False)}` | {_cell(meaning)} |"


def _about(field: dict[str, Any]) -> str:
    return ("*secret* " if is_secret(field) else "") + str(field.get("description", "")) + _choices(field)


def _choices(schema: dict[str, Any]) -> str:
    choices = schema.get("enum")
    return f" One of {', '.join(f'`{choice}`' for choice in choices)}." if choices else ""


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
