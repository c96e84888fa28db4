"""What an operator can set. What is left out follows from the GPU's memory: see `memory.plan`."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

Size = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{1,3}x[1-9][0-9]{1,3}$")]  # width and height in pixels, as in 1280x720


class Settings(BaseSettings):
    """Read from DIFFUSION_*, but for the licences."""

    model_config = SettingsConfigDict(env_prefix="DIFFUSION_", extra="ignore", populate_by_name=True)

    weights: Path = Field(description="Folder of the weights, with kinora.json.")
    licence_accepted: Annotated[frozenset[str], NoDecode] = Field(
        default=frozenset(), validation_alias="KINORA_LICENCE_ACCEPTED", description="Ids of accepted licences, parted by commas."
    )
    device: str | None = Field(default=None, description='"cuda", "cuda:1", "cpu"; a GPU where there is one.')
    dtype: Literal["bfloat16", "float16", "float32"] | None = Field(default=None, description="What is computed in.")
    attention: str | None = Field(default=None, description='Attention backend by its name in diffusers, e.g. "flash", "_native_cudnn".')
    fp8: bool | None = Field(default=None, description="The transformer's weights rest in 8 bits, cast layer by layer as they are used.")
    offload: bool | None = Field(default=None, description="Groups of layers rest in main memory and visit the GPU in turn.")
    tiling: bool | None = Field(default=None, description="Pictures are decoded in tiles.")
    compile: bool = Field(default=False, description="Compile the repeated blocks: minutes at the first clip of each size, then faster.")
    taylorseer: bool = Field(default=False, description="Skip steps by predicting them (TaylorSeer): faster, and not the same.")
    taylorseer_interval: int = Field(default=3, ge=2, le=10, description="One step in so many is computed in full.")
    threads: int | None = Field(default=None, ge=1, description="Of torch on CPUs; its own choice when absent.")
    max_sequence_length: int = Field(default=1024, ge=16, le=4096, description="Tokens of a prompt.")
    steps: int | None = Field(default=None, ge=1, le=200, description="Of a shot; the family's own number when absent.")
    draft_steps: int | None = Field(default=None, ge=1, le=200, description="Of a draft.")
    guidance_scale: float | None = Field(default=None, ge=1, le=20, description="How closely words are kept; 1 for distilled weights.")
    overlap_frames: int = Field(default=16, ge=0, le=48, multiple_of=8, description="Of the film before that an extension looks back on.")
    sizes: Annotated[tuple[Size, ...], NoDecode] = Field(
        default=(), description='What is offered, e.g. "768x512,1280x720"; the family\'s own sizes when absent.'
    )
    world_guidance: bool = Field(default=True, description='Offer guidance by the simulator ("world"); it is used where a request asks.')
    world_sounds: float = Field(default=0.0, ge=0, le=1, description="How loud its contact sounds are mixed in, where the world guides.")

    @field_validator("licence_accepted", mode="before")
    @classmethod
    def _ids(cls, told: object) -> object:
        return _parted(told)

    @field_validator("sizes", mode="before")
    @classmethod
    def _listed(cls, told: object) -> object:
        return _parted(told)


def _parted(told: object) -> object:
    return [part.strip() for part in told.split(",") if part.strip()] if isinstance(told, str) else told
