"""The takes of a film in one file: safetensors, the latents of every shot as they are, with a header that says whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import torch
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from kinora_diffusion.contract import Take

LARGEST = 1 << 29  # bytes; a minute of 720p has some 40 MB
_HEADER = "kinora"
_DTYPES = (torch.bfloat16, torch.float16, torch.float32)


class BadTakes(ValueError):
    """The file holds no takes that can be used; the message says why."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ShotTaken(_Part):
    """What is known of a shot beside its latents."""

    seconds: Annotated[float, Field(gt=0, le=60)] = Field(description="In the storyboard.")
    frames: Annotated[int, Field(ge=1, le=2000)]
    lead: Annotated[int, Field(ge=0, le=200)] = 0


class About(_Part):
    """The header."""

    version: Literal["1"] = "1"
    family: str
    weights: str = Field(description="Their version.")
    seed: Annotated[int, Field(ge=0, lt=2**63)]
    width: Annotated[int, Field(ge=2, le=8192)]
    height: Annotated[int, Field(ge=2, le=8192)]
    fps: Annotated[int, Field(ge=1, le=120)]
    draft: bool = False
    shots: Annotated[tuple[ShotTaken, ...], Field(min_length=1, max_length=64)]


@dataclass(frozen=True, eq=False)
class Film:
    """Takes with what is known of them."""

    about: About
    takes: tuple[Take, ...]


def write(path: Path, about: About, takes: Sequence[Take]) -> None:
    """One take for each of `about.shots`, in their dtypes."""
    latents = {}
    for number, take in enumerate(takes):
        latents[f"{number}.video"], latents[f"{number}.audio"] = take.video.contiguous(), take.audio.contiguous()
    save_file(latents, path, metadata={_HEADER: about.model_dump_json()})


def read(path: Path) -> Film:
    """Raises BadTakes."""
    if path.stat().st_size > LARGEST:
        raise BadTakes(f"it has {path.stat().st_size} bytes; at most {LARGEST} are read")
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            about = About.model_validate_json((file.metadata() or {}).get(_HEADER, ""))
            wanted = [(f"{number}.video", f"{number}.audio") for number in range(len(about.shots))]
            if set(file.keys()) != {name for pair in wanted for name in pair}:
                raise BadTakes(f"it holds the latents {', '.join(sorted(file.keys())[:8])}, which are not those of {len(wanted)} shots")
            latents = [tuple(_sound(name, file.get_tensor(name)) for name in pair) for pair in wanted]
    except SafetensorError as error:
        raise BadTakes(f"it is no safetensors file, or is cut short: {error}") from error
    except ValidationError as error:
        fields = ", ".join(".".join(map(str, e["loc"])) or "all" for e in error.errors(include_url=False, include_input=False))
        raise BadTakes(f"its header is not that of takes (wrong: {fields})") from error
    pairs = zip(about.shots, latents, strict=True)
    return Film(about=about, takes=tuple(Take(video, audio, shot.frames, shot.lead) for shot, (video, audio) in pairs))


def _sound(name: str, latents: torch.Tensor) -> torch.Tensor:
    if latents.dtype not in _DTYPES or not bool(torch.isfinite(latents).all()):
        raise BadTakes(f"its latents {name} are no finite numbers")
    return latents
