"""Birds, penguins and dinosaurs: a trunk on two legs."""

from dataclasses import dataclass

import numpy as np

from kinora_world.cast.colour import Linear, linear, scaled
from kinora_world.cast.creatures.assembly import Assembly, Bones, Paint, capsule
from kinora_world.cast.creatures.creature import Creature
from kinora_world.cast.creatures.faces import Eye, add_eye, eye_bones, jaw_hinge
from kinora_world.cast.creatures.implicit import Blob, Detail, Mesh, Solid
from kinora_world.cast.creatures.look import Drawn
from kinora_world.cast.creatures.paint import tint, triangles
from kinora_world.cast.creatures.pieces import ball, curve, loft, mirrored, tapered
from kinora_world.cast.creatures.wings import add_fan, add_flipper, add_wing
from kinora_world.cast.skeleton import SIDES, unit
from kinora_world.scene import F8
from kinora_world.species import Biped, Species

_TRIANGLES = 3600
_MOUTH = (0.16, 0.03, 0.035)


@dataclass(frozen=True, slots=True)
class _Frame:
    q: Biped
    h: float
    drawn: Drawn
    bones: Bones

    @property
    def skull(self) -> float:
        return self.q.skull * self.drawn.head * self.h

    @property
    def crown(self) -> F8:
        return self.bones.heads["Head"] + np.array([0.0, -0.3, 0.45]) * self.skull

    @property
    def saurian(self) -> bool:
        return self.q.tail_radius > 0

    @property
    def beak(self) -> tuple[F8, F8]:
        """From the skull's front to the tip."""
        root = self.crown + np.array([0.0, -1.0 if self.q.face_disc else -0.72, -0.12]) * self.skull
        return root, root + np.array([0.0, -1.0, -0.12]) * self.q.beak * self.drawn.head * self.h


def build_biped(name: str, entry: Species, q: Biped, size: float, coat: Linear, drawn: Drawn) -> Creature:
    h = entry.height * size
    f = _Frame(q, h, drawn, _skeleton(q, h, drawn))
    f.bones.add("Mouth", "Head", f.beak[1])
    solid = Solid([*_trunk(f), *_legs(f), *_head(f)])
    eyes = _eyes(f, solid, coat, entry)
    eye_bones(f.bones, "Head", eyes)
    assembly = Assembly(f.bones)
    at = np.array([eye.centre for eye in eyes])
    paint = Paint(coat, entry.finish, entry.roughness)
    assembly.coat(solid, triangles(_TRIANGLES, entry.markings), [Detail(f.crown, 2.0 * f.skull, 0.55)], entry.markings, paint, at, h)
    hinges = jaw_hinge(24.0)
    for eye in eyes:
        hinges |= add_eye(assembly, eye, "Head")
    _mouth(f, assembly, entry, coat)
    _feet(f, assembly)
    _plumage(f, assembly, entry, coat, solid)
    marks = {"eye_left": at[0], "eye_right": at[1], "mouth": f.beak[1], "nose": f.beak[1], "crown": f.crown + np.array([0, 0, f.skull])}
    marks |= {"neck": f.bones.heads["Neck"], "chin": f.beak[0] - np.array([0, 0, 0.5 * f.skull])}
    return assembly.finished(name, float(f.crown[2] + f.skull), marks, hinges)


def _skeleton(q: Biped, h: float, drawn: Drawn) -> Bones:
    bones, lean = Bones(), np.radians(q.lean)
    along = np.array([0.0, -np.cos(lean), np.sin(lean)])
    hips = np.array([0.0, 0.12 * q.length, q.leg])
    middle = hips + np.array([0.0, 0.0, 0.1 * q.body])
    chest = middle + 0.75 * q.length * along
    neck = chest + 0.2 * q.length * along + np.array([0, 0.0, 0.45 * q.breast])
    angle = np.radians(q.neck_angle)
    head = neck + q.neck * np.array([0.0, -np.cos(angle), np.sin(angle)])
    skull = q.skull * drawn.head

    def add(name: str, parent: str, at: F8) -> None:
        bones.add(name, parent, np.asarray(at) * h)

    add("Hips", "", middle)
    add("Spine2", "Hips", 0.4 * middle + 0.6 * chest)
    add("Neck", "Spine2", neck)
    add("Neck1", "Neck", 0.5 * (neck + head))
    add("Head", "Neck1", head)
    add("Jaw", "Head", head + np.array([0, -0.55, 0.25]) * skull)
    tail = middle - (0.62 if q.tail_radius else 0.85) * q.length * 0.5 * along
    step = q.tail / 4 * unit(np.array([0, 1.0, 0.04 if q.tail_radius else -np.sin(lean) * 0.7]))
    for k in range(4):
        add(f"Tail{k + 1}", f"Tail{k}" if k else "Hips", tail + k * step)
    add("TailTip", "Tail4", tail + 4 * step)
    for side, sign in SIDES:
        _leg_bones(add, q, side, sign, hips)
        _arm_bones(add, q, side, sign, chest)
    return bones


