"""What the rooms of the engine hand to each other: plain data, no behaviour. Units as in `storyboard`; matrices act on column vectors.

speech ─→ motion ─→ physics ─→ camera ─→ look ─→ frames
   └──────────┴────────┴─→ sound
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from kinora_world.storyboard import Weather

F4 = NDArray[np.float32]
F8 = NDArray[np.float64]
I4 = NDArray[np.int32]
U1 = NDArray[np.uint8]

FPS = 24
SAMPLE_RATE = 48_000


@dataclass(frozen=True, slots=True)
class SpokenLine:
    """A line as spoken, before it is placed in space. `start` counts from the start of the whole clip."""

    shot: int
    speaker: str
    text: str
    language: str
    start: float
    samples: F4  # (n,) mono at SAMPLE_RATE, peak about 0.5
    visemes: tuple[tuple[float, Mapping[str, float]], ...]  # (seconds from `start`, face-shape weights), ascending
    words: tuple[tuple[float, str], ...]  # (seconds from `start`, word)

    @property
    def end(self) -> float:
        return self.start + len(self.samples) / SAMPLE_RATE


@dataclass(frozen=True, slots=True)
class Pose:
    """A body at one instant. Rotations are (3, 3), relative to the canonical stance, by bone name without its rig prefix."""

    rotations: Mapping[str, F8]
    root: F8  # (4, 4) body to stage
    face: Mapping[str, float] = field(default_factory=dict)  # ARKit face-shape name to weight 0..1


@dataclass(frozen=True, slots=True)
class Footfall:
    time: float  # seconds from the start of the shot
    position: tuple[float, float, float]
    strength: float  # 0..1


@dataclass(frozen=True, slots=True)
class Hold:
    """A prop is in a hand, or worn, ridden or sat on by the body, from `start` to `end`; `path` says where, unless the hand itself does."""

    prop: str
    hand: Literal["Left", "Right", "Both", "Body"]
    start: float
    end: float
    path: Callable[[float], F8] | None = None  # shot time to the (4, 4) pose of the prop


@dataclass(frozen=True, slots=True)
class Launch:
    """At `time` a prop leaves hand or foot, towards `target` (a prop or character id) or along the actor's facing."""

    prop: str
    time: float
    manner: Literal["throw", "shoot", "kick", "push", "drop"]
    target: str | None = None
    outcome: Literal["hit", "miss"] = "hit"


class Performance(Protocol):
    """One character through one shot, a pure function of time."""

    @property
    def footfalls(self) -> tuple[Footfall, ...]: ...
    @property
    def holds(self) -> tuple[Hold, ...]: ...
    @property
    def launches(self) -> tuple[Launch, ...]: ...
    def pose(self, time: float) -> Pose: ...
    def joint(self, name: str, time: float) -> F8:
        """Stage position (3,) of a bone's head, e.g. "RightHand", "LeftFoot", "Hips", "Head"."""
        ...


@dataclass(frozen=True, slots=True)
class BodyPart:
    """Triangles of a body that share a look."""

    name: str  # skin, top, bottom, shoes, hair, eye, teeth, tongue, lash, brow
    triangles: I4  # (m, 3) into the body's vertices
    finish: str  # a material of the look: skin, cloth, hair, eye, mouth, plain
    colour: tuple[float, float, float]  # linear RGB
    roughness: float = 0.6
    outlined: bool = True
    accent: tuple[float, float, float] = (1.0, 1.0, 1.0)  # a pattern's second colour, linear RGB
    casts: bool = True  # a shadow


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A person's own skin on a body: where each vertex lies on the picture (n, 3), u and v down in 0..1, and how much of it is shown there.

    picture: (height, width, 4) in sRGB; its alpha is how surely the skin was seen.
    """

    at: F4
    picture: U1


class Body(Protocol):
    """A character's skinned body: fixed topology, posed per frame."""

    def __hash__(self) -> int: ...
    @property
    def parts(self) -> tuple[BodyPart, ...]: ...
    @property
    def rest(self) -> tuple[F4, F4]:
        """Positions and normals (n, 3) in the rest pose: stable coordinates for patterns and faces."""
        ...

    @property
    def landmarks(self) -> Mapping[str, tuple[float, float, float]]:
        """Rest-pose positions: eye_left, eye_right, mouth, nose, chin, crown, neck."""
        ...

    @property
    def height(self) -> float:
        """Metres."""
        ...

    def posed(self, pose: Pose) -> tuple[F4, F4]:
        """Positions and normals (n, 3) on the stage."""
        ...


