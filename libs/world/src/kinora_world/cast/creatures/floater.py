"""Ghosts and snowmen."""

import numpy as np

from kinora_world.cast.colour import Linear, linear
from kinora_world.cast.creatures.assembly import Assembly, Bones, Paint, capsule
from kinora_world.cast.creatures.creature import Creature, Hinge
from kinora_world.cast.creatures.faces import Eye, add_eye, eye_bones, jaw_hinge
from kinora_world.cast.creatures.implicit import Mesh, Solid, polygonised
from kinora_world.cast.creatures.look import Drawn
from kinora_world.cast.creatures.pieces import ball, curve, loft, tapered
from kinora_world.cast.skeleton import SIDES, unit
from kinora_world.cast.surface import normals
from kinora_world.scene import F8
from kinora_world.species import Floater, Species

_HEM = 6  # folds of a sheet's hem
_COAL = Paint((0.02, 0.02, 0.022), "plain", 0.7)


def build_floater(name: str, entry: Species, q: Floater, size: float, coat: Linear, drawn: Drawn) -> Creature:
    h = entry.height * size
    bones = _bones(q, h)
    assembly_of = _ghost if q.look == "ghost" else _snowman
    assembly, hinges = assembly_of(bones, h, q, coat, entry, drawn)
    head, skull = bones.heads["Head"], 0.2 * h
    front = head + np.array([0, -skull, 0.4 * skull])
    marks = {
        "eye_left": front + skull * np.array([0.3, 0, 0.2]),
        "eye_right": front + skull * np.array([-0.3, 0, 0.2]),
        "mouth": front,
        "nose": front,
    }
    marks |= {"chin": front - [0, 0, 0.6 * skull], "crown": head + skull * np.array([0, 0, 1.4]), "neck": head}
    return assembly.finished(name, h, marks, hinges)


def _bones(q: Floater, h: float) -> Bones:
    bones, lift = Bones(), q.hovers * h
    ghost = q.look == "ghost"
    heights = (
        {"Hips": 0.45, "Spine2": 0.58, "Neck": 0.68, "Head": 0.74} if ghost else {"Hips": 0.3, "Spine2": 0.52, "Neck": 0.7, "Head": 0.74}
    )
    parent = ""
    for bone, share in heights.items():
        bones.add(bone, parent, np.array([0, 0, lift + share * h]))
        parent = bone
    bones.add("Jaw", "Head", bones.heads["Head"])
    bones.add("Mouth", "Head", bones.heads["Head"] + np.array([0, -0.2 * h, 0.02 * h]))
    for k in range(4 if ghost else 0):
        bones.add(f"Tail{k + 1}", f"Tail{k}" if k else "Hips", np.array([0, 0, lift + (0.36 - 0.1 * k) * h]))
    for side, sign in SIDES:
        out = (0.17, 0.3) if ghost else (0.17, 0.42)
        bones.add(f"{side}Arm", "Spine2", np.array([sign * out[0] * h, 0, lift + 0.57 * h]))
        bones.add(f"{side}Hand", f"{side}Arm", np.array([sign * out[1] * h, -0.05 * h, lift + 0.62 * h]))
    return bones


def _ghost(bones: Bones, h: float, q: Floater, coat: Linear, entry: Species, drawn: Drawn) -> tuple[Assembly, dict[str, Hinge]]:
    eyes = _face_eyes(bones, h, 0.048 * (1 + 0.3 * (drawn.eyes - 1)), 0.168, q)
    eye_bones(bones, "Head", eyes)
    assembly = Assembly(bones)
    paint = Paint(coat, entry.finish, entry.roughness)
    assembly.chain("sheet", ("Head", "Spine2", "Hips", "Tail1", "Tail2", "Tail3", "Tail4"), _sheet(h, q.hovers * h), paint)
    for side, _ in SIDES:
        one, other = bones.heads[f"{side}Arm"], bones.heads[f"{side}Hand"]
        assembly.blobs("arms", Solid([capsule(f"{side}Arm", one - 0.3 * (other - one), other, 0.075 * h, 0.045 * h)]), 420, paint)
    hinges = jaw_hinge(0.0)
    for eye in eyes:
        hinges |= add_eye(assembly, eye, "Head")
    mouth = bones.heads["Head"] + np.array([0, -0.192, 0.0]) * h
    for bone, shift in (("Head", 0.0), ("Jaw", -0.012)):
        assembly.piece("mouth", bone, ball(mouth + np.array([0, 0, shift]) * h, np.array([0.04, 0.02, 0.022]) * h), _COAL)
    return assembly, hinges | {"jawOpen": Hinge("Jaw", np.array([0.16, 0.0, 0.0]))}


def _sheet(h: float, lift: float) -> Mesh:
    """A surface of revolution with a dome on top and a hem in folds."""
    rounds, rows = 40, 26
    share = np.linspace(0, 1, rows)
    turn = np.linspace(0, 2 * np.pi, rounds, endpoint=False)
    radius = 0.2 * np.sqrt(np.clip(1 - (1 - np.clip(share / 0.24, 0, 1)) ** 2, 0, 1)) + 0.1 * np.clip((share - 0.24) / 0.76, 0, 1) ** 1.3
    fold = np.clip((share - 0.35) / 0.65, 0, 1) ** 1.5
    wave = np.cos(_HEM * turn)
    r = (radius[:, None] * (1 + 0.13 * fold[:, None] * wave)) * h
    z = lift + h * (0.97 - 0.92 * share[:, None] + 0.05 * fold[:, None] * wave)
    points = np.stack([r * np.sin(turn), -r * np.cos(turn), np.broadcast_to(z, r.shape)], -1).reshape(-1, 3)
    at = np.arange(rows * rounds).reshape(rows, rounds)
    after = np.roll(at, -1, axis=1)
    faces = np.concatenate(
        [np.stack(t, -1).reshape(-1, 3) for t in ((at[:-1], at[1:], after[1:]), (at[:-1], after[1:], after[:-1]))]
    ).astype(np.int32)
    n = normals(points, faces)
    n[:rounds] = [0, 0, 1.0]
    return Mesh(np.concatenate([points, points]), np.concatenate([n, -n]), np.concatenate([faces, faces[:, ::-1] + len(points)]))


