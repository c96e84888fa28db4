"""A pet or an object of somebody's own, as a puppet: its cut-out blown up to a cushion, which bends a little."""

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.creatures.assembly import Bones, points
from kinora_world.cast.creatures.creature import Creature, Hinge, rotation_of
from kinora_world.cast.skeleton import SIDES
from kinora_world.cast.surface import normals
from kinora_world.likeness.cutout import Cushion, blown_up
from kinora_world.scene import F4, F8, U1, BodyPart

SPECIES = "puppet"
_PUFF = 0.55  # of the thickness that would make a ball of a disc
_BROADEST = 1.6  # times as wide as high: what is broader is shown smaller
_SPEAKS = -0.16  # radians that the head goes back for a wide open mouth
_NEUTRAL = (150, 146, 140)


def build_puppet(picture: U1 | None, height: float) -> Creature:
    """Of a cut-out (h, w, 4), as high as asked, metres; without one a plain grey shape."""
    cushion = blown_up(_plain() if picture is None else picture)
    high = height * min(1.0, _BROADEST / cushion.width)
    positions = cushion.positions * (high, _PUFF * high, high)
    bones = _bones(positions, high)
    part = BodyPart("cutout", cushion.triangles, "cutout", (0.3, 0.29, 0.27), 0.85)
    return Creature(
        species=SPECIES,
        parts=(part,),
        rest=(positions.astype(np.float32), normals(positions, cushion.triangles).astype(np.float32)),
        landmarks=points(_marks(positions, high)),
        height=high,
        skeleton=bones.skeleton(),
        weights=sp.csr_matrix(_weights(cushion, tuple(bones.heads)).astype(np.float32)),
        hinges={"jawOpen": Hinge("Head", np.array([_SPEAKS, 0.0, 0.0]))},
        portrait=cushion.portrait,
    )


def turned(positions: F4, normals: F4, eye: tuple[float, float, float]) -> tuple[F4, F4]:
    """A puppet that faces the audience, (n, 3) each, turned about an upright axis towards a camera at `eye`."""
    middle = positions.mean(0) * (1, 1, 0)
    away = np.arctan2(eye[0] - middle[0], middle[1] - eye[1])
    turn = rotation_of(np.array([0.0, 0.0, away])).T.astype(np.float32)
    return ((positions - middle) @ turn + middle).astype(np.float32), normals @ turn


def _bones(positions: F8, high: float) -> Bones:
    bones, half = Bones(), float(positions[:, 0].max())
    for bone, parent, share in (("Hips", "", 0.3), ("Spine2", "Hips", 0.5), ("Neck", "Spine2", 0.62), ("Head", "Neck", 0.68)):
        bones.add(bone, parent, np.array([0, 0, share * high]))
    bones.add("Mouth", "Head", np.array([0, float(positions[:, 1].min()), 0.62 * high]))
    for side, sign in SIDES:
        bones.add(f"{side}Arm", "Spine2", np.array([sign * 0.4 * half, 0, 0.5 * high]))
    return bones


def _weights(cushion: Cushion, bones: tuple[str, ...]) -> F8:
    """(n, bones): the upper part follows the head a little, the flanks the arms, all else the hips and the spine."""
    x, z = 2 * cushion.positions[:, 0] / cushion.width, cushion.positions[:, 2]
    head = 0.6 * _eased((z - 0.5) / 0.4)
    flank = 0.45 * _eased((np.abs(x) - 0.25) / 0.75) * np.exp(-(((z - 0.45) / 0.25) ** 2))
    spine = (1 - head - flank) * _eased((z - 0.2) / 0.4)
    found = np.zeros((len(x), len(bones)))
    told = {"Head": head, "LeftArm": flank * (x > 0), "RightArm": flank * (x <= 0), "Spine2": spine}
    for bone, share in told.items():
        found[:, bones.index(bone)] = share
    found[:, bones.index("Hips")] = 1 - found.sum(1)
    return found


def _eased(share: F8) -> F8:
    share = np.clip(share, 0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def _marks(positions: F8, high: float) -> dict[str, F8]:
    front = float(positions[:, 1].min())
    heights = {"eye_left": 0.8, "eye_right": 0.8, "nose": 0.72, "mouth": 0.66, "chin": 0.6, "crown": 1.0, "neck": 0.6}
    aside = {"eye_left": 0.06, "eye_right": -0.06}
    return {name: np.array([aside.get(name, 0.0) * high, front, z * high]) for name, z in heights.items()}


def _plain() -> U1:
    """A round head on a round body."""
    y, x = np.mgrid[:200, :140] - np.array([0, 69.5])[:, None, None]
    inside = ((x / 66) ** 2 + ((y - 130) / 68) ** 2 < 1) | (x**2 + (y - 52) ** 2 < 50**2)
    picture = np.zeros((200, 140, 4), np.uint8)
    picture[inside] = (*_NEUTRAL, 255)
    return picture
