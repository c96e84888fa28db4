"""Schemas of liveness sessions and their reviews."""

from typing import Annotated, Literal

from kinora.identity.v1 import liveness_service_pb2 as pb
from pydantic import Field, model_validator

from kinora_gateway.entry import Wanted
from kinora_gateway.schemas import Answer, Timestamp

StateName = Literal["created", "capturing", "analysing", "approved", "retry", "review", "declined", "expired", "used"]
_STATES: dict[pb.LivenessState.ValueType, StateName] = {
    pb.LIVENESS_STATE_CREATED: "created",
    pb.LIVENESS_STATE_CAPTURING: "capturing",
    pb.LIVENESS_STATE_ANALYSING: "analysing",
    pb.LIVENESS_STATE_APPROVED: "approved",
    pb.LIVENESS_STATE_RETRY: "retry",
    pb.LIVENESS_STATE_REVIEW: "review",
    pb.LIVENESS_STATE_DECLINED: "declined",
    pb.LIVENESS_STATE_EXPIRED: "expired",
    pb.LIVENESS_STATE_USED: "used",
}
TypedWord = Annotated[str, Field(min_length=1, max_length=80)]


class NeedsWanted(Wanted):
    """What a person asks for; every check that still applies stays as strict."""

    cannot_turn: bool = Field(default=False, description="Moves of the face and a lean instead of turns of the head.")
    cannot_speak: bool = Field(default=False, description="The words are typed; then a moderator looks too.")
    slow: bool = Field(default=False, description="Twice the time for everything.")
    spoken: bool = Field(default=False, description="The client also reads the prompts out.")


class NewLiveness(Wanted):
    language: Annotated[str, Field(max_length=35)] = Field(default="", description="BCP 47, of the words to say; English when empty.")
    needs: NeedsWanted = NeedsWanted()


class ReviewDecision(Wanted):
    approved: bool
    note: Annotated[str, Field(max_length=500)] = Field(default="", description="For the person and the audit log; needed to decline.")

    @model_validator(mode="after")
    def _reasoned(self) -> "ReviewDecision":
        if not self.approved and not self.note.strip():
            raise ValueError("a note is needed to decline: it tells the person why")
        return self


class TypedWords(Wanted):
    """The query of an uploaded clip."""

    typed: Annotated[list[TypedWord], Field(max_length=20)] = Field(
        default=[], description="The words as typed, where the person cannot speak; once for each word."
    )


class Needs(Answer):
    cannot_turn: bool
    cannot_speak: bool
    slow: bool
    spoken: bool


class Reason(Answer):
    code: str
    advice: str = Field(description="What a person can do about it.")


class Liveness(Answer):
    """Whether the person of the account is before the camera."""

    id: str
    object: Literal["liveness"] = "liveness"
    state: StateName
    expires_at: Timestamp | None = Field(description="Until when the capture, or the use of an approved session, must have happened.")
    reasons: list[Reason] = Field(description="Why it was not approved; never a score.")
    tries_left: int = Field(description="Further sessions that may come to nothing before a pause.")
    created_at: Timestamp
    language: str
    needs: Needs
    upload_allowed: bool = Field(description="Whether a clip may be uploaded instead of captured live.")


class Prompt(Answer):
    """One thing to do, told when it is due."""

    number: int = Field(description="Counts from 0.")
    of: int
    text: str
    word: str | None = Field(description="The word to say; null for a move.")
    move: str | None = Field(description="The move, from the person's own side; null for a word.")


class ReviewedPrompt(Answer):
    text: str
    at_s: float = Field(description="Seconds after the capture began.")


class Review(Answer):
    object: Literal["liveness.review"] = "liveness.review"
    account_id: str
    session: Liveness
    remarks: list[str]
    prompts: list[ReviewedPrompt]
    typed: list[str]


class ReviewList(Answer):
    object: Literal["list"] = "list"
    data: list[Review]


def session(message: pb.LivenessSession) -> Liveness:
    return Liveness(
        id=message.id, state=_STATES[message.state], expires_at=message.expires_at or None, tries_left=message.tries_left,
        reasons=[Reason(code=reason.code, advice=reason.advice) for reason in message.reasons], created_at=message.created_at,
        language=message.language, upload_allowed=message.upload_allowed,
        needs=Needs(
            cannot_turn=message.needs.cannot_turn, cannot_speak=message.needs.cannot_speak,
            slow=message.needs.slow, spoken=message.needs.spoken,
        ),
    )  # fmt: skip


def prompt(message: pb.Prompt) -> Prompt:
    return Prompt(number=message.number, of=message.of, text=message.text, word=message.word or None, move=message.move or None)


def review(message: pb.LivenessReview) -> Review:
    return Review(
        account_id=message.session.account_id, session=session(message.session), remarks=list(message.remarks), typed=list(message.typed),
        prompts=[ReviewedPrompt(text=each.text, at_s=each.at_s) for each in message.prompts],
    )  # fmt: skip
