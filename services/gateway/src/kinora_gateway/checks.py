"""Schemas of look-ups, and files that are handed in for one."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import uuid4

from kinora.cameo.v1.cameo_service_pb2 import VideoConsent
from kinora.provenance.v1 import check_service_pb2 as pb
from pydantic import BaseModel, ConfigDict, Field

from kinora_gateway.clips import Clip
from kinora_gateway.errors import ApiError, renamed
from kinora_gateway.schemas import Answer, Timestamp
from kinora_gateway.session import Session

Outcome = Literal["detected", "not_detected"]
GeneratedAt = Annotated[str | None, Field(description="RFC 3339, UTC: when it was made.")]
_OUTCOMES: dict[int, Outcome] = {pb.OUTCOME_DETECTED: "detected", pb.OUTCOME_NOT_DETECTED: "not_detected"}
_VERDICTS: dict[int, Literal["unchanged", "marked", "alike", "transplanted"]] = {
    pb.VERDICT_UNCHANGED: "unchanged",
    pb.VERDICT_MARKED: "marked",
    pb.VERDICT_ALIKE: "alike",
    pb.VERDICT_TRANSPLANTED: "transplanted",
}
_CONSENTS: dict[int, Literal["given", "withdrawn", "removed"]] = {
    VideoConsent.STATE_GIVEN: "given",
    VideoConsent.STATE_WITHDRAWN: "withdrawn",
    VideoConsent.STATE_REMOVED: "removed",
}
_STATUS = {"too_large": 413, "unknown_kind": 415}


class CheckWanted(BaseModel):
    model_config = ConfigDict(extra="forbid")

    thorough: bool = Field(default=False, description="Look for pictures that were turned, tilted or stretched too: slower.")


class NewCredit(BaseModel):
    model_config = ConfigDict(extra="forbid")

    named: bool


class Credit(Answer):
    object: Literal["credit"] = "credit"
    named: bool = Field(description="Whether one's handle is named in exports and look-ups. Without a choice: of adults, not of the young.")


class Consent(Answer):
    handle: str = Field(description="Of the likeness, as the video's receipt says; empty once its owner is erased.")
    state: Literal["given", "withdrawn", "removed"] = Field(description="As it stands now.")


class Ancestor(Answer):
    video_id: str | None
    made_at: Timestamp | None
    maker: str | None
    deleted: bool


class Film(Answer):
    """What may be told of a film to anybody."""

    object: Literal["film"] = "film"
    video_id: str | None = Field(description="Null once its maker is erased.")
    made_at: Timestamp
    engine: str
    engine_version: str
    ai_label: str = Field(description="In one sentence: it is synthetic, and how.")
    trained: bool = Field(description="True when a trained model made the pixels, false for a simulator. Synthetic either way.")
    maker: str | None = Field(description="A handle, where the maker lets themselves be named.")
    deleted: bool
    lineage: list[Ancestor] = Field(description="What it was remixed from, nearest first.")
    consents: list[Consent]
    manifest_label: str | None = Field(description="For GET /c2pa/manifests/{id}; null once it was deleted.")


class Match(Answer):
    verdict: Literal["unchanged", "marked", "alike", "transplanted"]
    explanation: str
    film: Film


class C2paResult(Answer):
    """The first six keys are those of OpenAI's object."""

    type: Literal["c2pa"] = "c2pa"
    outcome: Outcome = Field(description="detected: a manifest that this Kinora signed, and nothing was changed since.")
    validation_state: Literal["trusted", "valid", "invalid", "not_present"]
    issuer: str | None
    model: str | None
    generated_at: GeneratedAt
    manifest_label: str | None
    video_id: str | None
    problem: str | None


class Segment(Answer):
    start_s: float
    end_s: float
    video_id: str | None
    score: float = Field(description="In standard deviations beyond chance.")


class MarkResult(Answer):
    type: Literal["kinora_picture_mark", "kinora_sound_mark"]
    outcome: Outcome
    model: str | None
    generated_at: GeneratedAt
    video_id: str | None
    segments: list[Segment] = Field(description="Which seconds carry the mark.")
    changes: list[str] = Field(description="How it was changed, in words.")
    false_positive_bound: float = Field(description="At most so likely is it that any unmarked file is taken for a marked one.")


class PrintMatch(Answer):
    video_id: str
    model: str
    generated_at: GeneratedAt
    picture_share: float = Field(description="Of the file's pictures, 0 to 1.")
    sound_share: float
    distance: float = Field(description="Mean Hamming distance of the pictures that match, of 256 bits.")
    turned: bool


