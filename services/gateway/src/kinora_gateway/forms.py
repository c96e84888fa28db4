"""Multipart forms, and what SDKs make of objects and lists in them."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from kinora_gateway.errors import invalid

MAX_PARTS = 64
MAX_FILES = 10  # two frames and as many keyframes as a request holds
MAX_FIELD_BYTES = 22 * 1024 * 1024  # a data URL of the largest picture


class _Parser(MultiPartParser):
    """Knows whether the closing boundary came: the parser itself takes a body that was cut off for a whole one."""

    ended = False

    def on_end(self) -> None:
        self.ended = True

    def close(self) -> None:
        """All files, also those of parts that did not arrive whole, which no form holds."""
        for file in self._files_to_close_on_error:
            file.close()


@asynccontextmanager
async def parsed(request: Request) -> AsyncGenerator[FormData, None]:
    """The parts; files of more than a megabyte lie on disk. Raises ApiError."""
    parser = _Parser(request.headers, request.stream(), max_files=MAX_FILES, max_fields=MAX_PARTS, max_part_size=MAX_FIELD_BYTES)
    try:
        yield await _whole(parser)
    finally:
        parser.close()


async def _whole(parser: _Parser) -> FormData:
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError) as error:  # ValueError: a charset that is none, or does not fit the text
        why = error.message if isinstance(error, MultiPartException) else "its charset is wrong."
        raise invalid(None, f"The multipart body cannot be read: {why}", code="invalid_multipart") from None
    if not parser.ended:
        raise invalid(None, "The multipart body ends before its closing boundary.", code="invalid_multipart")
    return form


def parted(form: FormData, name: str) -> tuple[UploadFile, FormData]:
    """The one file of the part `name`, and what else there is. Raises ApiError."""
    found = form.getlist(name)
    if not found:
        raise invalid(name, f"Missing required parameter: '{name}', a file.", code="missing_required_parameter")
    if len(found) > 1 or not isinstance(found[0], UploadFile):
        raise invalid(name, f"'{name}' must be one file.")
    return found[0], FormData([(key, value) for key, value in form.multi_items() if key != name])


async def fold(form: FormData) -> dict[str, Any]:
    """`a` stays a field; `a[b]`, as SDKs flatten objects, becomes the key b of the field a, and every `a[]` an item of a list.

    `a[][b]` is the key b of the list's last item, or begins another item when that one has it.
    """
    fields: dict[str, Any] = {}
    nested: dict[str, Any] = {}
    for name, value in form.multi_items():
        content = await value.read() if isinstance(value, UploadFile) else value
        base, bracket, rest = name.partition("[")
        if not bracket and base in fields:
            raise invalid(base[:100], f"'{base[:100]}' is given more than once.")
        if bracket:
            _nest(nested, base, rest.removesuffix("]"), content)
        else:
            fields[base] = content
    for base, parts in nested.items():
        _put_nested(fields, base, parts)
    return fields


def _nest(nested: dict[str, Any], base: str, key: str, content: object) -> None:
    item = key.removeprefix("][") if key.startswith("][") else None
    held = nested.setdefault(base, [] if item or not key else {})
    if isinstance(held, dict) is not (bool(key) and not item):
        raise invalid(base[:100], f"'{base[:100]}' is given both as a list and as an object.")
    if item:
        _add_to_last(held, item, content)
    elif key:
        held[key] = content
    else:
        held.append(content)


def _add_to_last(items: list[Any], key: str, content: object) -> None:
    if not items or not isinstance(items[-1], dict) or key in items[-1]:
        items.append({})
    items[-1][key] = content


def _put_nested(fields: dict[str, Any], base: str, content: object) -> None:
    if base == "storyboard":
        raise invalid(base, "Send the storyboard as one part that holds its JSON: flattened parts lose which belongs to which shot.")
    # The SDK sends an empty file beside an object that was given through extra_body.
    if fields.get(base, b"") != b"":
        raise invalid(base[:100], f"'{base[:100]}' is given more than once.")
    fields[base] = content
