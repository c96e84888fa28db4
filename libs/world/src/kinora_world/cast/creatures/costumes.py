"""What makes one being unlike the other: faces, plates, ears, horns, icing. Each returns nothing and adds its pieces."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from kinora_world.cast.colour import Linear, linear, scaled
from kinora_world.cast.creatures.assembly import Assembly, Paint
from kinora_world.cast.creatures.creature import rotation_of
from kinora_world.cast.creatures.implicit import Mesh, Solid
from kinora_world.cast.creatures.pieces import ball, curve, dome, loft, mirrored, tapered
from kinora_world.cast.skeleton import SIDES, unit
from kinora_world.scene import F8

if TYPE_CHECKING:
    from kinora_world.cast.creatures.being import Stature

_WHITE, _BLACK = (0.85, 0.84, 0.82), (0.008, 0.008, 0.01)
_UP, _SIDE = np.array([0.0, 0.0, 1.0]), np.array([1.0, 0.0, 0.0])


def dress(assembly: Assembly, s: "Stature", solid: Solid, coat: Linear, iris: Linear) -> dict[str, F8]:
    """Adds everything beyond the coat; returns the landmarks of the face."""
    _COSTUMES[s.being.look](assembly, s, solid, coat, iris)
    front = s.crown + np.array([0, -1.0, 0]) * s.skull
    return {
        "eye_left": front + np.array([0.35, 0.1, 0.1]) * s.skull,
        "eye_right": front + np.array([-0.35, 0.1, 0.1]) * s.skull,
        "mouth": front - 0.45 * s.skull * _UP,
        "nose": front - 0.1 * s.skull * _UP,
        "chin": front - 0.9 * s.skull * _UP,
        "crown": s.crown + s.skull * _UP,
        "neck": s.bones["Neck"],
    }


def _eyes(
    assembly: Assembly, s: "Stature", solid: Solid, radius: float, apart: float, rise: float, iris: Linear, lid: Linear | None
) -> None:
    """Round eyes with pupils that wander and lids that fall."""
    radius *= s.skull * (1 + 0.25 * (s.drawn.eyes - 1))
    for side, sign in SIDES:
        way = unit(np.array([sign * apart, -1.0, rise]))
        at = solid.surface_along(s.crown, way, 2 * s.skull) - 0.35 * radius * way
        gaze = unit(np.array([0.35 * sign * apart, -1.0, 0.05]))
        look = {f"eyeLook{name}{side}": _shifted(dome(at, radius * 1.03, gaze, 0.62), turn) for name, turn in _looks(sign).items()}
        assembly.piece("eye_white", "Head", dome(at, radius, gaze, 2.3), Paint(_WHITE, "plain", 0.35, outlined=False))
        assembly.piece("eye_iris", "Head", dome(at, radius * 1.03, gaze, 0.62), Paint(iris, "gloss", 0.3, outlined=False), look)
        pupil = dome(at, radius * 1.045, gaze, 0.36)
        shift = {f"eyeLook{name}{side}": _shifted(pupil, turn, at) for name, turn in _looks(sign).items()}
        assembly.piece("eye_pupil", "Head", pupil, Paint(_BLACK, "gloss", 0.3, outlined=False), shift)
        spark = unit(gaze + 0.4 * _UP - 0.3 * _SIDE)
        assembly.piece("eye_spark", "Head", dome(at, radius * 1.07, spark, 0.17), Paint((1.6, 1.6, 1.6), "glow", 0.3, outlined=False))
        if lid is not None:
            cap = dome(at, radius * 1.1, unit(_UP - 0.5 * gaze), 1.3)
            assembly.piece("eye_lid", "Head", cap, Paint(lid, "plain", 0.8), {f"eyeBlink{side}": _shifted(cap, 1.6 * _SIDE, at)})


def _looks(sign: float) -> dict[str, F8]:
    return {"Up": -0.3 * _SIDE, "Down": 0.3 * _SIDE, "Out": 0.35 * sign * _UP, "In": -0.35 * sign * _UP}


def _shifted(mesh: Mesh, turn: F8, about: F8 | None = None) -> F8:
    """Displacements (n, 3) that turn a mesh about a point, by default its own middle behind the surface."""
    centre = mesh.positions.mean(0) - 0.8 * np.ptp(mesh.positions, axis=0).max() * mesh.normals.mean(0) if about is None else about
    away = mesh.positions - centre
    return np.asarray(away @ rotation_of(turn).T - away)


def _mouth(assembly: Assembly, s: "Stature", solid: Solid, width: float, low: float, colour: Linear) -> None:
    """A dark mouth that opens downwards on the words."""
    way = unit(np.array([0.0, -1.0, -low]))
    at = solid.surface_along(s.crown, way, 2 * s.skull)
    size = np.array([width, 0.16, 0.035]) * s.skull
    lips = ball(at, size)
    away = lips.positions - at
    wide = np.where(away[:, 2:] < 0, 8.0, 2.0) * away * [0, 0, 1.0]
    smile = (away[:, :1] / (width * s.skull)) ** 2 * np.array([0, 0, 0.12 * s.skull])
    assembly.piece(
        "mouth",
        "Head",
        Mesh(lips.positions + smile, lips.normals, lips.triangles),
        Paint(colour, "plain", 0.8, outlined=False),
        {"jawOpen": wide},
    )


def _robot(assembly: Assembly, s: "Stature", _solid: Solid, coat: Linear, iris: Linear) -> None:
    shell, dark = Paint(coat, "metal", 0.35), Paint((0.05, 0.055, 0.065), "metal", 0.5)
    glow = Paint((2.2 * iris[0], 2.2 * iris[1], 2.2 * iris[2]), "glow", 0.3, outlined=False)
    b, r, u = s.bones, s.radius, s.unit
    for side, _ in SIDES:
        chains = (("Arm", "ForeArm", "arm"), ("ForeArm", "Hand", "wrist"), ("UpLeg", "Leg", "thigh"), ("Leg", "Foot", "shin"))
        for bone, end, part in chains:
            one, other = b[side + bone], b[side + end]
            assembly.piece(
                "plates", side + bone, _tube(one + 0.14 * (other - one), other - 0.14 * (other - one), 1.0 * r(part), 1.12 * r(part)), shell
            )
            assembly.piece("joints", side + bone, ball(one, 0.92 * r(part)), dark)
        assembly.piece("joints", f"{side}Hand", ball(b[f"{side}Hand"], 0.9 * r("wrist")), dark)
        palm = b[f"{side}HandMiddle1"]
        assembly.piece("plates", f"{side}Hand", _tube(b[f"{side}Hand"], palm, 0.8 * r("hand"), 0.95 * r("hand")), shell)
        for finger in ("Index", "Middle", "Pinky", "Thumb"):
            for k in (1, 2):
                one, other = b[f"{side}Hand{finger}{k}"], b[f"{side}Hand{finger}{k + 1}"]
                assembly.piece(
                    "fingers", f"{side}Hand{finger}{k}", _tube(one, other + 0.25 * (other - one), 0.24 * r("hand"), 0.2 * r("hand")), dark
                )
        toe = b[f"{side}ToeBase"]
        heel = np.array([b[f"{side}Foot"][0], b[f"{side}Foot"][1] + 0.5 * r("foot"), toe[2]])
        assembly.piece(
            "plates",
            f"{side}Foot",
            _box(
                0.5 * (heel + toe) + [0, -0.02 * u, 0.1 * r("foot")],
                np.array([0.95 * r("foot"), 0.55 * abs(heel[1] - toe[1]) + 0.9 * r("foot"), 0.75 * r("foot")]),
            ),
            shell,
        )
    chest, hips = 0.5 * (b["Spine2"] + b["Neck"]), b["Hips"]
    assembly.piece("plates", "Spine2", _box(chest - [0, 0, 0.05 * u], np.array([0.2, 0.12, 0.17]) * u * s.being.girth), shell)
    assembly.piece("joints", "Spine1", _tube(b["Spine"], b["Spine2"], 0.09 * u, 0.09 * u), dark)
    assembly.piece("plates", "Hips", _box(hips, np.array([0.15, 0.1, 0.085]) * u * s.being.girth), shell)
    assembly.piece(
        "lights", "Spine2", dome(chest + np.array([0, -0.105, -0.03]) * u * s.being.girth, 0.045 * u, np.array([0, -1.0, 0]), 1.2), glow
    )
    assembly.piece("joints", "Neck", _tube(b["Neck"] - [0, 0, 0.03 * u], b["Head"] + [0, 0, 0.03 * u], 0.045 * u, 0.045 * u), dark)
    _robot_head(assembly, s, shell, dark, glow)


def _robot_head(assembly: Assembly, s: "Stature", shell: Paint, dark: Paint, glow: Paint) -> None:
    k, c = s.skull, s.crown
    assembly.piece("plates", "Head", _box(c, np.array([1.0, 0.95, 0.92]) * k), shell)
    assembly.piece("visor", "Head", _box(c + np.array([0, -0.5, 0.12]) * k, np.array([0.82, 0.5, 0.38]) * k), dark)
    for side, sign in SIDES:
        at = c + np.array([0.38 * sign, -0.93, 0.14]) * k
        eye = dome(at, 0.24 * k, np.array([0, -1.0, 0]), 1.4)
        shut = (at - eye.positions) * [0, 0, 0.92]
        assembly.piece("lights", "Head", eye, glow, {f"eyeBlink{side}": shut})
        assembly.piece(
            "joints", "Head", _tube(c + np.array([0.95 * sign, 0, 0]) * k, c + np.array([1.18 * sign, 0, 0]) * k, 0.3 * k, 0.26 * k), dark
        )
    at = c + np.array([0, -0.95, -0.52]) * k
    grille = _box(at, np.array([0.4, 0.05, 0.05]) * k)
    assembly.piece("lights", "Head", grille, glow, {"jawOpen": (grille.positions - at) * [0, 0, 5.0]})
    top = c + np.array([0.0, 0, 0.9]) * k
    assembly.piece("joints", "Head", _tube(top, top + 0.5 * k * _UP, 0.05 * k, 0.04 * k), dark)
    assembly.piece("lights", "Head", ball(top + 0.55 * k * _UP, 0.12 * k), glow)


def _tube(start: F8, end: F8, first: float, second: float) -> Mesh:
    """A capped cylinder with soft edges."""
    start, end = np.asarray(start, float), np.asarray(end, float)
    shares = np.array([0.0, 0.02, 0.12, 0.88, 0.98, 1.0])
    radii = (first + (second - first) * shares) * np.array([0.55, 0.85, 1.0, 1.0, 0.85, 0.55])
    way = end - start
    side = np.array([1.0, 0, 0]) if abs(way[0]) < 0.8 * np.linalg.norm(way) else np.array([0, 0, 1.0])
    return loft(start + way * shares[:, None], np.stack([radii, radii], 1), side, 12)


def _box(centre: F8, half: F8) -> Mesh:
    """A box with round edges: a superellipsoid."""
    sphere = ball(np.zeros(3), 1.0)
    p = np.sign(sphere.positions) * np.abs(sphere.positions) ** 0.36
    p /= np.maximum(np.abs(p).max(1, keepdims=True), 1e-6) ** 0.82
    n = np.sign(p) * np.abs(p) ** 5 + 0.06 * p
    return Mesh(np.asarray(centre) + p * half, unit(n / half), sphere.triangles)


def _alien(assembly: Assembly, s: "Stature", solid: Solid, coat: Linear, iris: Linear) -> None:
    k = s.skull
    for side, sign in SIDES:
        way = unit(np.array([sign * 0.52, -1.0, 0.02]))
        at = solid.surface_along(s.crown, way, 2 * k)
        eye = ball(np.zeros(3), np.array([0.2, 0.13, 0.36]) * k)
        tilt = rotation_of(np.array([0, sign * 0.5, 0])) @ np.eye(3)
        eye = Mesh(at - 0.04 * k * way + eye.positions @ tilt.T, eye.normals @ tilt.T, eye.triangles)
        shut = (at - eye.positions) * [0.1, 0, 0.85]
        assembly.piece("eyes", "Head", eye, Paint(iris, "gloss", 0.15, outlined=False), {f"eyeBlink{side}": shut})
        spark = at + np.array([-0.05 - 0.02 * sign, -0.13, 0.14]) * k
        assembly.piece("eye_spark", "Head", ball(spark, 0.045 * k), Paint((1.5, 1.5, 1.5), "glow", 0.3, outlined=False))
    _mouth(assembly, s, solid, 0.2, 0.75, scaled(coat, 0.25))


def _monster(assembly: Assembly, s: "Stature", solid: Solid, coat: Linear, iris: Linear) -> None:
    k = s.skull
    _eyes(assembly, s, solid, 0.36, 0.42, 0.42, iris, scaled(coat, 0.8))
    _mouth(assembly, s, solid, 0.62, 0.35, (0.12, 0.02, 0.03))
    for _, sign in SIDES:
        root = s.crown + np.array([0.62 * sign, 0.0, 0.7]) * k
        path = curve(root, np.array([0.4 * sign, 0, 0.25]) * k, np.array([0.05 * sign, 0, 0.55]) * k, count=8)
        assembly.piece(
            "horns",
            "Head",
            loft(path, np.stack([tapered(8, 0.2, 0.17, 0.02)] * 2, 1) * k, np.array([0, 1.0, 0]), 10),
            Paint(linear("#ead9a8"), "gloss", 0.4),
        )
        tooth = solid.surface_along(s.crown, unit(np.array([0.3 * sign, -1.0, -0.33])), 2 * k)
        fang = curve(tooth + np.array([0, -0.02, -0.02]) * k, np.array([0, -0.05, 0.26]) * k, count=4)
        assembly.piece(
            "teeth",
            "Head",
            loft(fang, np.stack([tapered(4, 0.09, 0.08, 0.01)] * 2, 1) * k, _SIDE, 8),
            Paint(linear("#f4efe0"), "gloss", 0.4),
        )


def _teddy(assembly: Assembly, s: "Stature", solid: Solid, coat: Linear, iris: Linear) -> None:
    k, light = s.skull, Paint(linear("#e2c493"), "fur", 0.9)
    _eyes(assembly, s, solid, 0.15, 0.4, 0.22, iris, scaled(coat, 0.85))
    at = solid.surface_along(s.crown, unit(np.array([0, -1.0, -0.28])), 2 * k)
    assembly.piece("snout", "Head", ball(at, np.array([0.4, 0.3, 0.32]) * k), light)
    assembly.piece(
        "nose", "Head", ball(at + np.array([0, -0.28, 0.14]) * k, np.array([0.15, 0.1, 0.1]) * k), Paint((0.03, 0.02, 0.02), "gloss", 0.35)
    )
    lips = ball(at + np.array([0, -0.27, -0.12]) * k, np.array([0.14, 0.06, 0.025]) * k)
    away = lips.positions - lips.positions.mean(0)
    assembly.piece("mouth", "Head", lips, Paint((0.08, 0.02, 0.02), "plain", 0.8, outlined=False), {"jawOpen": away * [0, 0, 4.0]})
    ear = solid.surface_along(s.crown, unit(np.array([0.75, 0.0, 0.72])), 2 * k)
    outer, inner = ball(ear, np.array([0.36, 0.16, 0.36]) * k), ball(ear + np.array([0, -0.1, 0]) * k, np.array([0.22, 0.1, 0.22]) * k)
    for mesh, paint in ((outer, Paint(coat, "fur", 0.9)), (inner, light)):
        assembly.piece("ears", "Head", mesh, paint) if paint is not light else assembly.piece("ears_within", "Head", mesh, paint)
        assembly.piece("ears", "Head", mirrored(mesh), paint) if paint is not light else assembly.piece(
            "ears_within", "Head", mirrored(mesh), paint
        )
    belly = solid.surface_along(s.bones["Spine1"], np.array([0, -1.0, 0]), s.unit)
    assembly.piece(
        "tummy", "Spine1", ball(belly + np.array([0, 0.5, 0]) * 0.1 * s.unit, np.array([0.11, 0.06, 0.13]) * s.unit * s.being.girth), light
    )
    bow = s.bones["Neck"] + np.array([0, -1.0, -0.35]) * s.radius("chest")
    for _, sign in SIDES:
        wing = curve(bow, np.array([0.12 * sign, -0.01, 0.03]) * s.unit, count=5)
        assembly.piece(
            "bow",
            "Spine2",
            loft(wing, np.array([[0.02, 0.015], [0.035, 0.022], [0.05, 0.026], [0.055, 0.024], [0.045, 0.012]]) * s.unit, _UP, 10),
            Paint(linear("#c0262e"), "cloth", 0.8),
        )
    assembly.piece("bow", "Spine2", ball(bow, np.array([0.026, 0.026, 0.03]) * s.unit), Paint(linear("#c0262e"), "cloth", 0.8))


def _gingerbread(assembly: Assembly, s: "Stature", solid: Solid, coat: Linear, iris: Linear) -> None:
    icing = Paint(linear("#fbf4ea"), "gloss", 0.5)
    _eyes(assembly, s, solid, 0.15, 0.36, 0.18, iris, scaled(coat, 0.9))
    _mouth(assembly, s, solid, 0.42, 0.34, linear("#f6ede2"))
    for height, colour in ((0.25, "#c8262c"), (0.55, "#2f9a46"), (0.85, "#c8262c")):
        at = s.bones["Spine"] + height * (s.bones["Neck"] - s.bones["Spine"]) * 0.8
        button = solid.surface_along(at, np.array([0, -1.0, 0]), s.unit)
        assembly.piece(
            f"button{colour[1:]}",
            "Spine1" if height < 0.5 else "Spine2",
            ball(button, np.array([0.03, 0.018, 0.03]) * s.unit),
            Paint(linear(colour), "gloss", 0.3),
        )
    for side, _ in SIDES:
        for bone, end, part, share in (("ForeArm", "Hand", "wrist", 0.85), ("Leg", "Foot", "shin", 0.72)):
            one, other = s.bones[side + bone], s.bones[side + end]
            assembly.piece("icing", side + bone, _ring(one + share * (other - one), other - one, 1.12 * s.radius(part)), icing)


def _ring(centre: F8, along: F8, radius: float) -> Mesh:
    """A wavy line of icing around a limb."""
    turn = np.linspace(0, 2 * np.pi, 33)
    axis = unit(along)
    one = unit(np.cross(axis, np.array([0.3, 1.0, 0.2])))
    other = np.cross(axis, one)
    path = (
        centre + radius * (np.cos(turn)[:, None] * one + np.sin(turn)[:, None] * other) + 0.25 * radius * np.sin(6 * turn)[:, None] * axis
    )
    return loft(path, np.full((33, 2), 0.2 * radius), axis, 7)


_COSTUMES: dict[str, Callable[[Assembly, "Stature", Solid, Linear, Linear], None]] = {
    "robot": _robot,
    "alien": _alien,
    "monster": _monster,
    "teddy": _teddy,
    "gingerbread": _gingerbread,
}