class PrintResult(Answer):
    type: Literal["kinora_fingerprint"] = "kinora_fingerprint"
    outcome: Outcome
    matches: list[PrintMatch]


class ContentProvenanceCheck(Answer):
    """`object`, `created_at` and `results` are those of OpenAI's object; results of other types than c2pa are ours."""

    object: Literal["content_provenance_check"] = "content_provenance_check"
    created_at: Timestamp
    results: list[Annotated[C2paResult | MarkResult | PrintResult, Field(discriminator="type")]]
    matches: list[Match] = Field(description="Films that the file is or was made from, best first.")
    summary: str = Field(description="What it all comes to, and what finding nothing does not mean.")
    kind: Literal["video", "image", "audio"]
    duration_s: float


@asynccontextmanager
async def handed_in(session: Session, clip: Clip) -> AsyncGenerator[str, None]:
    """The key under which the file lies meanwhile; what the service refuses about it names the client's field."""
    key, media = f"checks/{uuid4().hex}", session.gateway.media
    await media.put(key, clip.path, content_type=clip.content_type)
    try:
        with renamed(content_key=clip.param):
            yield key
    except ApiError as refused:
        refused.status = _STATUS.get(refused.code, refused.status)
        raise
    finally:
        await media.delete(key)


def check(found: pb.Check) -> ContentProvenanceCheck:
    marks = [*_mark("kinora_picture_mark", found.picture_mark), *_mark("kinora_sound_mark", found.sound_mark)]
    return ContentProvenanceCheck(
        created_at=found.checked_at,
        results=[*_c2pa(found.c2pa), *marks, *_prints(found.prints)],
        matches=[Match(verdict=_VERDICTS[each.verdict], explanation=each.explanation, film=film(each.record)) for each in found.matches],
        summary=found.summary,
        kind=found.kind,
        duration_s=found.duration_s,
    )


def film(record: pb.Record) -> Film:
    return Film(
        video_id=record.video_id or None,
        made_at=record.made_at,
        engine=record.engine,
        engine_version=record.engine_version,
        ai_label=_label(record),
        trained=record.trained,
        maker=record.maker_handle or None,
        deleted=record.deleted,
        lineage=[_ancestor(each) for each in record.lineage],
        consents=[Consent(handle=each.handle, state=_CONSENTS[each.state]) for each in record.consents],
        manifest_label=record.manifest_label or None,
    )


def prints(found: pb.PrintMatch) -> PrintMatch:
    return PrintMatch(
        video_id=found.video_id,
        model=found.model,
        generated_at=_time(found.generated_at),
        picture_share=found.picture_share,
        sound_share=found.sound_share,
        distance=found.distance,
        turned=found.turned,
    )


def _label(record: pb.Record) -> str:
    how = "a trained model made its pictures" if record.trained else "a simulator drew its pictures from words"
    return f"AI-generated: nothing in it was filmed; {how}."


def _ancestor(found: pb.Ancestor) -> Ancestor:
    return Ancestor(video_id=found.video_id or None, made_at=found.made_at or None, maker=found.maker_handle or None, deleted=found.deleted)


def _c2pa(found: pb.C2paSignal) -> list[C2paResult]:
    if found.outcome not in _OUTCOMES:
        return []
    result = C2paResult(
        outcome=_OUTCOMES[found.outcome],
        validation_state=found.validation_state,
        issuer=found.issuer or None,
        model=found.model or None,
        generated_at=_time(found.generated_at),
        manifest_label=found.manifest_label or None,
        video_id=found.video_id or None,
        problem=found.problem or None,
    )
    return [result]


def _mark(name: Literal["kinora_picture_mark", "kinora_sound_mark"], found: pb.MarkSignal) -> list[MarkResult]:
    if found.outcome not in _OUTCOMES:
        return []
    segments = [Segment(start_s=s.start_s, end_s=s.end_s, video_id=s.video_id or None, score=s.score) for s in found.segments]
    result = MarkResult(
        type=name,
        outcome=_OUTCOMES[found.outcome],
        model=found.model or None,
        generated_at=_time(found.generated_at),
        video_id=found.video_id or None,
        segments=segments,
        changes=list(found.changes),
        false_positive_bound=found.false_positive_bound,
    )
    return [result]


def _prints(found: pb.PrintSignal) -> list[PrintResult]:
    if found.outcome not in _OUTCOMES:
        return []
    return [PrintResult(outcome=_OUTCOMES[found.outcome], matches=[prints(each) for each in found.matches])]


def _time(seconds: int) -> str | None:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z") if seconds else None
