"""Request bodies, multipart or JSON, as one dict of fields, checked before anything looks at them."""

import asyncio
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from kinora_gateway import json_text
from kinora_gateway.errors import ApiError, from_field, invalid

B = TypeVar("B", bound=BaseModel)
MAX_PARTS = 64
MAX_FILES = 4
MAX_FIELD_BYTES = 22 * 1024 * 1024  # a data URL of the largest picture
_NOT_OURS = {
    "characters": "characters are not supported yet",
    "metadata": "metadata is not stored",
    "user": "the API key already says who calls",
    "n": "one request makes one video",
    "extra_body": "it is an argument of the SDK; its contents belong at the top level",
}


async def read(request: Request, kind: type[B], *, timeout_s: float) -> B:
    """The body as `kind`; every way it can be wrong raises ApiError with the field in `param`."""
    try:
        async with asyncio.timeout(timeout_s):
            fields = await _fields(request)
    except TimeoutError:
        raise ApiError(408, "request_timeout", f"The request's body did not arrive within {timeout_s:g} s.") from None
    for name, value in fields.items():
        json_text.check(name, None)
        json_text.check(value, name[:100])
    _refuse_foreign(fields, kind)
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise from_field(first["loc"], first["type"], first["msg"]) from None


async def _fields(request: Request) -> dict[str, Any]:
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type == "application/json":
        return _json(await request.body())
    if media_type == "multipart/form-data":
        return await _multipart(request)
    found = media_type or "none"
    raise ApiError(415, "unsupported_media_type", f"Send the body as application/json or multipart/form-data; its content-type is {found}.")


def _json(raw: bytes) -> dict[str, Any]:
    try:
        value = json_text.parse(raw)
    except ValueError as error:
        raise invalid(None, f"The body is no valid JSON: {error}.", code="invalid_json") from None
    if not isinstance(value, dict):
        raise invalid(None, "The body must be a JSON object.", code="invalid_json")
    return value


class _Parser(MultiPartParser):
    """Knows whether the closing boundary came: the parser itself takes a body that was cut off for a whole one."""

    ended = False

    def on_end(self) -> None:
        self.ended = True


async def _multipart(request: Request) -> dict[str, Any]:
    parser = _Parser(request.headers, request.stream(), max_files=MAX_FILES, max_fields=MAX_PARTS, max_part_size=MAX_FIELD_BYTES)
    try:
        form = await parser.parse()
    except (MultiPartException, ValueError) as error:  # ValueError: a charset that is none, or does not fit the text
        why = error.message if isinstance(error, MultiPartException) else "its charset is wrong."
        raise invalid(None, f"The multipart body cannot be read: {why}", code="invalid_multipart") from None
    try:
        if not parser.ended:
            raise invalid(None, "The multipart body ends before its closing boundary.", code="invalid_multipart")
        return await _fold(form)
    finally:
        await form.close()


async def _fold(form: FormData) -> dict[str, Any]:
    """`a` stays a field; `a[b]`, as SDKs flatten objects, becomes the key b of the field a, and every `a[]` an item of a list."""
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
    held = nested.setdefault(base, {} if key else [])
    if isinstance(held, dict) is not bool(key):
        raise invalid(base[:100], f"'{base[:100]}' is given both as a list and as an object.")
    if key:
        held[key] = content
    else:
        held.append(content)


def _put_nested(fields: dict[str, Any], base: str, content: object) -> None:
    if base == "storyboard":
        raise invalid(base, "Send the storyboard as one part that holds its JSON: flattened parts lose which belongs to which shot.")
    # The SDK sends an empty file beside an object that was given through extra_body.
    if fields.get(base, b"") != b"":
        raise invalid(base[:100], f"'{base[:100]}' is given more than once.")
    fields[base] = content


def _refuse_foreign(fields: dict[str, Any], kind: type[BaseModel]) -> None:
    for name in fields.keys() - kind.model_fields.keys():
        if name in _NOT_OURS:
            raise invalid(name, f"'{name}' is not supported: {_NOT_OURS[name]}.", code="unsupported_parameter")
        known = ", ".join(sorted(kind.model_fields))
        raise invalid(name[:100], f"Unknown parameter: '{name[:100]}'. Known here: {known}.", code="unknown_parameter")
