"""The beings there are: data files in `catalogues/species`, and what each rig can do (`catalogues/rigs`). Imports no numerics.

Lengths of a build are shares of the being's `height`: to the withers of a quadruped, over all of anybody else; angles are degrees.
"""

from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from kinora_world import catalogue
from kinora_world.storyboard import Colour

Tint = Colour | Literal["light", "dark", "coat"]
Pair = tuple[float, float]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Marking(_Data):
    """Where the coat has another colour. Later markings lie over earlier ones."""

    kind: Literal["under", "top", "below", "stripes", "spots", "patches", "cells", "eyes", "bones", "front"]
    colour: Tint
    size: float = Field(default=0.1, description="Of one spot, stripe or patch; the height of socks; the reach of a belly, -1..1.")
    share: float = Field(default=0.5, description="How much of the coat it covers, for what is irregular.")
    bones: tuple[str, ...] = Field(default=(), description="Only on these bones; everywhere when empty.")


class Ears(_Data):
    shape: Literal["none", "pointed", "round", "floppy", "long", "leaf", "fan"] = "pointed"
    size: float = 0.14
    width: float = 0.42
    out: float = Field(default=35.0, description="How far they lean outwards.")
    place: float = Field(default=48.0, description="How far down the side of the skull they grow.")


class Tail(_Data):
    length: float = 0.5
    radii: Pair = (0.04, 0.02)
    lift: float = Field(default=20.0, description="Of its root, above level.")
    curl: float = Field(default=15.0, description="Upwards from bone to bone.")
    hair: float = Field(default=0.0, description="Radius of a tuft at its end.")
    tuft: Tint = "dark"


class Head(_Data):
    skull: float = 0.12
    wide: float = 1.0
    cheeks: float = Field(default=0.0, description="Radius of each.")
    muzzle: float = Field(default=0.16, description="Length in front of the skull.")
    snout: Pair = Field(default=(0.07, 0.05), description="Radii of the muzzle at its root and tip.")
    flat: float = Field(default=1.0, description="How much wider than high the muzzle is.")
    drop: float = Field(default=20.0, description="Of the muzzle, below level.")
    brow: float = Field(default=0.0, description="Radius of a ridge above the eyes.")
    nose: float = Field(default=0.03, description="Radius of the nose; 0 for nostrils only.")
    nose_colour: Colour = "#1c1614"
    eye: float = Field(default=0.026, description="Radius of an eyeball.")
    eye_at: Pair = Field(default=(38.0, 18.0), description="Seen from the middle of the skull: outwards, upwards.")
    iris: Colour = "#5b3a1e"
    pupil: Literal["round", "slit", "bar"] = "round"
    teeth: bool = False


class Quadruped(_Data):
    rig: Literal["quadruped"]
    length: float = Field(default=0.95, description="From shoulder to rump.")
    chest: float = 0.22
    waist: float = 0.17
    rump: float = 0.18
    wide: float = Field(default=0.8, description="The trunk's width against its height.")
    sag: float = Field(default=0.0, description="How far the belly hangs.")
    hump: float = Field(default=0.0, description="Radius of a hump over the shoulders.")
    croup: float = Field(default=0.97, description="Height of the rump.")
    neck: float = 0.34
    neck_angle: float = 48.0
    neck_radii: Pair = (0.15, 0.11)
    head: Head = Head()
    ears: Ears = Ears()
    tail: Tail = Tail()
    thigh: float = 0.11
    upper_arm: float = 0.09
    shank: float = 0.042
    foot: float = 0.052
    stance: float = Field(default=0.13, description="Half the distance between left and right feet.")
    hooves: Tint | None = None
    mane: Literal["none", "crest", "ruff", "wool", "spikes"] = "none"
    mane_colour: Tint = "dark"
    horns: Literal["none", "cow", "goat", "ram", "antlers", "unicorn", "giraffe", "dragon"] = "none"
    trunk: float = Field(default=0.0, description="Length of an elephant's trunk.")
    tusks: float = 0.0
    beard: float = 0.0
    wings: float = Field(default=0.0, description="Span of one of a dragon's wings.")


