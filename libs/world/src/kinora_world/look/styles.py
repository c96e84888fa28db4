"""The styles' constants, from their catalogue."""

from functools import cache

from pydantic import BaseModel, ConfigDict

from kinora_world import catalogue

Linear = tuple[float, float, float]
NAMES = ("realistic", "cartoon", "anime")  # a shader knows a style by its place here


class SkyPalette(BaseModel):
    """Linear RGB of zenith, middle, horizon and cloud; `cover` is how much of the sky is cloud."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    colours: tuple[Linear, Linear, Linear, Linear]
    cover: float


class StyleEntry(BaseModel):
    """`outline` is the half-width of lines as a share of the picture's height."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    description: str
    words: tuple[str, ...]
    outline: float
    skies: dict[str, SkyPalette]


@cache
def style_entry(name: str) -> StyleEntry:
    """Raises ValueError for a style there is none of."""
    if name not in NAMES:
        raise ValueError(f"no style {name!r}; there are {', '.join(NAMES)}")
    return StyleEntry.model_validate(dict(catalogue.entries("styles")[name]))
