"""What a place, prop or light file may say. A file that breaks these rules fails at loading with its name and field."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from kinora_world.scene import ShapeKind
from kinora_world.storyboard import Colour, Slug, TimeOfDay

Point = tuple[float, float, float]
Words = Annotated[tuple[str, ...], Field(min_length=1)]
Linear = tuple[float, float, float]

Roughness = Annotated[float, Field(ge=0.05, le=1)]
Material = Literal["wood", "metal", "rubber", "glass", "stone", "cloth", "plastic", "soil", "water", "flesh"]

SIZE_NUMBERS: dict[str, int] = {
    "box": 3, "rounded": 4, "sphere": 1, "ellipsoid": 3, "cylinder": 2, "capsule": 2, "cone": 2, "torus": 2, "plane": 2,
}  # fmt: skip
DRAWN: dict[str, tuple[int, int, int]] = {
    "lathe": (0, 2, 2),
    "extrusion": (2, 2, 3),
    "tube": (1, 3, 2),
}  # lengths first, numbers per point, least points


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LookEntry(Entry):
    """A substance as it is seen, and the material it sounds like."""

    description: str
    colour: Colour = "#999999"
    finish: str = "plain"
    roughness: Roughness = 0.6
    material: Material = "wood"


class ShapeEntry(Entry):
    """A `scene.Shape`; `repeat` spreads copies around the vertical through `pivot`, `mirror` adds copies across x = 0 or y = 0."""

    kind: ShapeKind
    size: tuple[float, ...]
    smooth: Annotated[int, Field(ge=0, le=8)] = Field(default=0, description="Steps from point to point of a lathe's or extrusion's curve.")
    at: Point = (0.0, 0.0, 0.0)
    rotate: Point = (0.0, 0.0, 0.0)
    look: Slug | None = Field(default=None, description="An entry of the catalogue `looks`, for what is not said here.")
    colour: Colour | None = None
    finish: str | None = None
    roughness: Roughness | None = None
    material: Material | None = None
    collides: bool = True
    visible: bool = True
    tinted: bool = Field(default=False, description="Takes the colour asked for in the storyboard.")
    repeat: Annotated[int, Field(ge=1, le=64)] = 1
    pivot: tuple[float, float] = (0.0, 0.0)
    mirror: Literal["", "x", "y", "xy"] = ""

    @model_validator(mode="after")
    def _size_fits_kind(self) -> Self:
        lengths = self.size
        if self.kind in DRAWN:
            first, each, least = DRAWN[self.kind]
            lengths, points = self.size[:first], self.size[first:]
            if len(points) % each or len(points) < each * least:
                raise ValueError(f"size: a {self.kind} takes {first} lengths and {least} or more points of {each} numbers")
        elif len(self.size) != SIZE_NUMBERS[self.kind]:
            raise ValueError(f"size: a {self.kind} takes {SIZE_NUMBERS[self.kind]} numbers, not {len(self.size)}")
        if min(lengths, default=1) <= 0:
            raise ValueError(f"size: every length of a {self.kind} is above 0")
        return self


class PropEntry(Entry):
    """One prop kind. `words` are what people call it; `hollow` things weigh less than their outside suggests.

    `breakable` things shatter when they fall hard. Anchors are spots in the prop's own frame, the centre of its base being the origin:
    `seat` where hips rest, `saddle`, `pedal_left`, `handlebar_left` … of what is ridden, `grip`, `grip_left`, `grip_right` where hands
    close, `mouth` what lips touch, `strings` what is plucked, `keys` what is typed on, `top` what things stand on, `goal` a hoop's centre,
    `flame` where it burns, `light` where it shines, `lie` where a back rests, `stand` where feet stand. The left is its user's.
    What is ridden or driven points along +X; everything else faces -Y.
    """

    description: str
    words: Words
    mass: Annotated[float, Field(gt=0)] = 1.0
    friction: Annotated[float, Field(ge=0, le=3)] = 0.7
    restitution: Annotated[float, Field(ge=0, le=1)] = 0.3
    fixed: bool = False
    hollow: bool = False
    breakable: bool = False
    anchors: dict[str, Point] = {}
    hangs: Point | None = Field(default=None, description="The point it swings about, for a thing that hangs.")
    shapes: Annotated[tuple[ShapeEntry, ...], Field(min_length=1)]


class LightEntry(Entry):
    """Sun, moon or window: where it stands and how it colours; `lamps_on` lights the place's lamps."""

    azimuth: float = Field(description="Degrees: 0 behind the audience, 90 from the right, 180 facing the audience.")
    elevation: Annotated[float, Field(gt=0, le=90)]
    key: Linear
    sky: Linear
    ground: Linear
    fog: Linear
    fog_density: float = 0.007
    background: Literal["clear", "dawn", "sunset", "night", "space"]
    lamps_on: bool = False


class WeatherEntry(Entry):
    """What weather does to a place. `key`, `sky` and `ground` are factors on its light; `grey` takes the colour out of it, `dark` darkens
    the sky; `fog_density` is added, per metre. `falls` names the effect that fills the air.
    """

    description: str
    words: Words
    key: float = 1.0
    sky: float = 1.0
    ground: float = 1.0
    grey: Annotated[float, Field(ge=0, le=1)] = 0.0
    dark: Annotated[float, Field(ge=0, le=1)] = 1.0
    fog_density: Annotated[float, Field(ge=0)] = 0.0
    overcast: Annotated[float, Field(ge=0, le=1)] = 0.0
    wet: Annotated[float, Field(ge=0, le=1)] = 0.0
    snow: Annotated[float, Field(ge=0, le=1)] = 0.0
    wind: Annotated[float, Field(ge=0, le=20)] = Field(default=0.3, description="m/s, towards +X.")
    falls: str | None = None
    lightning: bool = False


class PartEntry(Entry):
    """A generated piece of scenery at a spot."""

    part: str
    at: Point = (0.0, 0.0, 0.0)
    turn: float = 0.0
    scale: Annotated[float, Field(gt=0)] = 1.0
    options: dict[str, float | str | bool] = {}


class ScatterEntry(Entry):
    """`count` copies of a part strewn over a rectangle x0, y0, x1, y1, at least `gap` metres apart."""

    part: str
    count: Annotated[int, Field(ge=1, le=200)]
    area: tuple[float, float, float, float]
    gap: float = 1.0
    scale: tuple[float, float] = (0.85, 1.2)
    turns: bool = True
    options: dict[str, float | str | bool] = {}


class Spot(Entry):
    at: Point
    facing: float = 0.0


class WaterEntry(Entry):
    area: tuple[float, float, float, float]
    z: float = 0.0
    depth: Annotated[float, Field(gt=0)] = 1.5


class PlaceEntry(Entry):
    """One place. `spots` says where a prop kind belongs here, for whoever places it without a position.

    `water` is the surface of its sea, lake or pool: a rectangle x0, y0, x1, y1 at height z. `light` may name a place that is lit alike.
    """

    description: str
    words: Words
    ground_finish: str
    ground_colour: Colour = "#999999"
    ground_material: str
    ambience: str
    indoor: bool = False
    stands: bool = Field(default=False, description="Spectators are painted in: a crowd sits there, and nobody else stands about.")
    bounds: tuple[float, float, float, float] = (-6.0, -8.0, 6.0, 6.0)
    spots: dict[str, Spot] = {}
    shapes: tuple[ShapeEntry, ...] = ()
    parts: tuple[PartEntry, ...] = ()
    scatter: tuple[ScatterEntry, ...] = ()
    light: dict[TimeOfDay, LightEntry] | Slug = {}
    water: WaterEntry | None = None
