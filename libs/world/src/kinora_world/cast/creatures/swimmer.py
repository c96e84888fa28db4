"""Fish, whales and dolphins from a profile; octopuses and jellyfish from a bell with arms."""

import numpy as np

from kinora_world.cast.colour import Linear, linear, scaled
from kinora_world.cast.creatures.assembly import Assembly, Bones, Paint, capsule
from kinora_world.cast.creatures.creature import Creature
from kinora_world.cast.creatures.faces import Eye, add_eye, eye_bones, jaw_hinge
from kinora_world.cast.creatures.implicit import Blob, Detail, Mesh, Solid
from kinora_world.cast.creatures.look import Drawn
from kinora_world.cast.creatures.paint import tint, triangles
from kinora_world.cast.creatures.pieces import loft, mirrored
from kinora_world.cast.skeleton import SIDES, unit
from kinora_world.scene import F8
from kinora_world.species import Species, Swimmer

CHAIN = ("Head", "Hips", "Tail1", "Tail2", "Tail3", "Tail4")
_STATIONS = np.array([0.12, 0.36, 0.54, 0.68, 0.8, 0.9])  # shares of the length where the chain's bones begin
_TRIANGLES = 4200


def build_swimmer(name: str, entry: Species, q: Swimmer, size: float, coat: Linear, drawn: Drawn) -> Creature:
    length = entry.height * size
    middle = np.array([0.0, -0.4 * length, max(q.depth, 0.75 * length * max(h for h, _ in q.profile))])
    bones = _octopod(q, length, middle) if q.arms else _spine(q, length, middle)
    solid = Solid(_bell(q, length, bones) if q.arms else _trunk(q, length, middle))
    snout = solid.surface_along(bones.heads["Head"], np.array([0.0, -1.0, 0.0]), 0.5 * length)
    bones.add("Mouth", "Head", snout)
    eyes = _eyes(q, length, bones, solid, coat, entry, drawn, middle)
    eye_bones(bones, "Head", eyes)
    assembly = Assembly(bones)
    at = np.array([eye.centre for eye in eyes])
    details = [Detail(bones.heads["Head"], 0.16 * length, 0.6)]
    assembly.coat(
        solid, triangles(_TRIANGLES, entry.markings), details, entry.markings, Paint(coat, entry.finish, entry.roughness), at, length
    )
    hinges = jaw_hinge(22.0)
    for eye in eyes:
        hinges |= add_eye(assembly, eye, "Head")
    if not q.arms:
        _jaw(q, length, assembly, snout, middle, entry, coat)
        _fins(q, length, assembly, middle, Paint(tint(q.fin_colour, coat), entry.finish, entry.roughness))
    marks = {"eye_left": at[0], "eye_right": at[1], "mouth": snout, "nose": snout, "chin": snout, "neck": bones.heads["Hips"]}
    marks["crown"] = bones.heads["Head"] + np.array([0, 0, 0.2 * length])
    return assembly.finished(name, (0.9 if q.arms else 0.75) * length, marks, hinges)


def _spine(q: Swimmer, length: float, front: F8) -> Bones:
    """Those that beat their tail up and down have a bone for each fluke."""
    bones = Bones()
    bones.add("Hips", "", front + np.array([0, _STATIONS[1], 0]) * length)
    bones.add("Head", "Hips", front + np.array([0, _STATIONS[0] + 0.12, 0]) * length)
    bones.add("Jaw", "Head", front + np.array([0, 0.2, -0.02]) * length)
    for k, share in enumerate(_STATIONS[2:]):
        bones.add(f"Tail{k + 1}", f"Tail{k}" if k else "Hips", front + np.array([0, share, 0]) * length)
    for side, sign in SIDES:
        bones.add(f"{side}Arm", "Hips", front + np.array([sign * 0.06, 0.34, -0.05]) * length)
        if q.fluke == "level":
            bones.add(f"{side}Fluke", "Tail4", front + np.array([sign * 0.02, 0.92, 0]) * length)
    return bones


