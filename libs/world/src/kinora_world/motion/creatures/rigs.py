"""What each rig can do: gaits and acts, as data in `catalogues/rigs`.

An act is a course of channels. Lengths are in leg lengths, angles in degrees. Channels: `pelvis`, `chest` (sink of either end, negative
down), `fore`, `hind` (feet moved forwards), `forward` (the body), `flat_fore`, `flat_hind` (lower legs laid on the ground), `rear`
(front of the body up), `roll`, `spin`, `lift` (off the ground), `flex` (arched back), `neck`, `head` (down), `turn` (left), `tilt`,
`jaw`, `blink`, `ears` (back), `tail` (up), `wag`, `reach` (muzzle to the ground), `paw` (one foot raised), `spread` and `flap`
(wings), `hover` (metres above the ground at size 1).
"""

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from kinora_world import catalogue

Channels = dict[str, float]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Gait(_Data):
    """Feet take turns: `offsets` say when each first comes down, as a share of a stride; `duty` how long it stays."""

    speed: float = Field(description="Natural speed, in square roots of gravity times leg length (Froude).")
    stride: float = Field(gt=0, description="Leg lengths.")
    duty: float = Field(gt=0, lt=1)
    offsets: dict[str, float] = {}
    step: float = Field(default=0.14, description="How high feet are lifted, leg lengths.")
    bounce: float = Field(default=0.02, description="Rise and fall of the body, leg lengths.")
    beats: int = Field(default=2, description="Rises in a stride.")
    pitch: float = Field(default=0.0, description="Rocking, degrees.")
    flex: float = Field(default=0.0, description="Bending and stretching of the back, degrees.")
    nod: float = Field(default=2.0, description="Of the head, degrees.")
    roll: float = Field(default=0.0, description="Waddling, degrees.")
    crouch: float = 0.02
    height: float = Field(default=0.0, description="Above the ground, metres at size 1: flight.")


class Key(_Data):
    at: float = Field(ge=0)
    set: Channels


class Act(_Data):
    """`stays`: it lasts until the next whole-body act; `layer`: it lies over a posture instead of ending it."""

    duration: float = Field(default=1.0, gt=0)
    keys: tuple[Key, ...]
    loop: tuple[float, float] | None = None
    hold: float | None = None
    stays: bool = False
    layer: bool = False
    grab: float | None = Field(default=None, description="When a thing is taken into the mouth.")
    release: float | None = None
    mood: str = "neutral"


class Travel(_Data):
    """A verb that goes somewhere with a gait; `round` in circles; `then` an act at the goal."""

    gait: str
    round: float = Field(default=0.0, description="Radius of the circle, body lengths.")
    near: float = Field(default=0.9, description="How far from its target it stops, metres beyond both bodies.")
    back: bool = Field(default=False, description="And comes back to where it began.")
    then: str | None = None
    after: bool = Field(default=False, description="Goes after a target that moves, to where that will be.")


class Rig(_Data):
    description: str
    gaits: dict[str, Gait]
    travels: dict[str, Travel]
    acts: dict[str, Act]
    instead: dict[str, str]


@cache
def rig(name: str) -> Rig:
    return Rig.model_validate(dict(catalogue.entries("rigs")[name]))
