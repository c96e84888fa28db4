"""What a file of the catalogue `ambiences` may say: layers of sound in a place, by day and night, and its room."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kinora_world.sound import patch

Band = tuple[float, float]  # Hz


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Layer(_Part):
    gain: float


class Noise(_Layer):
    """Wind, leaves, air conditioning, rain: a different noise in each ear; `sway` 0..1 is how much it comes and goes."""

    sound: Literal["noise"]
    band: Band
    sway: float = 0.0


class Hum(_Layer):
    sound: Literal["hum"]
    pitch: tuple[float, ...]


class Birds(_Layer):
    sound: Literal["birds"]
    every: float
    pitch: Band


class Crickets(_Layer):
    sound: Literal["crickets"]
    pitch: float


class Passes(_Layer):
    """Vehicles that go by from one side to the other."""

    sound: Literal["passes"]
    band: Band
    every: float
    lasts: float


class Waves(_Layer):
    sound: Literal["waves"]
    band: Band
    every: float


class Babble(_Layer):
    """A murmur of so many people of whom no word is understood; `band` is what of it comes through."""

    sound: Literal["babble"]
    voices: int
    band: Band = (150, 3000)
    excited: float = Field(default=0.0, description="0 murmurs, 1 shouts.")


class Calls(_Layer):
    """A sound of the catalogue `sounds` from somewhere around, each `every` seconds or so; `even` as regular as a clock."""

    sound: Literal["calls"]
    kind: str
    every: float
    even: bool = False


class Grains(_Layer):
    """Small sounds of the same recipe as in the catalogue `sounds`, on average each `every` seconds, in either ear."""

    sound: Literal["grains"]
    every: float
    even: bool = False
    of: patch.Layer


Layer = Annotated[Noise | Hum | Birds | Crickets | Passes | Waves | Babble | Calls | Grains, Field(discriminator="sound")]


class Room(_Part):
    """Width, depth and height in metres, how long a sound takes to die by 60 dB, and how much of it comes back."""

    size: tuple[float, float, float]
    seconds: Annotated[float, Field(gt=0.05, le=6)]
    wet: Annotated[float, Field(ge=0, le=1)]


class AmbienceEntry(_Part):
    """`dawn` and `sunset` are as `day`, and `night` too, where they are not given."""

    description: str
    words: tuple[str, ...] = ()
    caption: str
    room: Room
    day: tuple[Layer, ...]
    night: tuple[Layer, ...] | None = None
    dawn: tuple[Layer, ...] | None = None
    sunset: tuple[Layer, ...] | None = None
