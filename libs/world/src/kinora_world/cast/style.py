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
    build: float = 1.0  # on the character's weight
    hair: float = 1.0  # its bulk
    clumped: bool = False  # hair in a few pointed locks
    resting: tuple[tuple[str, float], ...] = ()  # what a face does when it does nothing: the base mesh looks tired
    targets: tuple[tuple[str, float], ...] = ()


_REALISTIC = Proportions(resting=(("mouthSmile", 0.14), ("eyeWide", 0.22)))
_CARTOON = Proportions(
    head=1.2,
    hands=1.14,
    feet=1.1,
    eyes=1.3,
    hair=1.35,
    resting=(("mouthSmile", 0.2), ("eyeWide", 0.6)),
    targets=(
        ("nose-scale-vert-decr", 0.4),
        ("nose-volume-incr", 0.3),
        ("head-round", 0.3),
        ("l-cheek-volume-incr", 0.4),
        ("r-cheek-volume-incr", 0.4),
    ),
)
_ANIME = Proportions(
    head=1.12,
    hands=0.96,
    eyes=1.45,
    build=0.75,
    hair=1.5,
    clumped=True,
    resting=(("mouthSmile", 0.1),),
    targets=(
        ("nose-scale-vert-decr", 0.35),
        ("nose-scale-horiz-decr", 0.45),
        ("nose-scale-depth-decr", 0.35),
        ("mouth-scale-horiz-decr", 0.7),
        ("chin-width-decr", 0.9),
        ("head-scale-horiz-incr", 0.3),
    ),
)
STYLES = {
    "realistic": _REALISTIC,
    "noir": _REALISTIC,
    "sketch": _REALISTIC,
    "cartoon": _CARTOON,
    "pixel": replace(_CARTOON, head=1.35, hands=1.2, feet=1.2),
    "claymation": replace(_CARTOON, head=1.28, hands=1.3, feet=1.25, build=1.15),
    "anime": _ANIME,
    "watercolour": replace(_CARTOON, head=1.1, hands=1.0, feet=1.0, eyes=1.18),
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
        for region, factor in (("head", self.proportions.head), ("hands", self.proportions.hands), ("feet", self.proportions.feet)):
            for side, pivot in self.pivots.items():
                if side.startswith(region):
                    moved += (factor - 1) * weights[side][:, None] * (moved - pivot)
        return moved


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
        **{f"{part}{side}": (side + bone,) for part, bone in (("hands", "Hand"), ("feet", "Foot")) for side in ("Left", "Right")},
    }
    heads = data.heads @ vertices
    weights, pivots = {}, {}
    for region, (bone,) in names.items():
        members = [i for i in range(len(data.bones)) if _descends(data, i, bone)]
        weights[region] = np.asarray(data.weights[:, members].sum(1)).ravel()
        pivots[region] = heads[data.bones.index(bone)]
    left, right = (vertices[np.unique(data.groups[g])].mean(0) for g in ("left-eye", "right-eye"))
    return Warp(proportions, (left, right), pivots, reach=float(left[0] - right[0]) * 0.5), weights


def _descends(data: BodyData, bone: int, ancestor: str) -> bool:
    while bone >= 0:
        if data.bones[bone] == ancestor:
            return True
        bone = data.parents[bone]
    return False
