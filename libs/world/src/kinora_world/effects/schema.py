"""What an effect's file may say."""

from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from kinora_world.stage.catalogue import load
from kinora_world.stage.schema import Entry, Linear, Point, Words
from kinora_world.storyboard import Colour

Ramp = Annotated[tuple[float, ...], Field(min_length=1)]
Drawing = Literal[
    "puff", "flame", "spark", "streak", "flake", "square", "petal", "leaf", "heart", "bubble", "ring", "star", "bolt", "curtain", "note",
]  # fmt: skip


class Emitter(Entry):
    """Particles of one kind. Lengths in metres, speeds in m/s; a ramp's numbers are spread evenly over a particle's life.

    A steady emitter keeps `count` particles alive. With `every`, all are born at once, again and again after so many seconds on average, or
    just once where it is 0.
    """

    drawing: Drawing
    count: Annotated[int, Field(ge=1, le=2000)]
    life: tuple[Annotated[float, Field(gt=0)], Annotated[float, Field(gt=0)]] = (1.0, 2.0)
    every: Annotated[float, Field(ge=0)] | None = None
    delay: Annotated[float, Field(ge=0)] = 0.0
    fills: bool = Field(default=False, description="The `box` is that of the air before the camera, wherever it looks, from the ground up.")
    box: Point = Field(default=(0.0, 0.0, 0.0), description="Half the size of the box where particles are born.")
    wander: Point = Field(default=(0.0, 0.0, 0.0), description="Half the size of the box about which each burst is centred.")
    at: Point = Field(default=(0.0, 0.0, 0.0), description="Its middle, from the effect's place.")
    speed: Point = (0.0, 0.0, 0.0)
    vary: Point = (0.0, 0.0, 0.0)
    burst: tuple[float, float] = Field(default=(0.0, 0.0), description="Least and most speed straight away from the middle.")
    rise: float = Field(default=0.0, description="Share of the burst's downward half that is turned upwards.", ge=0, le=1)
    fall: float = Field(default=0.0, description="Acceleration downwards, m/s2; things that rise have a negative one.")
    drag: Annotated[float, Field(ge=0)] = Field(default=0.0, description="Of the air, per second.")
    drift: Annotated[float, Field(ge=0)] = Field(default=0.0, description="How much of the wind carries it.")
    sway: float = Field(default=0.0, description="How far it swings from side to side.")
    swings: float = Field(default=0.5, description="Swings a second.")
    bounded: bool = Field(default=False, description="Comes to rest on the ground.")
    size: Ramp = (0.1,)
    shape: float = Field(default=1.0, description="Height over width.")
    vary_size: Annotated[float, Field(ge=0, le=1)] = 0.3
    facing: Literal["camera", "way", "tumbling", "flat", "upright"] = "camera"
    spin: float = Field(default=0.0, description="Turns a second at most.")
    colours: Annotated[tuple[Colour, ...], Field(min_length=1)] = ("#ffffff",)
    picks: bool = Field(default=False, description="Each takes one of the colours, in place of passing through all.")
    opacity: Ramp = (1.0,)
    bright: float = Field(default=1.0, description="Times the colour: what shines is brighter than white.")
    adds: bool = False
    glows: Annotated[float, Field(ge=0, le=1)] = 0.0


class LampEntry(Entry):
    """The light that an effect throws, from so far above its place. It flickers by that share."""

    colour: Linear
    reach: float
    above: float = 0.5
    flicker: Annotated[float, Field(ge=0, le=1)] = 0.35


class EffectEntry(Entry):
    """`place` is where it is unless somebody says otherwise; on a character it goes with their `rides`."""

    description: str
    words: Words
    place: Point = (1.6, 1.2, 0.0)
    rides: Literal["ground", "hips", "head"] = "ground"
    goes_with: dict[str, str] = Field(default={}, description="Props that have it by themselves, and at which of their anchors.")
    lamp: LampEntry | None = None
    flashes: Annotated[float, Field(ge=0)] | None = Field(default=None, description="Lightning, every so many seconds on average.")
    emitters: tuple[Emitter, ...] = ()


@cache
def effect_entries() -> dict[str, EffectEntry]:
    return load("effects", EffectEntry)
