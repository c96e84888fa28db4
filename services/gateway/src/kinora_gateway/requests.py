"""The bodies of requests about videos, and what becomes of them on the way to generation."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from kinora_gateway import json_text

MAX_PROMPT = 32_000
MAX_STORYBOARD = 1_000_000  # bytes of JSON
MAX_IMAGE_URL = 20_971_520


def _text(value: object) -> object:
    """A file part (curl -F prompt=@idea.txt) holds text as well as a field does."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise ValueError("it must be text in UTF-8") from None


def _seconds(value: object) -> object:
    if isinstance(value, int | float):
        raise ValueError(f'send the number of seconds as a string, e.g. "4", not {value}')  # noqa: TRY004 - pydantic reads ValueError
    return value


def _seed(value: object) -> object:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) <= 19:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int | None):
        raise ValueError("it must be a whole number from 0 to 9223372036854775807")  # noqa: TRY004 - pydantic reads ValueError
    return value


def _reference(value: object) -> object:
    if isinstance(value, bytes | dict | None):
        return value
    raise ValueError("it must be a picture file, or an object with image_url")


def _number(value: object) -> object:
    """A number, or its text: multipart has no numbers."""
    value = _text(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            raise ValueError(f"it must be a number, not {value[:40]!r}") from None
    if isinstance(value, bool) or not isinstance(value, int | float | None):
        raise ValueError("it must be a number")  # noqa: TRY004 - pydantic reads ValueError
    return value


def _by_id(value: object) -> object:
    if isinstance(value, bytes | str):
        raise ValueError("uploaded films are not taken; send the id of a finished video of yours: video[id]")  # noqa: TRY004
    return value


def _json(value: object) -> object:
    """An object or list, or its JSON as text: multipart has neither."""
    value = _text(value)
    if not isinstance(value, str):
        return value
    try:
        return json_text.parse(value)
    except ValueError as error:
        raise ValueError(f"it is no valid JSON: {error}") from None


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError(f"it must have 1 to {MAX_PROMPT} characters, not only blanks")
    return value


def _listed(value: object) -> object:
    """A list, or one part with its items between commas."""
    value = _text(value)
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


Words = Annotated[str, StringConstraints(max_length=MAX_PROMPT), BeforeValidator(_text)]
Prompt = Annotated[Words, AfterValidator(_not_blank)]
SecondsText = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}$"), BeforeValidator(_seconds)]
Size = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{1,4}x[1-9][0-9]{1,4}$")]
Seed = Annotated[int, Field(ge=0, lt=2**63), BeforeValidator(_seed)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100)]
Pass = Literal["depth", "segmentation", "motion", "pose"]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ImageReference(_Body):
    image_url: Annotated[str, StringConstraints(max_length=MAX_IMAGE_URL)] | None = Field(
        default=None, description="The picture as a data URL: data:image/png;base64,…"
    )
    file_id: str | None = Field(default=None, description="Not supported.")


Picture = Annotated[ImageReference | bytes, BeforeValidator(_reference)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False), BeforeValidator(_number)]
Strength = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False), BeforeValidator(_number)]


class Keyframe(_Body):
    """A picture to pass through."""

    picture: Picture = Field(description="As input_reference.")
    at_s: Seconds = Field(description="Seconds from the beginning, within the film.", examples=[2.5])
    strength: Strength | None = Field(
        default=None, description="How closely it is kept, above 0 to 1; the engine's own measure when absent."
    )


class CharacterReference(_Body):
    id: Annotated[str, StringConstraints(pattern=r"^cameo_[0-9a-f]{32}$")] = Field(description="A character, or a cameo that one may use.")


class Direction(_Body):
    """What every video needs to know beside its prompt."""

    model: Name | None = Field(default=None, description="See /v1/models; the default engine when absent.")
    seconds: SecondsText | None = Field(
        default=None, description='When absent "4", or the shortest where the model makes none of 4.', examples=["4"]
    )
    size: Size | None = Field(default=None, description="The first of the model's sizes when absent.", examples=["1280x720"])
    seed: Seed | None = Field(default=None, description="Drawn at random when absent.")
    negative_prompt: Annotated[str, StringConstraints(max_length=2000), BeforeValidator(_text)] | None = None
    style: Name | None = Field(default=None, description="Overrides the style that the prompt asks for.")


class Making(Direction):
    """And what is made of it."""

    draft: bool = Field(
        default=False,
        description="Small and soon done: half the size, or with 360 pixels on the short side where the model keeps no takes; see /finish.",
    )
    passes: Annotated[list[Pass], Field(max_length=4), BeforeValidator(_listed)] = Field(
        default=[], description="What to make beside the picture, as files of their own; see /v1/models for what an engine can."
    )


class DraftStoryboard(Making):
    prompt: Prompt


class CreateVideo(Making):
    prompt: Words = Field(default="", description="1 to 32,000 characters; may be absent when a storyboard is given.")
    storyboard: Annotated[dict[str, Any], BeforeValidator(_json)] | None = Field(
        default=None, description="Instead of direction by prompt; in multipart its JSON in one part."
    )
    input_reference: Picture | None = Field(
        default=None,
        description=(
            "A JPEG, PNG or WebP picture to open on, cropped to the video's shape. It is the place of the first shot, and of others there."
        ),
    )
    last_frame: Picture | None = Field(default=None, description="A picture to end on, like input_reference; where the model can.")
    keyframes: Annotated[list[Keyframe], Field(max_length=8), BeforeValidator(_json)] = Field(
        default=[],
        description="Pictures to pass through, as many as the model takes; in multipart keyframes[][picture], keyframes[][at_s].",
    )
    guidance: Name | None = Field(
        default=None, description="What leads the picture, of the model's guidance: `world` for the simulator's passes."
    )
    loras: Annotated[list[Name], Field(max_length=8), BeforeValidator(_listed)] = Field(
        default=[], description="Additions to the weights, of the model's loras."
    )
    characters: Annotated[list[CharacterReference], Field(max_length=10), BeforeValidator(_json)] = Field(
        default=[], description="Who must be in it; the prompt may call each by its handle, or by the name in it."
    )
    loop: bool = Field(default=False, description="The end leads back into the beginning.")
    variants: Annotated[int, Field(ge=1, le=4)] = Field(default=1, description="How many videos to make of it, each by the next seed.")


class RemixVideo(_Body):
    prompt: Prompt


class VideoReference(_Body):
    id: Annotated[str, StringConstraints(pattern=r"^video_[0-9a-f]{32}$")] = Field(description="A finished video of the account.")


class EditVideo(RemixVideo):
    """What changes; what the prompt does not name stays."""

    video: Annotated[VideoReference, BeforeValidator(_by_id)]


class ExtendVideo(EditVideo):
    """How it goes on."""

    seconds: SecondsText | None = Field(default=None, description='Length of what is added; "4" when absent.', examples=["4"])


class Listing(_Body):
    """The query of a list."""

    after: str | None = Field(default=None, pattern=r"^video_[0-9a-f]{32}$", description="Start behind this id.")
    limit: Annotated[int, Field(ge=0, le=100)] = 20
    order: Literal["asc", "desc"] = "desc"


class Download(_Body):
    """The query of a download."""

    variant: Literal["video", "thumbnail", "spritesheet", "captions", "descriptions", "events", "passes"] | Pass = "video"


class ProvenanceQuery(_Body):
    include: Literal["manifest"] | None = Field(default=None, description="`manifest` adds the C2PA manifest store.")
