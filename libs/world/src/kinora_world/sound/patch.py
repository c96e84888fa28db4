"""What a file of the catalogue `sounds` may say: layers of noise, tones, ringing things, throats and notes, once or many times.

A curve is a number, or points [seconds, value] with straight lines between. Frequencies are in Hz.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Curve = float | tuple[tuple[float, float], ...]
Positive = Annotated[float, Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Layer(_Part):
    lasts: Positive = 1.0
    gain: float = 1.0
    envelope: Curve = 1.0
    at: tuple[float, ...] = (0.0,)
    rate: Curve | None = Field(default=None, description="How many times a second it happens at random, instead of `at`.")
    until: float = Field(default=0.0, description="The last second at which `rate` lets it happen.")
    spread: float = Field(default=0.0, description="How much one time differs from another in pitch and strength, as a share.")


class Noise(_Layer):
    make: Literal["noise"]
    low: Curve
    high: Curve


class Tone(_Layer):
    """A tone with harmonics; `fm` is (ratio, index) of a modulator, `vibrato` and `tremolo` are (Hz, depth as a share)."""

    make: Literal["tone"]
    pitch: Curve
    partials: tuple[float, ...] = (1.0,)
    fm: tuple[float, float] | None = None
    vibrato: tuple[float, float] = (5.0, 0.0)
    tremolo: tuple[float, float] = (5.0, 0.0)


class Ring(_Layer):
    """Struck for `strike_ms`: modes (Hz, seconds to 1/e, gain)."""

    make: Literal["ring"]
    modes: tuple[tuple[float, float, float], ...]
    strike_ms: float = 0.2


class Throat(_Layer):
    """A voice: pitch, formants as rows (seconds, f1, f2, …), `breath` 0..1 of noise in it, `rough` 0..1 growling."""

    make: Literal["throat"]
    pitch: Curve
    formants: tuple[tuple[float, ...], ...]
    breath: Curve = 0.05
    rough: float = 0.0
    vibrato: tuple[float, float] = (5.0, 0.0)


class Notes(_Layer):
    """Notes of an instrument of the music: (seconds, MIDI number, strength 0..1, length in seconds)."""

    make: Literal["notes"]
    instrument: str
    notes: tuple[tuple[float, float, float, float], ...]


Layer = Annotated[Noise | Tone | Ring | Throat | Notes, Field(discriminator="make")]


class SoundEntry(_Part):
    """One sound, and what on the stage makes it by itself: verbs that are acted, effects, kinds of props, species."""

    description: str
    words: tuple[str, ...]
    caption: str
    level: Positive = Field(default=0.5, description="How loud it is 5 m away: 1 as loud as a shout.")
    voiced: bool = Field(default=False, description="Made by a person: higher or lower by who they are.")
    verbs: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    props: tuple[str, ...] = ()
    species: tuple[str, ...] = ()
    late: float = Field(default=0.0, description="Seconds after what makes it is seen.")
    hands_meet: bool = Field(default=False, description="Heard each time the two hands of who does the verb meet.")
    goes_on: bool = Field(default=False, description="Repeats for as long as what makes it lasts.")
    layers: Annotated[tuple[Layer, ...], Field(min_length=1)]