def _leg_bones(add: object, q: Biped, side: str, sign: float, hips: F8) -> None:
    assert callable(add)  # noqa: S101
    x, y = sign * q.stance, hips[1]
    add(f"{side}UpLeg", "Hips", np.array([0.8 * x, y, q.leg]))
    add(f"{side}Leg", f"{side}UpLeg", np.array([x, y - 0.22 * q.leg, 0.62 * q.leg]))
    add(f"{side}Foot", f"{side}Leg", np.array([x, y + 0.18 * q.leg, 0.34 * q.leg]))
    add(f"{side}ToeBase", f"{side}Foot", np.array([x, y + 0.02 * q.leg, q.shank]))


def _arm_bones(add: object, q: Biped, side: str, sign: float, chest: F8) -> None:
    """Wings are spread at rest; a dinosaur's arms hang forwards."""
    assert callable(add)  # noqa: S101
    root = chest + np.array([sign * 0.62 * q.breast * q.wide, 0.12 * q.length, 0.35 * q.breast])
    if q.arms:
        root = chest + np.array([sign * 0.7 * q.breast * q.wide, -0.02, -0.45 * q.breast])
        ways = [np.array([sign * 0.15, -0.35, -0.9]), np.array([-sign * 0.1, -0.9, 0.1]), np.array([-sign * 0.1, -0.8, -0.4])]
        lengths = np.array([0.45, 0.4, 0.2]) * q.arms
    else:
        ways, lengths = (
            [np.array([sign, 0.12, 0.0]), np.array([sign, -0.12, 0.0]), np.array([sign, 0.05, 0.0])],
            np.array([0.26, 0.34, 0.4]) * q.wing,
        )
    at, parent = root, "Spine2"
    names = ("Arm", "HandTip") if q.flipper else ("Arm", "ForeArm", "Hand", "HandTip")
    for bone, way, length in zip(names, [*ways, ways[-1]], [*lengths, 0.0], strict=False):
        add(f"{side}{bone}", parent, at)
        at, parent = at + unit(way) * length, f"{side}{bone}"


def _trunk(f: _Frame) -> list[Blob]:
    q, h, b = f.q, f.h, f.bones.heads
    lean = np.radians(q.lean)
    along = np.array([0.0, -np.cos(lean), np.sin(lean)]) * h
    middle, seam = b["Hips"], 0.12 * h
    chest = middle + 0.72 * q.length * along
    rump = middle - 0.2 * q.length * along
    found = [
        capsule("Hips", rump, middle + 0.1 * q.length * along, 0.78 * q.body * h, q.body * h, wide=q.wide, melt=seam),
        capsule("Spine2", middle + 0.25 * q.length * along, chest, q.body * h, q.breast * h, wide=q.wide, melt=seam),
        capsule(
            "Neck", 0.35 * chest + 0.65 * b["Neck"], b["Neck1"], max(0.8 * q.breast, q.neck_radius) * h, 1.05 * q.neck_radius * h, melt=seam
        ),
        capsule("Neck1", b["Neck1"], b["Head"], 1.02 * q.neck_radius * h, 0.95 * q.neck_radius * h, melt=0.06 * h),
    ]
    radius = q.tail_radius or 0.4 * q.body
    radii = np.linspace(radius, 0.12 * radius if f.saurian else 0.35 * radius, 5) * h
    joints = ("Tail1", "Tail2", "Tail3", "Tail4", "TailTip")
    if not f.saurian:
        return [*found, capsule("Tail1", middle - 0.4 * q.length * along, b["Tail2"], radii[0], radii[3], melt=seam)]
    return found + [capsule(joints[k], b[joints[k]], b[joints[k + 1]], radii[k], radii[k + 1], melt=0.7 * radii[k]) for k in range(4)]


