"""The OpenAPI document: what FastAPI cannot see because bodies are read in two encodings."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from kinora_gateway.accounts import NewAccount, NewKey
from kinora_gateway.c2pa import SoftBindingQuery
from kinora_gateway.cameos import ConsentChange, Decision, Report
from kinora_gateway.checks import NewCredit
from kinora_gateway.credentials import AccountChange, EmailChange, PasswordChange, SetUp, SetUpAsked
from kinora_gateway.entry import Admission, Confirmation, DoorSetting, InviteGrant, NewSignUp, Ticket, WaitlistEntry
from kinora_gateway.exports import CreateExport
from kinora_gateway.family import ChildAnswered, NewSwitches, ParentAsked
from kinora_gateway.liveness import NewLiveness, ReviewDecision
from kinora_gateway.oauth import NewClient
from kinora_gateway.passkeys import NewPasskey, PasskeySignIn
from kinora_gateway.requests import CreateVideo, DraftStoryboard, EditVideo, ExtendVideo, RemixVideo
from kinora_gateway.schemas import ErrorBody
from kinora_gateway.security import FirstCode, NewRole, Proof
from kinora_gateway.sessions import ForgottenPassword, NewPassword, SignIn
from kinora_gateway.things import Cut, Name, NewPerson
from kinora_gateway.traces import CopiesWanted

_REF = "#/components/schemas/{model}"
_FORMS: tuple[type[BaseModel], ...] = (CreateVideo, DraftStoryboard, EditVideo, ExtendVideo, RemixVideo)  # also as multipart
_BODIES: tuple[type[BaseModel], ...] = (
    *_FORMS, NewAccount, NewKey, DoorSetting, NewSignUp, Confirmation, WaitlistEntry, Ticket, Admission, InviteGrant,
    SignIn, ForgottenPassword, NewPassword, NewClient, Proof, FirstCode, NewRole, NewPasskey, PasskeySignIn,
    ParentAsked, ChildAnswered, NewSwitches,
    ConsentChange, Decision, Report, NewLiveness, ReviewDecision, NewPerson, Cut, Name,
    CreateExport, SetUpAsked, SetUp, EmailChange, PasswordChange, AccountChange,
    NewCredit, CopiesWanted, SoftBindingQuery,
)  # fmt: skip
_ERRORS = {
    400: "The request is wrong; `param` says where.",
    401: "The API key or access token is missing, unknown, revoked or expired.",
    403: "The API key or its account may not do this.",
    404: "There is no such thing, or it belongs to someone else.",
    408: "The body did not arrive in time.",
    409: "It does not fit the present state.",
    413: "The body is too large.",
    415: "The body is neither JSON nor multipart.",
    426: "It is a WebSocket.",
    429: "Too many requests.",
    500: "Our fault.",
    503: "A part of Kinora cannot be reached.",
    504: "A part of Kinora took too long.",
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route: the given refusals, and those that every route has."""
    return {
        status: {"model": ErrorBody, "description": _ERRORS[status]} for status in sorted({400, 401, 403, 429, 500, 503, 504, *statuses})
    }


def body(kind: type[BaseModel]) -> dict[str, Any]:
    """`openapi_extra=` of a route that reads its body itself."""
    content = {"application/json": {"schema": {"$ref": _REF.format(model=kind.__name__)}}}
    if kind in _FORMS:
        content["multipart/form-data"] = {"schema": {"$ref": _REF.format(model=kind.__name__ + "Form")}}
    return {"requestBody": {"required": True, "content": content}}


def form(kind: type[BaseModel], file: str) -> dict[str, Any]:
    """`openapi_extra=` of a route that takes a form with one file."""
    schema = kind.model_json_schema()
    schema["properties"][file] = {"type": "string", "format": "binary"}
    schema["required"] = [*schema.get("required", []), file]
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


def repeat_headers() -> list[dict[str, Any]]:
    text = "Names this request for good: a repeat with the same key gets the first answer, a changed body 409."
    return [{"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255}, "description": text}]


def install(app: FastAPI) -> None:
    """Replaces `app.openapi`."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way to change the document


def _document(app: FastAPI) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    for operation in (op for path in document["paths"].values() for op in path.values()):
        operation["responses"].pop("422", None)  # FastAPI's own; every wrong parameter is a 400 here
    schemas = document["components"]["schemas"]
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    for kind in _BODIES:
        schema = kind.model_json_schema(ref_template=_REF)
        schemas.update(schema.pop("$defs", {}))
        schemas[kind.__name__] = schema
        if kind in _FORMS:
            schemas[kind.__name__ + "Form"] = _form(schema)
    return document


def _form(schema: dict[str, Any]) -> dict[str, Any]:
    """The same fields as multipart parts: files are binary, objects are JSON text or flattened."""
    properties = dict(schema["properties"])
    if "storyboard" in properties:
        properties["storyboard"] = {"type": "string", "description": "The storyboard's JSON."}
    for name in {"input_reference", "last_frame"} & properties.keys():
        properties[name] = {"type": "string", "format": "binary", "description": properties[name]["description"]}
        properties[f"{name}[image_url]"] = {"type": "string", "description": "The picture as a data URL instead."}
    if "keyframes" in properties:
        properties["keyframes"] = {"type": "string", "description": "The list's JSON, its pictures as data URLs."}
        files, numbers = ({"type": "array", "items": {"type": "string"} | kind} for kind in ({"format": "binary"}, {}))
        properties["keyframes[][picture]"] = {**files, "description": "Instead, for each keyframe its picture,"}
        properties["keyframes[][at_s]"] = {**numbers, "description": "its seconds from the beginning"}
        properties["keyframes[][strength]"] = {**numbers, "description": "and, if wanted, its strength, in this order."}
    if "characters" in properties:
        items = {"type": "array", "items": {"type": "string"}}
        properties["characters"] = {"type": "string", "description": "The list's JSON."}
        properties["characters[][id]"] = {**items, "description": "The ids instead, each in a part of its own."}
    return {**schema, "title": schema["title"] + "Form", "properties": properties}
