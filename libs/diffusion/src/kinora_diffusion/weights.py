"""A folder of weights: what diffusers reads, and `kinora.json`, which says what it is and under which terms it may be used."""

from pathlib import Path
from typing import Annotated, Literal, Self

from kinora.engine.v1.engine_pb2 import Licence
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator, model_validator

from kinora_diffusion.licences import NONE, known
from kinora_diffusion.settings import Size

MANIFEST = "kinora.json"
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Inside = Annotated[str, StringConstraints(min_length=1, max_length=200)]  # a path within the folder


class BadWeights(Exception):
    """The folder cannot be used; the message says what is missing or wrong, where, and what would be right."""


class Manifest(BaseModel):
    """kinora.json."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    family: Literal["ltx2", "cosmos3"]
    version: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$")] = Field(description='As in "2.3-distilled".')
    licence: str = Field(description='Id of the licence; "none" for random weights.')
    random: bool = Field(description="Nobody trained them: all they make is noise.")
    distilled: bool = Field(default=False, description="Made for few steps without guidance.")
    loras: dict[Name, Inside] = Field(default={}, description="Styles by name: safetensors files.")
    ic_loras: dict[Literal["reference", "depth", "pose"], Inside] = Field(
        default={}, description="In-context LoRAs by what they follow: pictures of the cast, depth, or people's poses."
    )
    upsampler: Inside | None = Field(default=None, description="Folder of the spatial latent upsampler, for finishing drafts.")
    sizes: tuple[Size, ...] = Field(default=(), description="What they were made for; the family's own sizes when absent.")

    @field_validator("licence")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in known():
            raise ValueError(f"there is no licence {name!r}; known: {', '.join(known())}")
        return name

    @model_validator(mode="after")
    def _honest(self) -> Self:
        if (self.licence == NONE) != self.random:
            raise ValueError(f'random weights have the licence "{NONE}", and only they')
        return self

    @property
    def paths(self) -> tuple[str, ...]:
        """What it names, within the folder."""
        return (*self.loras.values(), *self.ic_loras.values(), *((self.upsampler,) if self.upsampler else ()))


class Weights:
    """A folder that was looked at: its manifest is right, and what that names is there. Nothing is loaded yet."""

    def __init__(self, folder: Path) -> None:
        """Raises BadWeights."""
        if not folder.is_dir():
            raise BadWeights(f"{folder}: there is no such folder; mount the weights there, or name another in DIFFUSION_WEIGHTS")
        self.folder = folder
        self.manifest = _manifest(folder)
        for path in self.manifest.paths:
            if not self.path(path).exists():
                raise BadWeights(f"{folder / MANIFEST}: it names {path!r}, which is not in the folder")

    @property
    def licence(self) -> Licence:
        return known()[self.manifest.licence]

    def path(self, inside: str) -> Path:
        """Raises BadWeights for what leads out of the folder."""
        found = (self.folder / inside).resolve()
        if not found.is_relative_to(self.folder.resolve()):
            raise BadWeights(f"{self.folder / MANIFEST}: {inside!r} leads out of the folder")
        return found


def _manifest(folder: Path) -> Manifest:
    try:
        return Manifest.model_validate_json((folder / MANIFEST).read_bytes())
    except FileNotFoundError as error:
        raise BadWeights(
            f'{folder}: it holds no {MANIFEST}; write one, e.g. {{"family": "ltx2", "version": "2.3-distilled", '
            '"licence": "ltx-2-community", "random": false, "distilled": true}'
        ) from error
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(map(str, e['loc'])) or 'it'}: {e['msg']}" for e in error.errors(include_url=False, include_input=False)
        )
        raise BadWeights(f"{folder / MANIFEST}: {told}") from error
