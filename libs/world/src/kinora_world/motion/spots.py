"""Spots of a body that hands touch: the mouth, a knee, a partner's back."""

import numpy as np

from kinora_world.cast import Figure
from kinora_world.cast.skeleton import Skeleton
from kinora_world.keeping import kept_with
from kinora_world.scene import F8

_LANDMARKS = {"mouth": "mouth", "nose": "nose", "chin": "chin", "crown": "crown"}
_GROWN = 0.95  # metres from floor to hips of the figure that lengths are given for


def size_of(skeleton: Skeleton) -> float:
    """How big somebody is beside a grown-up."""
    return float(skeleton.offsets[0, 2]) / _GROWN


@kept_with(0)
def spots_of(figure: Figure) -> dict[str, tuple[int, F8]]:
    """Bone and offset (3,) in its canonical axes by name. Those with a side end in .Left or .Right."""
    skeleton, s = figure.skeleton, size_of(figure.skeleton)
    head = skeleton.index("Head")
    at = {name: np.array(place) - skeleton.heads[head] for name, place in figure.landmarks.items()}
    eyes = (at["eye_left"] + at["eye_right"]) / 2
    found = {name: (head, at[mark]) for name, mark in _LANDMARKS.items()}
    found["brow"] = (head, eyes + np.array([0, -0.02, 0.055]) * s)
    found["eyes"] = (head, eyes + np.array([0, -0.02, 0.0]) * s)
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        out = np.array([sign, 1.0, 1.0])
        found[f"eye.{side}"] = (head, at["eye_left"] * out + np.array([0, -0.015, 0]) * s)
        found[f"cheek.{side}"] = (head, (eyes + at["mouth"]) / 2 + np.array([0.055 * sign, 0.015, 0]) * s)
        found[f"ear.{side}"] = (head, eyes + np.array([0.078 * sign, 0.085, -0.02]) * s)
        found[f"temple.{side}"] = (head, eyes + np.array([0.066 * sign, 0.03, 0.03]) * s)
        found[f"crown.{side}"] = (head, at["crown"] + np.array([0.06 * sign, 0.01, -0.035]) * s)
    return found | _trunk(figure, s) | _limbs(skeleton, s)


def _trunk(figure: Figure, s: float) -> dict[str, tuple[int, F8]]:
    """On the clothed surface of the trunk, found at the height of its bones."""
    skeleton = figure.skeleton
    found = {}
    for name, bone, rise, aside in (
        ("belly", "Spine", 0.02, 0.0), ("chest", "Spine2", 0.04, 0.0), ("heart", "Spine2", 0.06, 0.06), ("throat", "Neck", 0.0, 0.0),
    ):  # fmt: skip
        found[name] = _surface(figure, bone, aside * s, rise * s, front=True)
    for name, bone, rise in (("back", "Spine2", 0.02), ("loins", "Spine1", -0.02), ("nape", "Neck", 0.02), ("seat", "Hips", -0.02)):
        found[name] = _surface(figure, bone, 0.0, rise * s, front=False)
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        found[f"back.{side}"] = _surface(figure, "Spine2", 0.09 * sign * s, 0.0, front=False)
        found[f"loins.{side}"] = _surface(figure, "Spine1", 0.08 * sign * s, -0.03 * s, front=False)
        found[f"belly.{side}"] = _surface(figure, "Spine1", 0.07 * sign * s, 0.0, front=True)
        found[f"chest.{side}"] = _surface(figure, "Spine2", 0.08 * sign * s, 0.02 * s, front=True)
        found[f"hip.{side}"] = (0, np.array([sign * (skeleton.clearance * 0.35 + 0.125) * s, -0.03 * s, 0.06 * s]))
    return found


def _surface(figure: Figure, bone: str, aside: float, rise: float, *, front: bool) -> tuple[int, F8]:
    i = figure.skeleton.index(bone)
    head = figure.skeleton.heads[i]
    skin = figure.rest[0].astype(np.float64)
    near = skin[(np.abs(skin[:, 0] - aside) < 0.035) & (np.abs(skin[:, 2] - head[2] - rise) < 0.035)]
    depth = (near[:, 1].min() if front else near[:, 1].max()) if len(near) else head[1] + (-0.12 if front else 0.12)
    return i, np.array([aside, depth - head[1], rise])


def _limbs(skeleton: Skeleton, s: float) -> dict[str, tuple[int, F8]]:
    found = {}
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        leg, thigh = skeleton.offsets[skeleton.index(f"{side}Leg")], skeleton.index(f"{side}UpLeg")
        found[f"knee.{side}"] = (thigh, leg + np.array([0, -0.075, 0.03]) * s)
        found[f"thigh.{side}"] = (thigh, leg * 0.6 + np.array([0, -0.085, 0]) * s)
        found[f"shin.{side}"] = (skeleton.index(f"{side}Leg"), np.array([0, -0.06, -0.15]) * s)
        found[f"ankle.{side}"] = (skeleton.index(f"{side}Foot"), np.array([0.0, -0.03, 0.03]) * s)
        found[f"shoulder.{side}"] = (skeleton.index(f"{side}Shoulder"), skeleton.offsets[skeleton.index(f"{side}Arm")] + [0, 0, 0.05 * s])
        found[f"elbow.{side}"] = (skeleton.index(f"{side}ForeArm"), np.array([sign * 0.02, -0.02, -0.03]) * s)
        found[f"wrist.{side}"] = (skeleton.index(f"{side}Hand"), np.zeros(3))
        found[f"palm.{side}"] = (skeleton.index(f"{side}Hand"), np.array([-sign * 0.02, 0, -0.085]) * s)
    return found


def spot_at(figure: Figure, name: str, side: str, turned: F8, placed: F8, by: F8) -> F8:
    """Stage positions (k, 3) of a spot; `side` is whose of two when the name leaves it open.

    `by` is metres from there, (outwards, forwards, upwards) of the bone in its canonical stance. Raises KeyError for an unknown spot.
    """
    spots = spots_of(figure)
    full = name if name in spots else f"{name}.{side}"
    bone, offset = spots[full]
    outwards = 1.0 if (full.rpartition(".")[2] or side) == "Left" or ("." not in full and side == "Left") else -1.0
    return np.asarray(placed[:, bone] + turned[:, bone] @ (offset + by * [outwards, -1.0, 1.0]))
