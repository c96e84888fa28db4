"""Schemas of the way in: the door, sign-up, the waitlist and invites."""

from typing import Annotated, Literal

from kinora.identity.v1.entry_service_pb2 import DoorMode
from kinora.identity.v1.entry_service_pb2 import Invite as InviteMessage
from pydantic import BaseModel, ConfigDict, Field

from kinora_gateway.schemas import Answer, Timestamp

Mode = Literal["invite", "open", "closed"]
MODES: dict[Mode, DoorMode.ValueType] = {
    "invite": DoorMode.DOOR_MODE_INVITE,
    "open": DoorMode.DOOR_MODE_OPEN,
    "closed": DoorMode.DOOR_MODE_CLOSED,
}
Email = Annotated[str, Field(max_length=254)]
Token = Annotated[str, Field(min_length=1, max_length=200)]
Count = Annotated[int, Field(ge=1, le=1000)]


class Wanted(BaseModel):
    model_config = ConfigDict(extra="forbid")


class DoorSetting(Wanted):
    mode: Mode


class NewSignUp(Wanted):
    handle: Annotated[str, Field(pattern=r"^[a-z0-9_]{3,30}$")]
    display_name: Annotated[str, Field(max_length=80)] = ""
    birth_date: Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="At least 13 years ago. Others learn the age band alone.")]
    email: Email
    password: Annotated[str, Field(min_length=8, max_length=128)]
    invite_code: Annotated[str, Field(max_length=40)] = ""


class Confirmation(Wanted):
    token: Token = Field(description="From the mail.")


class WaitlistEntry(Wanted):
    email: Email


class Ticket(Wanted):
    ticket: Token = Field(description="From the mail.")


class Admission(Wanted):
    count: Count


class InviteGrant(Wanted):
    count: Count
    account_id: Annotated[str, Field(max_length=80)] | None = Field(default=None, description="Whose they will be; one's own when absent.")


class Door(Answer):
    object: Literal["door"] = "door"
    mode: Mode = Field(description="Who may sign up: those with an invite, everybody, or nobody.")


class MailSent(Answer):
    """The same whether or not the address has an account or waits already."""

    object: Literal["mail"] = "mail"
    message: str


class Place(Answer):
    object: Literal["waitlist.place"] = "waitlist.place"
    position: int = Field(description="1 is next; 0 once an invite was mailed.")
    waiting: int


class Admitted(Answer):
    object: Literal["waitlist.admission"] = "waitlist.admission"
    admitted: int


class Invite(Answer):
    code: str
    object: Literal["invite"] = "invite"
    created_at: Timestamp
    used_at: Timestamp | None
    used_by: str | None = Field(description="The handle of who came by it.")


class InviteList(Answer):
    object: Literal["list"] = "list"
    data: list[Invite]
    invited_by: str | None = Field(description="The handle of who invited this account.")


def door(mode: "DoorMode.ValueType") -> Door:
    return Door(mode=next(name for name, number in MODES.items() if number == mode))


def invite(message: InviteMessage) -> Invite:
    return Invite(code=message.code, created_at=message.created_at, used_at=message.used_at or None, used_by=message.used_by or None)
