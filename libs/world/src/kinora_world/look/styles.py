"""The styles' constants, from their catalogue."""

from functools import cache
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from kinora_world import catalogue
from kinora_world.storyboard import Colour, Style

Linear = tuple[float, float, float]
NAMES: tuple[str, ...] = get_args(Style)
MANNERS = ("realistic", "cartoon", "anime")  # finishes know a manner by its place here


class SkyPalette(BaseModel):
    """Linear RGB of zenith, middle, horizon and cloud; `cover` is how much of the sky is cloud."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    colours: tuple[Linear, Linear, Linear, Linear]
    cover: float


SPACE = SkyPalette(colours=((0.0, 0.0, 0.002), (0.0, 0.0, 0.002), (0.001, 0.001, 0.004), (0.0, 0.0, 0.002)), cover=0.0)  # in every style


class StyleEntry(BaseModel):
    """How a style draws. What it has no shader of its own for, it takes from the manner it is `like`.

    `outline` is the half-width of lines as a share of the picture's height, `ink` their sRGB colour, mixed with `own` of the surface's;
    those of bodies are `stress` times as wide.
    What is `grained` has its edges smoothed before it is printed, so that its grain or strokes stay.
    `held` frames show one drawing. `shutter` is the share of a frame's time for which it is open: what the camera sweeps over is blurred.
    `rows` is about how many pixels high the drawing is where it is coarser than the picture, and `palette`
    all the colours it has. `key`, `sky` and `ground` are factors on the stage's light.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    description: str
    words: tuple[str, ...]
    like: Literal["realistic", "cartoon", "anime"]
    outline: float = 0.0
    ink: Linear = (0.0, 0.0, 0.0)
    own: float = 0.0
    stress: float = 1.0
    grained: bool = False
    held: int = 1
    shutter: float = 0.0
    rows: int | None = None
    palette: tuple[Colour, ...] = ()
    key: float = 1.0
    sky: float = 1.0
    ground: float = 1.0
    skies: dict[str, SkyPalette]


@cache
def style_entry(name: str) -> StyleEntry:
    """Raises ValueError for a style there is none of."""
    if name not in NAMES:
        raise ValueError(f"no style {name!r}; there are {', '.join(NAMES)}")
    return StyleEntry.model_validate(dict(catalogue.entries("styles")[name]))
