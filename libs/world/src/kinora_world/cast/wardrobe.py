"""The garment catalogue: what an entry may say. Lengths are metres on an adult of 1.7 m; shares are of the limb's length."""

from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kinora_world import catalogue

Share = Annotated[float, Field(ge=0, le=1)]
Slot = Literal["top", "bottom", "shoes", "over", "hat", "eyewear", "neck"]
Fabric = Literal[
    "cloth", "satin", "knit", "denim", "leather", "padded", "steel", "rubber", "felt", "plaited", "gold", "gloss",
    "mail", "plain",
]  # fmt: skip
Trim = Literal[
    "placket", "cuffs", "hem", "pouch", "pockets", "badge", "belt", "sash", "emblem", "chest_box", "buttons",
    "button", "band", "fur_band", "pompom", "ridge", "horns", "plume", "jewels", "shield",
    "double_buttons", "fur_hem", "fur_cuffs", "fur_front", "stripes", "buckle", "epaulettes",
]  # fmt: skip


Plate = Literal["breast", "fauld", "pauldrons", "rerebraces", "elbows", "vambraces", "cuisses", "knees", "greaves"]
Tint = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Skirt(_Entry):
    """What hangs from the waist: `length` is a share of the leg, `flare` widens it by metres per metre, `waves` are its folds."""

    length: Share
    flare: Annotated[float, Field(ge=-0.2, le=1)] = 0.2
    waves: Annotated[int, Field(ge=0, le=24)] = 7
    fold: Annotated[float, Field(ge=0, le=0.05)] = Field(default=0.022, description="Depth of the folds at the hem.")


class Brim(_Entry):
    """`curl` lifts its sides, or what is between its corners, `drop` lowers its edge; a visor is in front only."""

    width: Annotated[float, Field(gt=0, le=0.3)]
    curl: float = 0.0
    drop: float = 0.0
    visor: bool = False
    corners: int = Field(default=0, description="Turned up between as many corners, one of them in front.")


class _Garment(_Entry):
    description: str
    words: Annotated[tuple[str, ...], Field(min_length=1)]
    slot: Slot
    finish: Fabric = "cloth"
    trims: tuple[Trim, ...] = ()


class Cloth(_Garment):
    """Cut from a surface around the whole body. Without `leg` it ends at `hem`; with `skirt` it hangs on from the waist."""

    form: Literal["cloth"]
    sleeve: Share = 0.0
    armhole: Annotated[float, Field(ge=0, le=0.2)] = Field(default=0.0, description="Radius around the shoulder that stays bare.")
    leg: Annotated[float, Field(ge=0, le=1.05)] | None = None
    hem: float = Field(default=-0.075, description="Lower end, above the hips.")
    waist: float = Field(default=0.01, description="Upper end of what is worn at the bottom, above the hips.")
    neckline: Literal["crew", "v", "scoop", "square"] = "crew"
    drop: Annotated[float, Field(ge=0, le=0.3)] = Field(default=0.0, description="How much lower the neckline is in front.")
    collar: Literal["none", "band", "shirt", "turtle", "lapel", "stand", "hood"] = "none"
    front: Literal["closed", "buttons", "zip", "open"] = "closed"
    opening: Annotated[float, Field(ge=0, le=0.2)] = Field(default=0.0, description="Half the width of an open front.")
    half: Literal["", "front"] = Field(default="", description="Covers the front of the body alone.")
    ease: Annotated[float, Field(ge=0, le=0.05)] = Field(default=0.004, description="Room between cloth and body, besides what drapes.")
    wide: Annotated[float, Field(ge=0, le=0.2)] = Field(default=0.046, description="Least radius of a sleeve.")
    leg_wide: Annotated[float, Field(ge=0, le=0.2)] = Field(default=0.066, description="Least radius of a trouser leg.")
    tight: bool = Field(default=False, description="Clings to the body.")
    tucked: bool = False
    skirt: Skirt | None = None
    puff: Annotated[float, Field(ge=0, le=0.08)] = Field(default=0.0, description="How much wider the middle of the sleeve is.")
    gloves: Tint | None = Field(default=None, description="The colour of the gloves that belong to it.")
    tints: dict[Trim, Tint] = Field(default={}, description="The colours of trims that have one of their own.")
    plates: tuple[Plate, ...] = Field(default=(), description="Hard plates over it, in the garment's colour.")
    hard: Fabric = Field(default="steel", description="What the plates are of.")

    @property
    def whole(self) -> bool:
        """Leaves nothing of the bottom to see."""
        return self.slot == "top" and (self.leg is not None or self.skirt is not None)


class Cape(_Garment):
    form: Literal["cape"]
    length: Share
    flare: float = 0.3
    waves: int = 6


class Shoe(_Garment):
    """`shaft` is the height of its upper end above the ankle joint, `sole` and `heel` thicknesses under toes and added under the heel."""

    form: Literal["shoe"]
    shaft: float = 0.02
    sole: Annotated[float, Field(gt=0, le=0.08)] = 0.02
    heel: Annotated[float, Field(ge=0, le=0.08)] = 0.0
    rim: Literal["light", "dark", "same"] = "dark"
    vamp: Annotated[float, Field(ge=0, le=1)] = Field(
        default=0.0, description="Share of the foot's length, from the heel, left bare on top."
    )
    laces: bool = False
    straps: bool = False


class Hat(_Garment):
    """A shape turned around the head: `profile` runs from the rim up, as (share of the rim's radius, share of the skull's height).

    `line` is the rim's height over the eyes, `tilt` how far it sinks behind (metres per metre).
    """

    form: Literal["hat"]
    line: float
    tilt: float = 0.0
    gap: float = 0.004
    profile: Annotated[tuple[tuple[float, float], ...], Field(min_length=2)]
    brim: Brim | None = None
    open: bool = False
    points: int = 0
    front: bool = Field(default=False, description="High in front alone, as a tiara.")
    waves: int = 0
    droop: Annotated[float, Field(ge=0, le=0.3)] = Field(default=0.0, description="How far its tip falls to the side.")


class Hood(_Garment):
    """Encloses the head but for the face. `face` is how far up from the eyes its opening reaches; a mask leaves the eyes alone."""

    form: Literal["hood"]
    gap: float = 0.016
    face: float = 0.075
    mask: bool = False


class Helm(_Garment):
    """A hard shell around the head. `window` is the face's opening: half its width, then how far up and down from the eyes.

    `low` is how far below the chin it ends; a `visor` is turned up by so many degrees.
    """

    form: Literal["helm"]
    gap: float = 0.012
    low: float = 0.03
    window: tuple[float, float, float] = (0.062, 0.05, 0.12)
    visor: float = 0.0


class Eyewear(_Garment):
    form: Literal["eyewear"]
    shape: Literal["square", "round", "aviator", "goggles", "patch"]
    lens: Literal["clear", "dark"]


class Neckwear(_Garment):
    form: Literal["scarf", "tie", "bow_tie", "necklace", "medal", "stethoscope"]


class Bare(_Garment):
    """Nothing is worn there."""

    form: Literal["bare"]


Entry = Cloth | Cape | Shoe | Hat | Hood | Helm | Eyewear | Neckwear | Bare
_READER: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="form")])


@cache
def garment(kind: str) -> Entry:
    """Raises KeyError for a kind there is none of, pydantic.ValidationError for an entry that breaks the schema."""
    return _READER.validate_python(dict(catalogue.entries("garments")[kind]))