def _legs(f: _Frame) -> list[Blob]:
    q, h, b, found = f.q, f.h, f.bones.heads, []
    thick = q.shank * h * f.drawn.limbs
    for side, _ in SIDES:
        hip, knee, hock, toe = (b[f"{side}{n}"] for n in ("UpLeg", "Leg", "Foot", "ToeBase"))
        found.append(capsule(f"{side}UpLeg", hip, knee, 1.1 * q.thigh * h, 0.75 * q.thigh * h, wide=0.85, melt=0.05 * h))
        if f.saurian:
            found.append(capsule(f"{side}Leg", knee, hock, 0.7 * q.thigh * h, 1.1 * thick, melt=0.04 * h))
            found.append(capsule(f"{side}Foot", hock, toe, 1.1 * thick, thick, melt=0.02 * h))
            found.append(
                capsule(f"{side}ToeBase", toe, toe + np.array([0, -0.8 * q.foot * h, 0]), thick, 0.75 * thick, wide=1.3, melt=0.02 * h)
            )
        else:
            end = knee + (hock - knee) * min(1.0, 2 * q.feathered)
            found.append(capsule(f"{side}Leg", knee, end, 0.6 * q.thigh * h, max(1.3 * thick, 0.25 * q.thigh * h), melt=0.03 * h))
        if q.arms:
            shoulder, elbow, wrist, tip = (b[f"{side}{n}"] for n in ("Arm", "ForeArm", "Hand", "HandTip"))
            r = 0.13 * q.arms * h
            found.append(capsule(f"{side}Arm", shoulder, elbow, 1.3 * r, r, melt=r))
            found.append(capsule(f"{side}ForeArm", elbow, wrist, r, 0.8 * r, melt=0.5 * r))
            found.append(capsule(f"{side}Hand", wrist, tip, 0.8 * r, 0.4 * r, melt=0.5 * r))
    return found


def _head(f: _Frame) -> list[Blob]:
    s, q = f.skull, f.q
    found = [capsule("Head", f.crown + np.array([0, 0.12, 0]) * s, f.crown - np.array([0, 0.15, 0.03]) * s, s, 0.92 * s, melt=0.4 * s)]
    if f.saurian:
        root, tip = f.beak
        r0, r1 = (r * f.drawn.head * f.h for r in q.beak_radii)
        found.append(capsule("Head", root, tip, r0, r1, wide=0.85, melt=0.5 * r0))
        found += [
            capsule(
                "Head",
                f.crown + np.array([sign * 0.45, -0.6, 0.62]) * s,
                f.crown + np.array([sign * 0.5, -0.2, 0.75]) * s,
                0.24 * s,
                melt=0.2 * s,
            )
            for _, sign in SIDES
        ]
    if q.face_disc:
        found += [
            capsule(
                "Head",
                f.crown + np.array([sign * 0.42, -0.55, 0.02]) * s,
                f.crown + np.array([sign * 0.42, -0.62, 0.02]) * s,
                0.52 * s,
                melt=0.2 * s,
            )
            for _, sign in SIDES
        ]
    return found


def _eyes(f: _Frame, solid: Solid, coat: Linear, entry: Species) -> list[Eye]:
    q, found = f.q, []
    out, up = (np.radians(a) for a in q.eye_at)
    out *= f.drawn.forward
    radius = q.eye * f.drawn.head * (1 + 0.6 * (f.drawn.eyes - 1)) * f.h
    for side, sign in SIDES:
        way = np.array([sign * np.sin(out) * np.cos(up), -np.cos(out) * np.cos(up), np.sin(up)])
        gaze = unit(np.array([sign * np.sin(0.85 * out), -np.cos(0.85 * out), 0.03]))
        surface = solid.surface_along(f.crown, way, 2.5 * f.skull)
        lid = Paint(scaled(coat, 0.75), entry.finish, 0.7)
        found.append(Eye(side, surface - 0.5 * radius * way, radius, gaze, linear(q.iris), max(f.drawn.filled, 0.75), "round", lid))
    return found


