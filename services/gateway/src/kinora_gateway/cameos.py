"""Schemas of cameos and consent."""

from collections.abc import Mapping
from typing import Annotated, Literal

from kinora.cameo.v1 import cameo_service_pb2 as pb
from pydantic import BaseModel, ConfigDict, Field

from kinora_gateway.schemas import Answer, Timestamp

AudienceName = Literal["only_me", "approved", "mutuals", "everyone"]
KindName = Literal["person", "pet", "object"]
UseStateName = Literal["queued", "in_progress", "completed", "ending"]
_AUDIENCES: dict[pb.Audience.ValueType, AudienceName] = {
    pb.AUDIENCE_ONLY_ME: "only_me",
    pb.AUDIENCE_APPROVED: "approved",
    pb.AUDIENCE_MUTUALS: "mutuals",
    pb.AUDIENCE_EVERYONE: "everyone",
}
AUDIENCES = {name: audience for audience, name in _AUDIENCES.items()}
KINDS: dict[pb.CameoKind.ValueType, KindName] = {pb.CAMEO_KIND_PERSON: "person", pb.CAMEO_KIND_PET: "pet", pb.CAMEO_KIND_OBJECT: "object"}
_STATES: dict[pb.UseState.ValueType, UseStateName] = {
    pb.USE_STATE_QUEUED: "queued",
    pb.USE_STATE_IN_PROGRESS: "in_progress",
    pb.USE_STATE_COMPLETED: "completed",
    pb.USE_STATE_ENDING: "ending",
}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ConsentChange(_Body):
    """What is absent stays."""

    audience: AudienceName | None = Field(default=None, description="Who may use it; each includes the one before.")
    strict: bool | None = Field(default=None, description="Nobody puts words into its mouth, and no other owner's cameo stands beside it.")
    limits: list[str] | None = Field(default=None, max_length=10, description="Limits in words, in place of those before.")


class Decision(_Body):
    approved: bool = Field(description="False refuses the person under every setting.")


class Report(_Body):
    text: Annotated[str, Field(min_length=1, max_length=2000)] = Field(description="What is wrong.")


class UseListing(_Body):
    """The query of the list of uses."""

    after: str | None = Field(default=None, pattern=r"^video_[0-9a-f]{32}$", description="Start behind this video.")
    limit: Annotated[int, Field(ge=1, le=100)] = 20


class Withdrawal(_Body):
    """The query of a withdrawal."""

    remove_videos: bool = Field(default=False, description="Finished videos with it are deleted too.")


class Cameo(Answer):
    id: str
    object: Literal["cameo"] = "cameo"
    handle: str | None = Field(description="How it is named in prompts; null once withdrawn.")
    kind: KindName
    audience: AudienceName
    only_me_until: Timestamp = Field(description="Until then nobody else may use it, whatever is set.")
    strict: bool
    limits: list[str]
    enrolled_at: Timestamp
    withdrawn_at: Timestamp | None
    notes: list[str] = Field(description="Where a setting does not mean what it says, or not yet.")


class CameoList(Answer):
    object: Literal["list"] = "list"
    data: list[Cameo]


class WithdrawnCameo(Answer):
    object: Literal["cameo.withdrawn"] = "cameo.withdrawn"
    cameo: Cameo
    videos_removed: int


class FoundCameo(Answer):
    """A cameo that the caller may use."""

    id: str
    object: Literal["cameo.found"] = "cameo.found"
    handle: str
    kind: KindName
    mine: bool


class Person(Answer):
    object: Literal["cameo.person"] = "cameo.person"
    account_id: str
    handle: str | None = Field(description="With its @; null where the account is no more.")
    approved: bool
    decided_at: Timestamp


class PersonList(Answer):
    object: Literal["list"] = "list"
    data: list[Person]


class Use(Answer):
    """A video with the likeness, whoever makes it."""

    object: Literal["cameo.use"] = "cameo.use"
    video_id: str
    account_id: str = Field(description="Who makes it.")
    handle: str | None = Field(description="Theirs, with its @; null where the account is no more.")
    state: UseStateName
    used_at: Timestamp
    speaks: bool
    receipt: str | None = Field(description="The signed consent receipt, a compact JWS.")


class UseList(Answer):
    object: Literal["list"] = "list"
    data: list[Use]
    has_more: bool


class UseRemoved(Answer):
    object: Literal["cameo.use.removed"] = "cameo.use.removed"
    video_id: str
    removed: Literal[True] = True


class Reported(Answer):
    id: str
    object: Literal["report"] = "report"


def cameo(message: pb.Cameo) -> Cameo:
    return Cameo(
        id=message.id, handle=message.handle or None, kind=KINDS[message.kind], audience=_AUDIENCES[message.audience],
        only_me_until=message.only_me_until, strict=message.strict, limits=list(message.limits), enrolled_at=message.enrolled_at,
        withdrawn_at=message.withdrawn_at or None, notes=list(message.notes),
    )  # fmt: skip


def found(message: pb.FindCameoResponse) -> FoundCameo:
    return FoundCameo(id=message.cameo_id, handle=message.handle, kind=KINDS[message.kind], mine=message.mine)


def person(message: pb.Person, handles: Mapping[str, str]) -> Person:
    """`handles` by account."""
    return Person(
        account_id=message.account_id, handle=handles.get(message.account_id), approved=message.approved, decided_at=message.decided_at
    )


def use(message: pb.Use, handles: Mapping[str, str]) -> Use:
    """`handles` by account."""
    return Use(
        video_id=message.video_id, account_id=message.user_account_id, handle=handles.get(message.user_account_id),
        state=_STATES[message.state], used_at=message.used_at, speaks=message.speaks, receipt=message.receipt or None,
    )  # fmt: skip
