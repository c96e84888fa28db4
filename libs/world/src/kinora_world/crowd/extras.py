"""One kind of bystander: a body coarsened until it is cheap, and its movements as a few poses to blend between."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from kinora_world.cast import Figure, build_body
from kinora_world.look.coarse import coarser
from kinora_world.scene import F4, F8, I4, Pose
from kinora_world.storyboard import Character, Clothes, Garment, Hair

Doing = Literal["stand", "walk", "cheer"]
PHASES = 8  # poses of one pass of a movement
WALK = 1.25  # metres a second
PASS = {"stand": 4.2, "walk": 1.1, "cheer": 0.9}  # seconds
_CELLS = {"skin": 0.055, "hair": 0.03, "eye": 0.014}  # metres between the vertices that are kept
_CELL = 0.085  # of all else
_FACE = 0.02
_ROLES = {
    "skin": "skin",
    "hair": "hair",
    "locks": "hair",
    "brow": "hair",
    "beard": "hair",
    "eye": "eye",
    "shoes": "shoes",
    "sole": "shoes",
    "hat": "hair",
    "hat_trim": "hair",
}
_LEFT_OUT = {"teeth", "tongue", "lash", "laces"}
_GREY = "#888888"


@dataclass(frozen=True, slots=True)
class Extra:
    """`parts` are triangles by role: skin, hair, eye, shoes, top, bottom."""

    parts: dict[str, I4]
    rest: tuple[F4, F4]  # positions and normals (n, 3)
    height: float
    passes: dict[Doing, tuple[F4, F4]]  # positions and normals (PHASES, n, 3), standing on the origin and facing -Y


def _person(number: int) -> Character:
    """A few looks that differ in outline; colours come later."""
    feminine = float(number % 2)
    tops = ("tshirt", "dress", "shirt", "sweater")
    bottoms = ("jeans", "trousers", "shorts", "skirt")
    hairs = ("short", "long", "undercut", "bun")
    clothes = Clothes(
        top=Garment(kind=tops[number], colour=_GREY),
        bottom=Garment(kind=bottoms[number], colour=_GREY),
        shoes=Garment(kind="ballet_shoes" if feminine else "sneakers", colour=_GREY),
        hat=Garment(kind="cap", colour=_GREY) if number == 2 else None,
    )
    looks = Hair(style=hairs[number], colour=_GREY)
    return Character(
        id=f"extra_{number}",
        name="Somebody",
        age_years=24 + 9 * number,
        feminine=feminine,
        weight=0.45 + 0.1 * number,
        hair=looks,
        clothes=clothes,
    )


KINDS = 4


@lru_cache(maxsize=16)
def extra(number: int, style: str, doings: tuple[Doing, ...]) -> Extra:
    """The bystander `number` of KINDS in a style, with the movements asked for."""
    figure = build_body(_person(number), style)
    rough: dict[str, list[I4]] = {}
    for part in figure.parts:
        if part.name not in _LEFT_OUT:
            role = _ROLES.get(part.name, "bottom" if part.name.startswith("bottom") else "top")
            rough.setdefault(role, []).extend(_coarse(figure, part.triangles, role))
    merged = {role: np.concatenate(found) for role, found in rough.items()}
    used = np.unique(np.concatenate(list(merged.values())))
    parts = {role: np.searchsorted(used, triangles).astype(np.int32) for role, triangles in merged.items()}
    passes = {doing: _pass(figure, doing, used) for doing in doings}
    return Extra(parts, (figure.rest[0][used], figure.rest[1][used]), figure.height, passes)


def _coarse(figure: Figure, triangles: I4, role: str) -> list[I4]:
    """Fewer triangles; a face keeps more of them than the rest."""
    rest, mouth = figure.rest[0], figure.landmarks["mouth"]
    middle = rest[triangles].mean(1)
    head = middle[:, 2] > figure.landmarks["neck"][2]
    within = (np.abs(middle - mouth) < (0.03, 0.05, 0.03)).all(1) & (middle[:, 1] > mouth[1] + 0.014)
    cell = _CELLS.get(role, _CELL)
    chosen = ((triangles[head & ~within], _FACE if role == "skin" else cell), (triangles[~head & ~within], cell))
    return [coarser(rest, some, size) for some, size in chosen if len(some)]


def _pass(figure: Figure, doing: Doing, used: I4) -> tuple[F4, F4]:
    posed = [figure.posed(_POSES[doing](2 * np.pi * k / PHASES, figure)) for k in range(PHASES)]
    return np.stack([p[used] for p, _ in posed]), np.stack([n[used] for _, n in posed])


def _about(axis: int, degrees: float) -> F8:
    """A rotation (3, 3) about X, Y or Z."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    a, b = ((1, 2), (2, 0), (0, 1))[axis]
    turned = np.eye(3)
    turned[[a, a, b, b], [a, b, a, b]] = c, -s, s, c
    return turned


