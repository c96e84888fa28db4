"""Eyes that look and blink, noses, jaws: what makes a lump somebody."""

from dataclasses import dataclass

import numpy as np

from kinora_world.cast.colour import Linear, linear, scaled
from kinora_world.cast.creatures.assembly import Assembly, Bones, Paint
from kinora_world.cast.creatures.creature import Hinge
from kinora_world.cast.creatures.pieces import dome
from kinora_world.cast.skeleton import unit
from kinora_world.scene import F8

_WHITE, _BLACK = (0.82, 0.8, 0.77), (0.006, 0.005, 0.005)
_REACH = np.radians(24)  # how far a look shape turns an eye
UP = np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye: `gaze` is where it looks at rest, `open_` how far the iris fills it (1: no white shows)."""

    side: str
    centre: F8
    radius: float
    gaze: F8
    iris: Linear
    filled: float
    pupil: str
    lid: Paint | None


def eye_bones(bones: Bones, parent: str, eyes: list[Eye]) -> None:
    for eye in eyes:
        bones.add(f"{eye.side}Eye", parent, eye.centre)
        bones.add(f"{eye.side}Lid", parent, eye.centre)


def add_eye(assembly: Assembly, eye: Eye, head: str) -> dict[str, Hinge]:
    """White, iris, pupil, a spark of light, and a lid that closes; returns the hinges that move them."""
    name, radius, bone = eye.side, eye.radius, f"{eye.side}Eye"
    beside = unit(np.cross(UP, eye.gaze))
    iris = 0.45 + 0.75 * eye.filled
    pupil, shape = {"round": (0.52 * iris, (1.0, 1.0)), "slit": (0.6 * iris, (0.42, 1.15)), "bar": (0.55 * iris, (1.3, 0.5))}[eye.pupil]
    assembly.piece("eye_white", bone, dome(eye.centre, radius, eye.gaze, 2.4), Paint(_WHITE, "plain", 0.3, outlined=False))
    assembly.piece("eye_rim", bone, dome(eye.centre, radius * 1.012, eye.gaze, min(iris * 1.12, 1.9)), _flat(scaled(eye.iris, 0.25)))
    assembly.piece("eye_iris", bone, dome(eye.centre, radius * 1.022, eye.gaze, iris), _flat(eye.iris))
    assembly.piece("eye_pupil", bone, dome(eye.centre, radius * 1.034, eye.gaze, pupil, shape=shape), _flat(_BLACK))
    spark = unit(eye.gaze + 0.42 * UP - 0.28 * np.array([1.0, 0, 0]))
    assembly.piece("eye_spark", head, dome(eye.centre, radius * 1.05, spark, 0.2), Paint((1.6, 1.6, 1.6), "glow", 0.3, outlined=False))
    if eye.lid is not None:
        up = unit(UP - 0.55 * eye.gaze)
        assembly.piece("eye_lid", f"{name}Lid", dome(eye.centre, radius * 1.09, up, 1.32, up=beside), eye.lid)
    return _hinges(name, beside)


def _flat(colour: Linear) -> Paint:
    return Paint(colour, "gloss", 0.3, outlined=False)


def _hinges(name: str, beside: F8) -> dict[str, Hinge]:
    """Positive about `beside` (leftwards of the gaze) tips the gaze down."""
    out = 1.0 if name == "Left" else -1.0
    down = _REACH * beside
    return {
        f"eyeBlink{name}": Hinge(f"{name}Lid", 1.7 * beside),
        f"eyeLookDown{name}": Hinge(f"{name}Eye", 0.7 * down),
        f"eyeLookUp{name}": Hinge(f"{name}Eye", -0.7 * down),
        f"eyeLookOut{name}": Hinge(f"{name}Eye", 0.8 * _REACH * out * UP),
        f"eyeLookIn{name}": Hinge(f"{name}Eye", -0.8 * _REACH * out * UP),
    }


def jaw_hinge(angle: float) -> dict[str, Hinge]:
    """The jaw drops by `angle` degrees."""
    return {"jawOpen": Hinge("Jaw", np.array([np.radians(angle), 0.0, 0.0]))}


def mouth_paint() -> Paint:
    return Paint(linear("#8c3a42"), "plain", 0.5)
