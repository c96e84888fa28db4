"""Schemas of enrolment: one's own person, pets and objects."""

import base64
from typing import Annotated, Literal

from kinora.cameo.v1 import cameo_service_pb2 as pb
from pydantic import Field, model_validator

from kinora_gateway.entry import Wanted
from kinora_gateway.schemas import Answer

ThingKind = Literal["pet", "object"]
KINDS: dict[ThingKind, pb.CameoKind.ValueType] = {"pet": pb.CAMEO_KIND_PET, "object": pb.CAMEO_KIND_OBJECT}
MAX_POINTS = 2000
Share = Annotated[float, Field(ge=0, le=1)]
Place = Annotated[
    tuple[Share, Share], Field(description="A place in the still, as shares of its width and height: [0.5, 0.5] is the middle.")
]
Stroke = Annotated[list[Place], Field(min_length=1, max_length=MAX_POINTS)]
Strokes = Annotated[list[Stroke], Field(max_length=MAX_POINTS)]
Box = Annotated[tuple[Share, Share, Share, Share], Field(description="Left, top, right and bottom of the box around it.")]


class NewPerson(Wanted):
    session_id: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        description="An approved liveness session; it gives one likeness."
    )
    voice: bool = Field(default=False, description="Whether the person consents to their voice being taken too.")


class NewThing(Wanted):
    """Beside the file."""

    kind: ThingKind = "object"


class Cut(Wanted):
    """What a person drew on the still."""

    box: Box
    keep: Strokes = Field(default=[], description="Lines over what belongs to it; 2,000 points in all lines at most.")
    remove: Strokes = Field(default=[], description="Lines over what does not.")
    breadth: Annotated[float, Field(gt=0, le=0.5)] | None = Field(
        default=None, description="Of the brush, as a share of the width; 0.02 when absent."
    )
    at_s: Annotated[float, Field(ge=0, le=3600)] | None = Field(default=None, description="The moment of a clip; its middle when absent.")

    @model_validator(mode="after")
    def _drawn(self) -> "Cut":
        left, top, right, bottom = self.box
        if left >= right or top >= bottom:
            raise ValueError("the box must have its left before its right, and its top above its bottom")
        if sum(len(stroke) for stroke in self.keep + self.remove) > MAX_POINTS:
            raise ValueError(f"keep and remove may have {MAX_POINTS} points in all")
        return self


class Name(Wanted):
    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,20}$")] = Field(description="What it is called in its handle, @you.name.")


class Thing(Answer):
    """A pet or object in the making; forgotten after 24 hours unless it is enrolled."""

    id: str
    object: Literal["cameo.thing"] = "cameo.thing"
    picture: str = Field(description="The still to draw on, a JPEG as a data URL: a clip's middle.")
    seconds: float = Field(description="How long the clip is; 0 for a picture.")


class CutOut(Answer):
    object: Literal["cameo.cut"] = "cameo.cut"
    picture: str = Field(description="The thing on nothing, a PNG as a data URL.")
    colours: list[str] = Field(description="#rrggbb, the most frequent first.")


def thing(message: pb.StartThingResponse) -> Thing:
    return Thing(id=message.thing_id, picture=_data_url("image/jpeg", message.jpeg), seconds=message.seconds)


def cut_out(message: pb.CutThingResponse) -> CutOut:
    return CutOut(picture=_data_url("image/png", message.png), colours=list(message.colours))


def cut(thing_id: str, wanted: Cut) -> pb.CutThingRequest:
    left, top, right, bottom = wanted.box
    message = pb.CutThingRequest(
        thing_id=thing_id, to=pb.Point(x=right, y=bottom), keep=map(_stroke, wanted.keep), remove=map(_stroke, wanted.remove),
        breadth=wanted.breadth or 0, at_s=wanted.at_s,
    )  # fmt: skip
    getattr(message, "from").CopyFrom(pb.Point(x=left, y=top))  # a word of Python's
    return message


def _stroke(places: list[tuple[float, float]]) -> pb.Stroke:
    return pb.Stroke(points=[pb.Point(x=x, y=y) for x, y in places])


def _data_url(content_type: str, data: bytes) -> str:
    return f"data:{content_type};base64,{base64.b64encode(data).decode()}"