def _face_eyes(bones: Bones, h: float, radius: float, depth: float, q: Floater) -> list[Eye]:
    head = bones.heads["Head"]
    return [
        Eye(
            side,
            head + np.array([sign * 0.075, -depth + 0.02, 0.085]) * h,
            radius * h,
            unit(np.array([0.15 * sign, -1.0, 0.0])),
            linear(q.iris),
            0.75,
            "round",
            None,
        )
        for side, sign in SIDES
    ]


def _snowman(bones: Bones, h: float, _q: Floater, coat: Linear, entry: Species, drawn: Drawn) -> tuple[Assembly, dict[str, Hinge]]:
    assembly = Assembly(bones)
    paint = Paint(coat, entry.finish, entry.roughness)
    b = bones.heads
    for bone, z, r in (("Hips", 0.235, 0.25), ("Spine2", 0.56, 0.185), ("Head", 0.8, 0.135)):
        assembly.blobs("snow", Solid([capsule(bone, np.array([0, 0, z * h]), np.array([0, 0, (z + 0.01) * h]), r * h)]), 1100, paint)
    big = 1 + 0.4 * (drawn.eyes - 1)
    for _, sign in SIDES:
        assembly.piece("coal", "Head", ball(np.array([sign * 0.045, -0.122, 0.835]) * h, 0.017 * h * big), _COAL)
    nose = curve(np.array([0, -0.125, 0.805]) * h, np.array([0, -0.16, -0.015]) * h, count=6)
    assembly.piece(
        "nose",
        "Head",
        loft(nose, np.stack([tapered(6, 0.026, 0.02, 0.004) * h] * 2, 1), np.array([1.0, 0, 0]), 10),
        Paint(linear("#e0731c"), "plain", 0.7),
    )
    for k, x in enumerate(np.linspace(-0.06, 0.06, 5)):
        low = k in (1, 2, 3)
        at = np.array([x, -0.128 + 0.5 * x**2, 0.752 + 3.5 * x**2]) * h
        assembly.piece("coal", "Jaw" if low else "Head", ball(at, 0.009 * h), _COAL)
    for z in (0.5, 0.57, 0.64):
        assembly.piece(
            "coal", "Spine2", ball(np.array([0, -np.sqrt(max(0.185**2 - (z - 0.56) ** 2, 0.01)) - 0.004, z]) * h, 0.016 * h), _COAL
        )
    _sticks(assembly, b, h)
    _hat(assembly, h)
    return assembly, {"jawOpen": Hinge("Jaw", np.array([0.3, 0.0, 0.0]))}


def _sticks(assembly: Assembly, b: dict[str, F8], h: float) -> None:
    wood = Paint(linear("#4a3220"), "plain", 0.9)
    for side, sign in SIDES:
        one, other = b[f"{side}Arm"], b[f"{side}Hand"]
        assembly.piece("sticks", f"{side}Arm", loft(np.linspace(one, other, 5), np.full((5, 2), 0.011 * h), np.array([0, 1.0, 0]), 7), wood)
        for way in ((0.05, 0.0, 0.05), (0.07, 0.0, 0.0), (0.03, -0.03, 0.06)):
            tip = other + np.array([sign * way[0], way[1], way[2]]) * h
            assembly.piece(
                "sticks",
                f"{side}Arm",
                loft(np.linspace(other, tip, 4), np.stack([tapered(4, 0.009, 0.007, 0.004) * h] * 2, 1), np.array([0, 1.0, 0]), 6),
                wood,
            )


def _hat(assembly: Assembly, h: float) -> None:
    black, red = Paint((0.02, 0.02, 0.025), "plain", 0.6), Paint(linear("#b3202a"), "cloth", 0.8)
    for low, high, r, paint, name in (
        (0.905, 0.922, 0.135, black, "hat"),
        (0.915, 1.03, 0.088, black, "hat"),
        (0.92, 0.945, 0.091, red, "band"),
    ):
        path = np.array([[0, 0, low], [0, 0, low + 0.001], [0, 0, high - 0.001], [0, 0, high]]) * h
        radii = np.array([0.9, 1.0, 1.0, 0.94])[:, None] * np.full((4, 2), r * h)
        assembly.piece(name, "Head", loft(path, radii, np.array([1.0, 0, 0]), 22), paint)
    scarf = polygonised(
        Solid(
            [
                capsule("Neck", np.array([x, y, 0.7]) * h, np.array([x, y, 0.71]) * h, 0.04 * h)
                for x, y in zip(0.12 * np.sin(np.linspace(0, 5.9, 12)), 0.12 * np.cos(np.linspace(0, 5.9, 12)), strict=True)
            ]
        ),
        900,
    )
    assembly.piece("scarf", "Neck", scarf, red)
    tail = curve(np.array([0.08, -0.13, 0.7]) * h, np.array([0.02, -0.06, -0.06]) * h, np.array([0.01, 0.0, -0.14]) * h, count=7)
    assembly.piece("scarf", "Spine2", loft(tail, np.array([[0.03, 0.012]] * 7) * h, np.array([1.0, 0, 0]), 8), red)