ShapeKind = Literal["box", "rounded", "sphere", "ellipsoid", "cylinder", "capsule", "cone", "torus", "plane", "lathe", "extrusion", "tube"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A primitive of a prop or place. Sizes: half-extents (box, ellipsoid, plane), (radius,), (radius, half-height), torus (ring, tube).

    Cylinders, capsules and cones stand along their local Z; a torus lies in its local XY plane. A rounded box adds the radius of its edges.
    A lathe turns a profile r0, z0, r1, z1, … about Z, from the bottom up along its outside. An extrusion (half-depth along Y, radius of its
    edges, x0, z0, x1, z1, …) has an outline that runs counter-clockwise seen from -Y. A tube (radius, x0, y0, z0, …) bends through points.
    """

    kind: ShapeKind
    size: tuple[float, ...]
    position: tuple[float, float, float] = (0.0, 0.0, 0.0)
    rotation: tuple[float, float, float] = (0.0, 0.0, 0.0)  # degrees, intrinsic XYZ
    colour: tuple[float, float, float] = (0.6, 0.6, 0.6)  # linear RGB
    finish: str = "plain"
    roughness: float = 0.6
    material: str = "wood"  # what it sounds like: wood, metal, rubber, glass, stone, cloth, plastic, soil, water, flesh
    collides: bool = True
    visible: bool = True


@dataclass(frozen=True, slots=True)
class PropKind:
    """An entry of the prop catalogue. `restitution` 0..1; `fixed` props never move. The origin is the centre of its base."""

    name: str
    shapes: tuple[Shape, ...]
    mass: float = 1.0  # kg
    friction: float = 0.7
    restitution: float = 0.3
    fixed: bool = False
    anchors: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)  # e.g. "goal": the hoop's centre
    hangs: tuple[float, float, float] | None = None  # the point it swings about, where it hangs
    breakable: bool = False  # shatters when it is struck hard


@dataclass(frozen=True, slots=True)
class Lamp:
    """A small light with a warm pool around it; casts no shadow."""

    position: tuple[float, float, float]
    colour: tuple[float, float, float]  # linear RGB times strength
    reach: float = 6.0  # metres at which it has faded out


@dataclass(frozen=True, slots=True)
class Light:
    """Directional key light (the sun, the moon, or a room's window) and the fill around it, linear RGB."""

    direction: tuple[float, float, float]  # from the stage towards the light, unit length
    key: tuple[float, float, float]
    sky: tuple[float, float, float]
    ground: tuple[float, float, float]
    fog: tuple[float, float, float]
    fog_density: float = 0.007
    lamps: tuple[Lamp, ...] = ()


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A flat picture hung in depth: what is seen behind everything on the stage, lit as it is.

    `vertices` (n, 5) are x, y, z in metres from the foot of the camera that sees the picture as it is, and the place on the picture, 0..1
    from its lower left; that camera is `distance` metres before the stage's middle. `gain` and `grey` dim and bleach it, `haze` hides what
    is far; `shade` is how dark shadows are that are cast on its ground.
    """

    picture: U1  # (height, width, 3)
    vertices: F4
    triangles: I4  # (m, 3)
    distance: float = 5.0
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    grey: float = 0.0
    haze: float = 0.0
    shade: float = 0.5


@dataclass(frozen=True, slots=True)
class StageSet:
    """A place, dressed and lit. The floor is z = 0 everywhere people stand. `wet` and `snow` 0..1 cover the ground."""

    place: str
    shapes: tuple[Shape, ...]
    ground_finish: str
    ground_material: str
    light: Light
    sky: str  # how the background is painted: clear, sunset, night, indoor
    ambience: str  # an entry of the ambience catalogue
    indoor: bool = False
    bounds: tuple[float, float, float, float] = (-6.0, -4.0, 6.0, 6.0)  # where people and cameras may go: x0, y0, x1, y1
    weather: Weather = "clear"
    wet: float = 0.0
    snow: float = 0.0
    overcast: float = 0.0  # 0..1: how much of the sky clouds hide
    wind: float = 0.0  # m/s, towards +X
    ground_colour: tuple[float, float, float] = (0.32, 0.32, 0.32)  # linear RGB, of ground finishes that take one
    backdrop: Backdrop | None = None  # instead of ground and sky


@dataclass(frozen=True, slots=True)
class Sprites:
    """Small flat pictures in the air, the furthest first: each a parallelogram about its centre, u to its right and v to its top."""

    drawing: str  # puff, flame, streak, flake, …
    centre: F4  # (n, 3)
    u: F4  # (n, 3) half its width
    v: F4  # (n, 3) half its height
    colour: F4  # (n, 4) linear RGB and opacity
    trait: F4  # (n, 2) the share of its life that is over, and a number of its own in 0..1
    adds: bool = False  # adds its light to what is behind
    glows: float = 0.0  # 0 is lit by the stage, 1 shines by itself


@dataclass(frozen=True, slots=True)
class Air:
    """What is between the things at one instant. `flash` is lightning, 0..1."""

    sprites: tuple[Sprites, ...] = ()
    lamps: tuple[Lamp, ...] = ()
    flash: float = 0.0


@dataclass(frozen=True, slots=True)
class Contact:
    """Two things struck each other."""

    time: float  # seconds from the start of the shot
    position: tuple[float, float, float]
    impulse: float  # N s
    materials: tuple[str, str]
    names: tuple[str, str]  # prop or character ids, "floor", or the place's part


@dataclass(frozen=True, slots=True)
class Motion:
    """What physics did in one shot: per prop id an (n_frames, 4, 4) pose, and every audible contact."""

    props: Mapping[str, F8]
    contacts: tuple[Contact, ...]


@dataclass(frozen=True, slots=True)
class View:
    """A camera at one instant; `fov` is vertical, degrees. `roll` tips the picture clockwise, degrees.

    `focus` is the distance in metres that is sharp; `blur` the size, as a share of the picture's height, of a point far behind it.
    """

    eye: tuple[float, float, float]
    target: tuple[float, float, float]
    fov: float
    roll: float = 0.0
    focus: float = 5.0
    blur: float = 0.0