def _root(figure: Figure, rise: float = 0.0) -> F8:
    root = np.eye(4)
    root[2, 3] = rise * figure.height
    return root


def _stand(phase: float, figure: Figure) -> Pose:
    """Breathing, and the weight going from one leg to the other."""
    sway, hold = np.sin(phase), figure.skeleton.clearance
    arms = {f"{side}Arm": _about(1, -sign * np.degrees(hold)) @ _about(0, 3 * sway) for side, sign in (("Left", 1), ("Right", -1))}
    arms |= {f"{side}ForeArm": _about(0, -12) for side in ("Left", "Right")}
    trunk = {
        "Spine": _about(1, 1.5 * sway),
        "Spine1": _about(0, 1 + np.cos(phase)),
        "Head": _about(2, 9 * np.sin(phase + 1)) @ _about(1, -2 * sway),
    }
    return Pose(arms | trunk, _root(figure))


def _walk(phase: float, figure: Figure) -> Pose:
    """Legs swing against the arms; the knee bends while its leg comes forward."""
    turns: dict[str, F8] = {"Spine1": _about(2, 5 * np.sin(phase)), "Head": _about(2, -5 * np.sin(phase))}
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        swing = sign * np.sin(phase)
        coming = max(0.0, sign * np.cos(phase))
        turns[f"{side}UpLeg"] = _about(0, -26 * swing - 8 * coming)
        turns[f"{side}Leg"] = _about(0, 6 + 48 * coming)
        turns[f"{side}Foot"] = _about(0, -6 * swing)
        turns[f"{side}Arm"] = _about(1, -sign * np.degrees(figure.skeleton.clearance)) @ _about(0, 24 * swing)
        turns[f"{side}ForeArm"] = _about(0, -18)
    return Pose(turns, _root(figure, -0.012 * abs(float(np.sin(phase)))))


def _cheer(phase: float, figure: Figure) -> Pose:
    """Both arms up, waved from side to side, on springing knees."""
    wave, spring = np.sin(phase), 0.5 - 0.5 * np.cos(phase)
    turns: dict[str, F8] = {"Spine1": _about(1, 5 * wave), "Head": _about(0, -8)}
    for side, sign in (("Left", 1.0), ("Right", -1.0)):
        turns[f"{side}Arm"] = _about(1, -sign * (150 + 14 * sign * wave))
        turns[f"{side}ForeArm"] = _about(1, -sign * (18 - 16 * spring))
        turns[f"{side}UpLeg"] = _about(0, -10 * (1 - spring))
        turns[f"{side}Leg"] = _about(0, 20 * (1 - spring))
        turns[f"{side}Foot"] = _about(0, -10 * (1 - spring))
    return Pose(turns, _root(figure, -0.008 * (1 - spring)))


_POSES = {"stand": _stand, "walk": _walk, "cheer": _cheer}