def _profile(q: Swimmer, share: F8) -> tuple[F8, F8]:
    at = np.linspace(0, 1, len(q.profile))
    tall, wide = np.array(q.profile).T
    return np.interp(share, at, tall), np.interp(share, at, wide)


def _trunk(q: Swimmer, length: float, front: F8) -> list[Blob]:
    """A row of short capsules whose radii follow the profile; a snout or beak before them."""
    shares = np.linspace(0.0, 1.0, 14)
    tall, wide = _profile(q, shares)
    bones = [CHAIN[max(0, int(np.searchsorted(_STATIONS, s * 0.9 + 0.06)) - 1)] for s in shares]
    found = []
    for k in range(13):
        one, other = (
            front + np.array([0, tall[j] * 0.6 + s * (1 - q.tail * 0.5) * 0.92, 0]) * length
            for j, s in ((k, shares[k]), (k + 1, shares[k + 1]))
        )
        found.append(
            capsule(
                bones[k], one, other, tall[k] * length, tall[k + 1] * length, wide=float(wide[k] / max(tall[k], 1e-6)), melt=0.05 * length
            )
        )
    if q.beak:
        root = front + np.array([0, 0.1, -0.02]) * length
        found.append(
            capsule("Head", root, root - np.array([0, 0.1 + q.beak, 0.0]) * length, 0.05 * length, 0.028 * length, melt=0.05 * length)
        )
    return found


def _octopod(q: Swimmer, length: float, front: F8) -> Bones:
    bones, centre = Bones(), front + np.array([0, 0.4, 0.22]) * length
    bones.add("Hips", "", centre)
    bones.add("Head", "Hips", centre + np.array([0, 0, 0.02]) * length)
    bones.add("Jaw", "Head", centre)
    for k in range(q.arms):
        turn = 2 * np.pi * (k + 0.5) / q.arms
        way = np.array([np.sin(turn), np.cos(turn), 0.0])
        for joint in range(4):
            drop, out = (0.02, 0.2, 0.38, 0.52)[joint], (0.1, 0.2, 0.27, 0.32)[joint]
            parent = f"Arm{k}_{joint - 1}" if joint else "Hips"
            bones.add(f"Arm{k}_{joint}", parent, centre + (way * out - np.array([0, 0, drop])) * length)
    return bones


def _bell(q: Swimmer, length: float, bones: Bones) -> list[Blob]:
    b = bones.heads
    found = [
        capsule(
            "Head",
            b["Hips"] + np.array([0, 0.03, 0.12]) * length,
            b["Hips"] + np.array([0, 0.08, 0.26]) * length,
            0.17 * length,
            0.15 * length,
            melt=0.08 * length,
        ),
        capsule("Hips", b["Hips"], b["Hips"] + np.array([0, 0, 0.08]) * length, 0.13 * length, melt=0.08 * length),
    ]
    for k in range(q.arms):
        joints = [b[f"Arm{k}_{j}"] for j in range(4)]
        joints.append(joints[3] + 0.8 * (joints[3] - joints[2]))
        radii = np.array([0.055, 0.042, 0.03, 0.019, 0.008]) * length
        found += [capsule(f"Arm{k}_{j}", joints[j], joints[j + 1], radii[j], radii[j + 1], melt=0.03 * length) for j in range(4)]
    return found


def _eyes(q: Swimmer, length: float, bones: Bones, solid: Solid, coat: Linear, entry: Species, drawn: Drawn, front: F8) -> list[Eye]:
    found = []
    radius = q.eye * length * (1 + 0.5 * (drawn.eyes - 1))
    start = bones.heads["Head"] + np.array([0, 0.02, 0.13]) * length if q.arms else front + np.array([0, q.eye_from_snout, 0.03]) * length
    for side, sign in SIDES:
        way = unit(np.array([sign * 0.55, -1.0, 0.0])) if q.arms else unit(np.array([sign, -0.25, 0.12]))
        at = solid.surface_along(start, way, 0.5 * length) - 0.45 * radius * way
        gaze = unit(way + np.array([0, -0.35, 0]))
        found.append(
            Eye(
                side, at, radius, gaze, linear(q.iris), max(0.5, drawn.filled - 0.35), "round", Paint(scaled(coat, 0.75), entry.finish, 0.6)
            )
        )
    return found


