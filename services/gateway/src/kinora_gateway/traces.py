"""Schemas of traces."""

from typing import Annotated, Literal

from kinora.provenance.v1 import check_service_pb2 as pb
from pydantic import BaseModel, ConfigDict, Field

from kinora_gateway import checks, views
from kinora_gateway.checks import ContentProvenanceCheck, Film, PrintMatch
from kinora_gateway.schemas import Answer, Video

Reason = Annotated[str, Field(min_length=3, max_length=500, description="Why; kept in the audit log.")]
Wanted = Annotated[str, Field(pattern=r"^video_[0-9a-f]{32}$")]


class TraceWanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason
    video_id: Wanted | None = Field(default=None, description="In place of a file.")


class ClipReason(BaseModel):
    model_config = ConfigDict(extra="forbid")

    reason: Reason


class CopiesWanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    video_id: Wanted
    reason: Reason


class Traced(Answer):
    film: Film
    account_id: str | None = Field(description="Null once the maker is erased.")
    handle: str | None = Field(description="Whether or not they let themselves be named.")
    attempt_id: str | None
    video: Video | None = Field(description="The job, with prompt and seed; null when it was deleted.")
    storyboard: str | None = Field(description="Its JSON.")


class Trace(Answer):
    object: Literal["trace"] = "trace"
    check: ContentProvenanceCheck | None = Field(description="What the file was found to be; null when a video was named.")
    data: list[Traced] = Field(description="Best first.")


class CopyList(Answer):
    object: Literal["list"] = "list"
    data: list[PrintMatch]


def trace(found: pb.TraceResponse) -> Trace:
    return Trace(check=checks.check(found.check) if found.HasField("check") else None, data=[_traced(each) for each in found.traced])


def _traced(found: pb.Traced) -> Traced:
    there = found.HasField("video")
    return Traced(
        film=checks.film(found.record),
        account_id=found.account_id or None,
        handle=found.handle or None,
        attempt_id=found.attempt_id or None,
        video=views.video(found.video) if there else None,
        storyboard=found.video.storyboard_json or None,
    )
