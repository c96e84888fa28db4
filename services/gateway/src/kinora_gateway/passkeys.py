"""Schemas of passkeys. Options and credentials are the JSON that browsers take and give (WebAuthn level 3)."""

import json
from typing import Annotated, Any, Literal

from kinora.identity.v1.passkey_service_pb2 import Passkey as PasskeyMessage
from pydantic import Field

from kinora_gateway.entry import Wanted
from kinora_gateway.schemas import Answer, Timestamp


class NewPasskey(Wanted):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    credential: dict[str, Any] = Field(description="What `navigator.credentials.create()` gave, by `toJSON()`.")


class PasskeySignIn(Wanted):
    credential: dict[str, Any] = Field(description="What `navigator.credentials.get()` gave, by `toJSON()`.")


class PasskeyOptions(Answer):
    object: Literal["passkey.options"] = "passkey.options"
    options: dict[str, Any] = Field(description="For `navigator.credentials`, by `PublicKeyCredential.parse…OptionsFromJSON()`.")


class Passkey(Answer):
    id: str
    object: Literal["passkey"] = "passkey"
    name: str
    created_at: Timestamp
    last_used_at: Timestamp | None


class PasskeyList(Answer):
    object: Literal["list"] = "list"
    data: list[Passkey]


def options(options_json: str) -> PasskeyOptions:
    return PasskeyOptions(options=json.loads(options_json))


def passkey(message: PasskeyMessage) -> Passkey:
    return Passkey(id=message.id, name=message.name, created_at=message.created_at, last_used_at=message.last_used_at or None)