def _jaw(q: Swimmer, length: float, assembly: Assembly, snout: F8, front: F8, entry: Species, coat: Linear) -> None:
    tall, wide = (float(v) for v in _profile(q, np.array(0.06)))
    tip = snout + np.array([0, 0.025, -0.32 * tall]) * length
    root = front + np.array([0, q.mouth + 0.08, -0.62 * tall]) * length
    ratio = wide / tall
    colour = next((tint(m.colour, coat) for m in reversed(entry.markings) if m.kind == "under"), coat)
    small = 0.024 * length if q.beak else 0.3 * tall * length
    assembly.blobs(
        "jaw", Solid([capsule("Jaw", root, tip, 0.5 * tall * length, small, wide=ratio)]), 420, Paint(colour, entry.finish, entry.roughness)
    )
    inside = Solid(
        [
            capsule(
                "Jaw",
                root + np.array([0, 0, 0.012]) * length,
                tip + np.array([0, 0.01, 0.2 * tall]) * length,
                0.42 * tall * length,
                0.75 * small,
                wide=ratio,
            )
        ]
    )
    assembly.blobs("mouth", inside, 200, Paint((0.16, 0.03, 0.035), "plain", 0.7, outlined=False))


def _fins(q: Swimmer, length: float, assembly: Assembly, front: F8, paint: Paint) -> None:
    end = assembly.bones.heads["Tail4"]
    if q.fluke != "none":
        ways = {
            "upright": ((0, 0.75, 0.85), (0, 0.75, -0.7)),
            "level": ((0.9, 0.7, 0), (-0.9, 0.7, 0)),
            "fan": ((0, 0.9, 0.6), (0, 1.0, 0.0), (0, 0.9, -0.6)),
        }[q.fluke]
        thin = np.array([1.0, 0, 0]) if q.fluke != "level" else np.array([0, 0, 1.0])
        for way in ways:
            assembly.piece(
                "fluke",
                "Tail4",
                _fin(end + np.array([0, -0.02, 0]) * length, np.array(way) * q.tail * length, 0.42 * q.tail * length, thin),
                paint,
            )
    if q.dorsal:
        tall, _ = _profile(q, np.array(0.4))
        root = front + np.array([0, 0.42, 0.8 * float(tall)]) * length
        assembly.piece(
            "dorsal",
            "Hips",
            _fin(root, np.array([0, 0.65, 0.9]) * q.dorsal * length, 0.55 * q.dorsal * length, np.array([1.0, 0, 0])),
            paint,
        )
    for side, sign in SIDES:
        fin = _fin(
            assembly.bones.heads["LeftArm"],
            np.array([0.8, 0.55, -0.35]) * q.pectoral * length,
            0.36 * q.pectoral * length,
            np.array([0.3, 0, 1.0]),
        )
        assembly.piece("pectorals", f"{side}Arm", fin if sign > 0 else mirrored(fin), paint)


def _fin(root: F8, way: F8, width: float, thin: F8) -> Mesh:
    share = np.linspace(-0.12, 1, 7)
    outline = np.array([0.9, 1.0, 0.95, 0.8, 0.6, 0.36, 0.08]) * width
    sweep = (share**2)[:, None] * np.array([0, 0.18, 0]) * float(np.linalg.norm(way))
    return loft(root + share[:, None] * way + sweep, np.stack([outline, 0.09 * outline + 0.01 * width], 1), np.cross(unit(way), thin), 8)
