"""JSON from strangers: strict, and without what a stack, a database or protobuf cannot hold."""

import json
from typing import Any, NoReturn

from kinora_gateway.errors import invalid

MAX_DEPTH = 32


def parse(text: str | bytes) -> Any:
    """Raises ValueError with a reason."""
    try:
        return json.loads(text, parse_constant=_no_number)
    except RecursionError:
        raise ValueError("it is nested too deep") from None
    except UnicodeDecodeError:
        raise ValueError("it is no UTF-8 text") from None


def check(value: object, param: str | None, depth: int = 0) -> None:
    """Raises ApiError for nesting beyond MAX_DEPTH and for characters that are no text."""
    if depth > MAX_DEPTH:
        raise invalid(param, f"'{param}' is nested more than {MAX_DEPTH} levels deep.")
    if isinstance(value, str):
        _check_text(value, param)
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_text(key, param)
            check(item, param, depth + 1)
    elif isinstance(value, list):
        for item in value:
            check(item, param, depth + 1)


def _check_text(text: str, param: str | None) -> None:
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise invalid(param, f"{param or 'A name in the body'} holds a character that is no text (NUL or half a surrogate pair).")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")
