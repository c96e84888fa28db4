"""What the API answers, as OpenAPI shows it. Our additions stand behind the keys of the OpenAI video object."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Timestamp = Annotated[int, Field(description="Unix seconds.")]
Unit = Literal["cpu_second", "gpu_second"]


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
    unit: Unit = Field(description="What its engine seconds are of.")
    estimated_engine_seconds: float = Field(description="What it was estimated at, and reserves until it has ended.")
    engine_seconds: float | None = Field(description="What it took.")
    ai_act_label: str = Field(description="What viewers must be told (EU AI Act, Article 50).")
    full_size: str | None = Field(description="Of a draft: the size that /finish makes of it.")
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
    unit: Unit = Field(description="What these seconds are of.")


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


class Conditioning(Answer):
    """What else than words an engine can be given, and asked to do."""

    first_frame: bool = Field(description="input_reference: to open on a picture.")
    last_frame: bool
    keyframes: int = Field(description="At most so many pictures to pass through.")
    remix: bool = Field(description="Finished videos can be changed.")
    extend: bool = Field(description="Finished videos can go on.")
    finish: bool = Field(description="Drafts can be made in full size as they were.")
    characters: int = Field(description="At most so many likenesses.")
    negative_prompt: bool
    loop: bool


class SizeCost(Answer):
    size: str
    engine_seconds_per_second: float = Field(description="Of one second of film, in the model's unit, as measured lately.")


class Licence(Answer):
    """Under which terms the weights may be used."""

    id: str
    name: str
    url: str
    terms: list[str] = Field(description="What it asks and forbids, one sentence each.")


class Model(Answer):
    """An engine that can be asked. The first four keys are those of OpenAI's model object."""

    id: str
    object: Literal["model"] = "model"
    created: Timestamp
    owned_by: Literal["kinora"] = "kinora"
    description: str
    aliases: list[str]
    ready: bool = Field(description="False while no engine answers; what is asked of it then waits.")
    engine: str
    engine_version: str = Field(description="Empty until a running engine has told it.")
    sizes: list[str] = Field(description="The usual one first.")
    seconds: list[str]
    longest_shot_s: float
    fps: int
    styles: list[str]
    trained: bool = Field(description="True when a trained model makes the pixels.")
    passes: list[str] = Field(description="What it can make beside the picture.")
    first_frame: bool = Field(description="True when input_reference is understood.")
    conditioning: Conditioning
    sound: bool = Field(description="It makes the sound with the picture.")
    guidance: list[str]
    loras: list[str]
    unit: Unit = Field(description="What an engine second is a second of.")
    costs: list[SizeCost]
    licence: Licence
    ai_act_label: str = Field(description="What viewers must be told (EU AI Act, Article 50).")
    notes: list[str] = Field(description="What to know of it, e.g. that its weights are random and all it makes is noise.")


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
