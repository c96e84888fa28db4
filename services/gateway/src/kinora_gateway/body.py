"""Request bodies, multipart or JSON, as one dict of fields, checked before anything looks at them."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ValidationError

from kinora_gateway import forms, json_text
from kinora_gateway.errors import ApiError, from_field, invalid

B = TypeVar("B", bound=BaseModel)
_NOT_OURS = {
    "metadata": "metadata is not stored",
    "user": "the API key already says who calls",
    "n": "one request makes one video",
    "extra_body": "it is an argument of the SDK; its contents belong at the top level",
}


async def read(request: Request, kind: type[B], *, timeout_s: float) -> B:
    """The body as `kind`; every way it can be wrong raises ApiError with the field in `param`."""
    async with arrival(timeout_s):
        fields = await _fields(request)
    return validated(fields, kind)


@asynccontextmanager
async def arrival(timeout_s: float) -> AsyncGenerator[None, None]:
    """Inside, the body is read."""
    try:
        async with asyncio.timeout(timeout_s):
            yield
    except TimeoutError:
        raise ApiError(408, "request_timeout", f"The request's body did not arrive within {timeout_s:g} s.") from None


def media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


def validated(fields: dict[str, Any], kind: type[B]) -> B:
    """The fields as `kind`; raises ApiError."""
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
    found = media_type(request)
    if found == "application/json":
        return _json(await request.body())
    if found == "multipart/form-data":
        async with forms.parsed(request) as form:
            return await forms.fold(form)
    found = found or "none"
    raise ApiError(415, "unsupported_media_type", f"Send the body as application/json or multipart/form-data; its content-type is {found}.")


def _json(raw: bytes) -> dict[str, Any]:
    try:
        value = json_text.parse(raw)
    except ValueError as error:
        raise invalid(None, f"The body is no valid JSON: {error}.", code="invalid_json") from None
    if not isinstance(value, dict):
        raise invalid(None, "The body must be a JSON object.", code="invalid_json")
    return value


def _refuse_foreign(fields: dict[str, Any], kind: type[BaseModel]) -> None:
    for name in fields.keys() - kind.model_fields.keys():
        if name in _NOT_OURS:
            raise invalid(name, f"'{name}' is not supported: {_NOT_OURS[name]}.", code="unsupported_parameter")
        known = ", ".join(sorted(kind.model_fields))
        raise invalid(name[:100], f"Unknown parameter: '{name[:100]}'. Known here: {known}.", code="unknown_parameter")
