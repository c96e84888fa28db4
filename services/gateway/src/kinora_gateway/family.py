"""Schemas of families."""

from typing import Annotated, Literal

from kinora.identity.v1 import family_service_pb2 as pb
from pydantic import Field

from kinora_gateway.entry import Wanted
from kinora_gateway.schemas import Answer

Minutes = Annotated[int, Field(ge=0, le=1440)]
TimeOfDay = Annotated[int, Field(ge=0, le=1439, description="Minutes from midnight, where the person is.")]


class ParentAsked(Wanted):
    handle: Annotated[str, Field(pattern=r"^[a-z0-9_]{3,30}$")]


class ChildAnswered(Wanted):
    accept: bool


class NewSwitches(Wanted):
    infinite_scroll: bool
    stop_after_minutes: Minutes
    cool_down_minutes: Minutes
    quiet_from: TimeOfDay
    quiet_until: TimeOfDay


class Switches(Answer):
    """What guards the time of young people."""

    object: Literal["switches"] = "switches"
    infinite_scroll: bool = Field(description="Whether the feed goes on without end.")
    stop_after_minutes: int = Field(description="Minutes of watching after which a pause comes; 0: never.")
    cool_down_minutes: int = Field(description="Minutes of that pause.")
    quiet_from: int = Field(description="When the quiet hours begin, in minutes from midnight; equal to the end: none.")
    quiet_until: int


class Relative(Answer):
    account_id: str
    handle: str
    linked: bool = Field(description="Whether the adult has accepted.")


class Family(Answer):
    object: Literal["family"] = "family"
    parents: list[Relative]
    children: list[Relative]


def switches(message: pb.Switches) -> Switches:
    return Switches(
        infinite_scroll=message.infinite_scroll, stop_after_minutes=message.stop_after_minutes,
        cool_down_minutes=message.cool_down_minutes, quiet_from=message.quiet_from, quiet_until=message.quiet_until,
    )  # fmt: skip


def family(message: pb.ListFamilyResponse) -> Family:
    return Family(parents=[_relative(each) for each in message.parents], children=[_relative(each) for each in message.children])


def _relative(message: pb.Relative) -> Relative:
    return Relative(account_id=message.account_id, handle=message.handle, linked=message.linked)