def _mouth(f: _Frame, assembly: Assembly, entry: Species, coat: Linear) -> None:
    """A beak of two halves, or a dinosaur's jaws with teeth."""
    q, (root, tip) = f.q, f.beak
    r0, r1 = (r * f.drawn.head * f.h for r in q.beak_radii)
    inner = Paint(_MOUTH, "plain", 0.7, outlined=False)
    if f.saurian:
        low = Solid(
            [
                capsule(
                    "Jaw",
                    root + np.array([0, 0.2 * r0, -0.78 * r0]),
                    tip + np.array([0, 0.4 * r1, -0.9 * r1]),
                    0.6 * r0,
                    0.62 * r1,
                    wide=0.95,
                )
            ]
        )
        assembly.blobs("jaw", low, 520, Paint(coat, entry.finish, entry.roughness))
        assembly.blobs(
            "mouth",
            Solid([capsule("Jaw", root + np.array([0, 0, -0.62 * r0]), tip + np.array([0, 0.5 * r1, -0.68 * r1]), 0.5 * r0, 0.52 * r1)]),
            200,
            inner,
        )
        _teeth(assembly, root, tip, r0, r1)
        return
    paint = Paint(linear(q.beak_colour), "gloss", 0.4)
    hook = np.array([0, 0, -q.hook * float(np.linalg.norm(tip - root))])
    flat = np.array([1.7, 0.55]) if q.bill else np.array([0.9, 1.0])
    shape = np.stack([tapered(8, r0, 1.15 * r0 if q.bill else 0.8 * r0, r1), tapered(8, r0, 0.8 * r0, r1)], 1) * flat
    if q.bill:
        shape[-3:, 0] = np.array([1.0, 0.95, 0.6]) * r0 * 1.5
    side = np.array([1.0, 0.0, 0.0])
    back = np.array([0, 0.5 * r0, 0])
    upper = loft(curve(root + back, 0.6 * (tip - root), 0.4 * (tip - root) + hook, count=8), shape, side, 12)
    assembly.piece("beak", "Head", upper, paint)
    down = np.array([0, 0.6 * r0, -0.55 * r0 * flat[1]])
    lower = loft(curve(root + down, 0.82 * (tip - root), count=8), 0.68 * shape, side, 10)
    assembly.piece("bill", "Jaw", lower, Paint(scaled(linear(q.beak_colour), 0.82), "gloss", 0.45))
    assembly.piece("mouth", "Jaw", loft(curve(root + 0.8 * down, 0.7 * (tip - root), count=6), 0.55 * shape[:6], side, 8), inner)


def _teeth(assembly: Assembly, root: F8, tip: F8, r0: float, r1: float) -> None:
    white = Paint(linear("#efe8d6"), "gloss", 0.4, outlined=False)
    for share in np.linspace(0.25, 0.98, 7):
        r = r0 + (r1 - r0) * share
        at = root + (tip - root) * share + np.array([0.72 * r, -0.4 * r1 * share, -0.62 * r])
        tooth = loft(
            curve(at, np.array([0, 0.1, -0.42]) * r, count=3),
            np.array([[0.14, 0.14], [0.1, 0.1], [0.02, 0.02]]) * r,
            np.array([0, 1.0, 0]),
            6,
        )
        assembly.piece("teeth", "Head", tooth, white)
        assembly.piece("teeth", "Head", mirrored(tooth), white)


def _feet(f: _Frame, assembly: Assembly) -> None:
    """Bare shanks and toes."""
    q, h, b = f.q, f.h, f.bones.heads
    paint = Paint(linear(q.leg_colour), "plain", 0.6)
    r = q.shank * h * f.drawn.limbs
    for side, sign in SIDES:
        knee, hock, toe = (b[f"{side}{n}"] for n in ("Leg", "Foot", "ToeBase"))
        if not f.saurian:
            for bone, one, other in ((f"{side}Leg", 0.4 * knee + 0.6 * hock, hock), (f"{side}Foot", hock, toe)):
                assembly.piece("shanks", bone, loft(np.linspace(one, other, 4), np.full((4, 2), r), np.array([1.0, 0, 0]), 8), paint)
        ground = toe * [1, 1, 0] + np.array([0, 0, 0.55 * r])
        spread = (-28, 0, 28)
        tips = [ground + q.foot * h * np.array([np.sin(np.radians(a)) * 1.0, -np.cos(np.radians(a)), 0]) for a in spread]
        if not f.saurian:
            tips.append(ground + 0.45 * q.foot * h * np.array([0.1 * sign, 1.0, 0]))
        for tip in tips:
            assembly.piece(
                "toes",
                f"{side}ToeBase",
                loft(
                    np.linspace(toe * [1, 1, 0.5] + ground * [0, 0, 0.5], tip, 4),
                    np.stack([tapered(4, r, 0.8 * r, 0.35 * r)] * 2, 1),
                    np.array([1.0, 0.1, 0]),
                    7,
                ),
                paint,
            )
        if q.webbed:
            assembly.piece("toes", f"{side}ToeBase", _web(ground, tips[:3]), paint)