class Biped(_Data):
    """Birds, and dinosaurs on two legs."""

    rig: Literal["biped"]
    body: float = Field(default=0.2, description="Radius of the trunk at its thickest.")
    breast: float = 0.17
    length: float = 0.36
    lean: float = Field(default=35.0, description="Of the trunk, front upwards from level.")
    wide: float = 0.9
    neck: float = 0.14
    neck_angle: float = 65.0
    neck_radius: float = 0.1
    skull: float = 0.13
    beak: float = 0.12
    beak_radii: Pair = (0.055, 0.012)
    hook: float = Field(default=0.3, description="How far the beak's tip bends down.")
    bill: bool = Field(default=False, description="Flat, as a duck's.")
    beak_colour: Colour = "#e0a020"
    face_disc: bool = False
    crest: Literal["none", "comb", "feathers"] = "none"
    crest_colour: Tint = "dark"
    eye: float = 0.035
    eye_at: Pair = (62.0, 12.0)
    iris: Colour = "#20140c"
    leg: float = Field(default=0.28, description="Height of the hips.")
    thigh: float = 0.075
    shank: float = 0.02
    foot: float = 0.1
    feathered: float = Field(default=0.45, description="Share of the leg that is feathered.")
    leg_colour: Colour = "#d8902a"
    webbed: bool = False
    stance: float = 0.08
    wing: float = Field(default=0.6, description="Length of a spread wing; a folded one lies along the flank.")
    flipper: bool = False
    wing_colour: Tint = "coat"
    tail: float = 0.2
    tail_radius: float = Field(default=0.0, description="Of a fleshy tail; a fan of feathers when 0.")
    tail_colour: Tint = "coat"
    arms: float = Field(default=0.0, description="Length of a dinosaur's arms, instead of wings.")


class Swimmer(_Data):
    rig: Literal["swimmer"]
    profile: tuple[Pair, ...] = Field(description="Half height and half width from snout to tail root, evenly spaced; shares of length.")
    fluke: Literal["upright", "level", "fan", "none"] = "upright"
    tail: float = 0.24
    dorsal: float = 0.12
    pectoral: float = 0.14
    fin_colour: Tint = "coat"
    mouth: float = Field(default=0.1, description="Length of the jaw.")
    beak: float = 0.0
    eye: float = 0.03
    eye_from_snout: float = 0.14
    iris: Colour = "#15110c"
    arms: int = Field(default=0, description="Of an octopus or jellyfish.")
    depth: float = Field(default=0.9, description="Metres above the ground at which it swims.")


class Being(_Data):
    """Somebody on a person's bones."""

    rig: Literal["humanoid"]
    look: Literal["robot", "alien", "monster", "teddy", "gingerbread"]
    legs: float = 1.0
    arms: float = 1.0
    trunk: float = 1.0
    head: float = 1.0
    girth: float = 1.0
    iris: Colour = "#101010"


class Floater(_Data):
    """Somebody without legs, who floats or hops."""

    rig: Literal["floater"]
    look: Literal["ghost", "snowman"]
    hovers: float = 0.0
    iris: Colour = "#101010"


class Puppet(_Data):
    """A pet or an object of somebody's own: the likeness of its handle, else a plain shape."""

    rig: Literal["puppet"]


class Species(_Data):
    description: str
    words: tuple[str, ...]
    height: Annotated[float, Field(gt=0.02, le=8)] = Field(default=1.7, description="Metres; a swimmer's length.")
    body: Annotated[Quadruped | Biped | Swimmer | Being | Floater | Puppet, Field(discriminator="rig")] | None = Field(
        default=None, description="A person's when absent."
    )
    colour: Colour = "#8a6a4a"
    finish: str = "fur"
    roughness: float = 0.85
    markings: tuple[Marking, ...] = ()
    runs: Literal["gallop", "bound", "trot", "amble"] = Field(default="gallop", description="The gait it runs with.")
    verbs: tuple[str, ...] = Field(
        default=(), description="What it can do beyond its rig: its voice, and what its rig has something near for."
    )

    @property
    def rig(self) -> str:
        return "person" if self.body is None else self.body.rig


@cache
def species(name: str) -> Species:
    """An entry of the catalogue. Raises KeyError for another name."""
    return Species.model_validate(dict(catalogue.entries("species")[name]))


def human(name: str) -> bool:
    """Whether it moves on a person's bones, and so does whatever a person does."""
    return species(name).rig in ("person", "humanoid")


def species_can(name: str, verb: str) -> bool:
    """Whether beings of species `name` do `verb` as such, rather than something near it."""
    if human(name) or verb in species(name).verbs:
        return True
    rig = catalogue.entries("rigs")[species(name).rig]
    return verb in rig["travels"] or verb in rig["acts"]


def nearest_verb(name: str, verb: str) -> str:
    """The rig's own verb for what a being of species `name` is asked to do; `idle` when there is nothing near."""
    rig = catalogue.entries("rigs")[species(name).rig]
    return verb if verb in rig["travels"] or verb in rig["acts"] else str(rig["instead"].get(verb, "idle"))
