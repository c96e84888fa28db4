"""What the API answers, as OpenAPI shows it. Our additions stand behind the keys of the OpenAI video object."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Timestamp = Annotated[int, Field(description="Unix seconds.")]


class Answer(BaseModel):
    """Every key is always there, constants included."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class VideoError(Answer):
    code: str
    message: str


class Video(Answer):
    """A video job. The first thirteen keys are those of OpenAI's video object and are always there."""

    id: str
    object: Literal["video"] = "video"
    model: str
    status: Literal["queued", "in_progress", "completed", "failed"]
    progress: Annotated[int, Field(ge=0, le=100)]
    created_at: Timestamp
    completed_at: Timestamp | None
    expires_at: Timestamp | None
    prompt: str | None
    size: str
    seconds: str
    remixed_from_video_id: str | None
    error: VideoError | None
    stage: str = Field(description="What is being done, for people.")
    notes: list[str] = Field(description="What was understood, approximated, and could not be staged, one sentence each.")
    seed: int = Field(description="Reproduces the video together with the prompt.")
    negative_prompt: str | None
    queue_position: int = Field(description="Jobs ahead; 0 once it runs.")
    eta_seconds: int = Field(description="Estimated seconds until it is finished; 0 when it has ended.")
    attempts: int = Field(description="How often an engine was asked.")
    passes: list[str] = Field(description="What was asked to be made beside the picture; variants of its content.")
    variants: list[str] = Field(description="Ids of the other variants; only in the answer to the request that asked for them.")


class VideoList(Answer):
    object: Literal["list"] = "list"
    data: list[Video]
    first_id: str | None
    last_id: str | None
    has_more: bool


class VideoDeleted(Answer):
    id: str
    object: Literal["video.deleted"] = "video.deleted"
    deleted: Literal[True] = True


class StoryboardDraft(Answer):
    object: Literal["storyboard.draft"] = "storyboard.draft"
    storyboard: dict[str, Any]
    notes: list[str]
    engine_seconds: float = Field(description="Estimated time on an engine.")


class Provenance(Answer):
    """The C2PA signature of a finished video."""

    object: Literal["video.provenance"] = "video.provenance"
    video_id: str
    manifest_label: str
    validation_state: str = Field(description="Trusted, Valid or Invalid, by this Kinora's own trust list.")
    signer: str
    development: bool = Field(description="True while the signer is the development CA, which proves nothing to outsiders.")
    sealed_at: Timestamp
    sha256: str = Field(description="Of the signed MP4, hex.")
    manifest: str | None = Field(description="The C2PA manifest store in base64, when asked for with include=manifest.")


class Model(Answer):
    id: str
    object: Literal["model"] = "model"
    created: Timestamp
    owned_by: Literal["kinora"] = "kinora"
    description: str
    aliases: list[str]
    sizes: list[str]
    seconds: list[str]
    styles: list[str]
    trained: bool = Field(description="True when a trained model makes the pixels.")
    passes: list[str] = Field(description="What it can make beside the picture.")
    first_frame: bool = Field(description="True when input_reference is understood.")


class ModelList(Answer):
    object: Literal["list"] = "list"
    data: list[Model]


class ErrorDetail(Answer):
    message: str
    type: Literal["invalid_request_error", "rate_limit_error", "server_error"]
    param: str | None
    code: str


class ErrorBody(Answer):
    error: ErrorDetail