def _web(root: F8, tips: list[F8]) -> Mesh:
    middle = (root + tips[1]) / 2
    width = float(np.linalg.norm(tips[0] - tips[2])) / 2
    radii = np.array([0.15, 0.5, 0.8, 0.95]) * width
    return loft(np.linspace(root, tips[1] * 0.92 + middle * 0.08, 4), np.stack([radii, 0.08 * radii + 0.001], 1), np.array([1.0, 0, 0]), 10)


def _shoulders(f: _Frame, assembly: Assembly, paint: Paint, solid: Solid) -> None:
    """The covert feathers on the flanks, which lie over a folded wing."""
    q, h, b = f.q, f.h, f.bones.heads
    along = unit(b["Spine2"] - b["Hips"])
    chest, rump = b["Spine2"] + 0.35 * q.length * h * along, b["Hips"] - 0.55 * q.length * h * along
    out = unit(np.array([1.0, 0.0, 0.25]))
    axis = [chest + (rump - chest) * share for share in np.linspace(0, 1, 8)]
    path = np.array([solid.surface_along(at, out, 3 * q.body * h) if k < 7 else at for k, at in enumerate(axis)])
    width = np.array([0.3, 0.75, 0.95, 1.0, 0.9, 0.7, 0.45, 0.1]) * 0.62 * q.body * h
    shell = loft(path - 0.06 * q.body * h * out, np.stack([width, 0.26 * width], 1), np.cross(out, along), 12)
    for side, _ in SIDES:
        assembly.piece("shoulders", "Spine2", shell if side == "Left" else mirrored(shell), paint)


def _plumage(f: _Frame, assembly: Assembly, entry: Species, coat: Linear, solid: Solid) -> None:
    q, h = f.q, f.h
    wing = Paint(tint(q.wing_colour, coat), entry.finish, entry.roughness)
    if q.flipper:
        add_flipper(assembly, q.wing * h, wing)
    elif not q.arms:
        _shoulders(f, assembly, wing, solid)
        add_wing(assembly, q.wing * h, Paint(scaled(wing.colour, 0.7), entry.finish, entry.roughness), wing)
    if not f.saurian and q.tail:
        add_fan(assembly, f.bones.heads["Tail2"], q.tail * h, 26.0, Paint(tint(q.tail_colour, coat), entry.finish, 0.8))
    crest = Paint(tint(q.crest_colour, coat), "plain" if q.crest == "comb" else entry.finish, 0.6)
    top = solid.surface_along(f.crown, np.array([0.0, -0.1, 1.0]), 2 * f.skull)
    if q.crest == "comb":
        for y, r in ((-0.45, 0.3), (-0.1, 0.38), (0.25, 0.34), (0.55, 0.24)):
            assembly.piece("crest", "Head", ball(top + np.array([0, y, 0.12]) * f.skull, np.array([0.35, 0.9, 1.1]) * r * f.skull), crest)
        assembly.piece(
            "crest", "Jaw", ball(f.beak[0] + np.array([0, -0.05, -0.75]) * f.skull, np.array([0.5, 0.6, 1.1]) * 0.3 * f.skull), crest
        )
    elif q.crest == "feathers":
        for angle in (-22, 0, 22):
            way = np.array([0.25 * np.sin(np.radians(angle)), 0.75, 0.8 + 0.2 * np.cos(np.radians(angle))])
            path = curve(top - 0.1 * f.skull * unit(way), 0.6 * f.skull * way, 0.45 * f.skull * (way + np.array([0, 0.4, -0.3])), count=6)
            assembly.piece(
                "crest",
                "Head",
                loft(path, np.stack([tapered(6, 0.12, 0.2, 0.03), tapered(6, 0.06, 0.07, 0.02)], 1) * f.skull, np.array([1.0, 0, 0]), 8),
                crest,
            )
