"""OpenAI's characters: pets and objects from a clip alone, and whatever cameos the caller may use."""

import re
import unicodedata
from typing import Annotated, Literal

from kinora.cameo.v1 import cameo_service_pb2 as pb
from pydantic import BeforeValidator, Field

from kinora_gateway.cameos import KINDS, KindName
from kinora_gateway.entry import Wanted
from kinora_gateway.schemas import Answer, Timestamp
from kinora_gateway.things import Cut, ThingKind

WHOLE = Cut(box=(0.04, 0.04, 0.96, 0.96))
"""Nobody draws a box: what is in the middle is meant, and the rim is background."""
_MOST = 20


def _plain(value: object) -> object:
    """As handles are written: "Rex, the 2nd" is rex_the_2nd."""
    if not isinstance(value, str):
        return value
    letters = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:_MOST].strip("_")
    if not plain:
        raise ValueError("it needs at least one letter of a to z or digit, since the handle is made of it")
    return plain


class NewCharacter(Wanted):
    """Beside the file."""

    name: Annotated[str, BeforeValidator(_plain)] = Field(description="Made into a handle: up to 20 of a-z, 0-9 and _.")
    kind: ThingKind = Field(default="object", description="Not of OpenAI's API.")


class Character(Answer):
    """The first three are OpenAI's."""

    id: str
    created_at: Timestamp
    name: str
    object: Literal["character"] = "character"
    handle: str = Field(description="How prompts may name it.")
    kind: KindName
    mine: bool


def made(message: pb.Cameo) -> Character:
    return _character(message.id, message.enrolled_at, message.handle, message.kind, mine=True)


def found(message: pb.FindCameoResponse) -> Character:
    return _character(message.cameo_id, message.enrolled_at, message.handle, message.kind, mine=message.mine)


def _character(cameo_id: str, at: int, handle: str, kind: pb.CameoKind.ValueType, *, mine: bool) -> Character:
    name = handle.removeprefix("@").rpartition(".")[2]
    return Character(id=cameo_id, created_at=at, name=name, handle=handle, kind=KINDS[kind], mine=mine)
