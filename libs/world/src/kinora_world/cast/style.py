"""Drawn styles bend proportions: larger eyes and head, smaller nose and mouth."""

from dataclasses import dataclass, replace

import numpy as np

from kinora_world.assets import BodyData
from kinora_world.scene import F8


@dataclass(frozen=True, slots=True)
class Proportions:
    """How a style departs from life. Factors of 1 change nothing."""

    head: float = 1.0
    hands: float = 1.0
    feet: float = 1.0
    eyes: float = 1.0
    jaw: float = 0.0  # how much narrower the chin is, as a share
    neck: float = 1.0  # its thickness
    stature: float = 1.0  # without what a larger head adds
    build: float = 1.0  # on the character's weight
    hair: float = 1.0  # its bulk
    clumped: bool = False  # hair in a few pointed locks
    strand: float = 1.0  # the width of combed strands
    resting: tuple[tuple[str, float], ...] = ()  # what a face does when it does nothing: the base mesh looks tired
    targets: tuple[tuple[str, float], ...] = ()


_REALISTIC = Proportions(eyes=1.05, resting=(("mouthSmile", 0.34), ("eyeWide", 0.26), ("cheekSquint", 0.2), ("browOuterUp", 0.1)))
_CARTOON = Proportions(
    head=1.5,
    hands=1.2,
    feet=1.16,
    eyes=1.75,
    jaw=0.14,
    neck=0.8,
    stature=0.9,
    build=0.9,
    hair=1.3,
    strand=2.1,
    resting=(("mouthSmile", 0.45), ("eyeWide", 0.6)),
    targets=(
        ("nose-scale-vert-decr", 0.8),
        ("nose-scale-horiz-decr", 0.3),
        ("nose-hump-decr", 0.5),
        ("head-round", 0.5),
        ("mouth-scale-horiz-incr", 0.3),
        ("l-cheek-volume-incr", 0.4),
        ("r-cheek-volume-incr", 0.4),
    ),
)
_ANIME = Proportions(
    head=1.26,
    hands=0.96,
    eyes=1.5,
    jaw=0.24,
    neck=0.78,
    stature=0.94,
    build=0.7,
    hair=1.5,
    clumped=True,
    resting=(("mouthSmile", 0.1),),
    targets=(
        ("nose-scale-vert-decr", 0.6),
        ("nose-scale-horiz-decr", 0.8),
        ("nose-scale-depth-decr", 0.9),
        ("nose-volume-decr", 0.8),
        ("mouth-scale-horiz-decr", 0.8),
        ("mouth-lowerlip-volume-decr", 0.9),
        ("mouth-upperlip-volume-decr", 0.9),
        ("chin-width-decr", 1.0),
        ("head-scale-horiz-incr", 0.3),
    ),
)
STYLES = {
    "realistic": _REALISTIC,
    "noir": _REALISTIC,
    "sketch": _REALISTIC,
    "cartoon": _CARTOON,
    "pixel": replace(_CARTOON, head=1.6, hands=1.2, feet=1.2),
    "claymation": replace(_CARTOON, head=1.45, hands=1.3, feet=1.25, build=1.15),
    "anime": _ANIME,
    "watercolour": replace(_CARTOON, head=1.15, hands=1.0, feet=1.0, eyes=1.2, jaw=0.06, stature=1.0),
}


@dataclass(frozen=True, slots=True)
class Warp:
    """A map of rest space to rest space that follows a body's own landmarks. Points carry the weights of their vertices."""

    proportions: Proportions
    eyes: tuple[F8, F8]
    pivots: dict[str, F8]  # where head, hands and feet are joined
    reach: float  # radius of the eye region, metres

    def __call__(self, points: F8, weights: dict[str, F8]) -> F8:
        """Points (n, 3) with each region's weight (n,) to warped points (n, 3)."""
        moved = points.copy()
        for eye in self.eyes:
            moved += _eye_growth(points, eye, self.reach, self.proportions.eyes)
        moved[:, 0] *= 1 - self._narrowing(points, weights["head"])
        slim = (self.proportions.neck - 1) * weights["neck"]
        moved[:, :2] += slim[:, None] * (moved - self.pivots["neck"])[:, :2]
        for region, factor in (("head", self.proportions.head), ("hands", self.proportions.hands), ("feet", self.proportions.feet)):
            for side, pivot in self.pivots.items():
                if side.startswith(region):
                    moved += (factor - 1) * weights[side][:, None] * (moved - pivot)
        return moved

    def _narrowing(self, points: F8, head: F8) -> F8:
        """How much narrower each point's surroundings are: nothing at the eyes, all of it at the chin, none behind the ears."""
        eye = self.eyes[0]
        down = np.clip((eye[2] - points[:, 2]) / (3.6 * self.reach), 0, 1)
        front = np.clip((eye[1] + 3.4 * self.reach - points[:, 1]) / (2 * self.reach), 0, 1)
        return np.asarray(self.proportions.jaw * down**1.5 * front * head)


def _eye_growth(points: F8, eye: F8, reach: float, factor: float) -> F8:
    """Growth across the face that dies out smoothly at `reach`; depth stays, so the eyeball keeps its lids."""
    offset = points - eye
    offset[:, 1] = 0
    near = np.clip(1 - (offset**2).sum(1) / reach**2, 0, 1) ** 2 * (np.abs(points[:, 1] - eye[1]) < 2.2 * reach)
    return np.asarray((factor - 1) * near[:, None] * offset)


def make_warp(data: BodyData, vertices: F8, proportions: Proportions) -> tuple[Warp, dict[str, F8]]:
    """The warp of one body and the region weights of its vertices."""
    names = {
        "head": ("Head",),
        "neck": ("Neck",),
        **{f"{part}{side}": (side + bone,) for part, bone in (("hands", "Hand"), ("feet", "Foot")) for side in ("Left", "Right")},
    }
    heads = data.heads @ vertices
    weights, pivots = {}, {}
    for region, (bone,) in names.items():
        members = [data.bones.index(bone)] if region == "neck" else [i for i in range(len(data.bones)) if _descends(data, i, bone)]
        weights[region] = np.asarray(data.weights[:, members].sum(1)).ravel()
        pivots[region] = heads[data.bones.index(bone)]
    left, right = (vertices[np.unique(data.groups[g])].mean(0) for g in ("left-eye", "right-eye"))
    return Warp(
        proportions, (left, right), pivots, reach=float(left[0] - right[0]) * 0.5 * (1.2 if proportions.eyes > 1.6 else 1.0)
    ), weights


def _descends(data: BodyData, bone: int, ancestor: str) -> bool:
    while bone >= 0:
        if data.bones[bone] == ancestor:
            return True
        bone = data.parents[bone]
    return False
