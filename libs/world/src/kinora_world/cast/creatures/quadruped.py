"""Four-legged bodies from one set of proportions. Joints carry a person's names where they have a person's part to play."""

from dataclasses import dataclass

import numpy as np

from kinora_world.cast.colour import Linear, linear, scaled
from kinora_world.cast.creatures.adornments import add_adornments
from kinora_world.cast.creatures.assembly import Assembly, Bones, Paint, capsule
from kinora_world.cast.creatures.creature import Creature, Hinge
from kinora_world.cast.creatures.ears import add_ears
from kinora_world.cast.creatures.faces import Eye, add_eye, eye_bones, jaw_hinge
from kinora_world.cast.creatures.implicit import Blob, Detail, Solid
from kinora_world.cast.creatures.look import Drawn
from kinora_world.cast.creatures.paint import tint, triangles
from kinora_world.cast.creatures.pieces import ball, dome
from kinora_world.cast.skeleton import SIDES, unit
from kinora_world.scene import F8
from kinora_world.species import Quadruped, Species

TAIL = ("Tail1", "Tail2", "Tail3", "Tail4")
TRUNK = ("Trunk1", "Trunk2", "Trunk3", "Trunk4")
_TRIANGLES = 4700  # of the coat
_MOUTH = (0.13, 0.025, 0.03)


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the parts are, in metres; built once and read by every step."""

    q: Quadruped
    h: float  # height to the withers
    drawn: Drawn
    bones: Bones

    def at(self, x: float, y: float, z: float) -> F8:
        return np.array([x, y, z]) * self.h

    @property
    def skull(self) -> float:
        return self.q.head.skull * self.drawn.head * self.h

    @property
    def crown(self) -> F8:
        """The middle of the skull."""
        return self.bones.heads["Head"] + np.array([0.0, -0.25, 0.35]) * self.skull

    @property
    def ahead(self) -> F8:
        """Where the muzzle points."""
        drop = np.radians(self.q.head.drop)
        return np.array([0.0, -np.cos(drop), -np.sin(drop)])

    @property
    def muzzle(self) -> tuple[F8, F8]:
        """From within the skull to the tip's middle."""
        root = self.crown + np.array([0.0, -0.35, -0.3]) * self.skull
        length = self.skull * 0.55 + self.q.head.muzzle * self.drawn.head * self.drawn.snout * self.h
        return root, root + self.ahead * length

    @property
    def snout(self) -> tuple[float, float]:
        first, second = (r * self.drawn.head * self.h for r in self.q.head.snout)
        return first, second


def build_quadruped(name: str, entry: Species, q: Quadruped, size: float, coat: Linear, drawn: Drawn) -> Creature:
    """Raises nothing: any proportions give a body."""
    h = entry.height * size
    frame = _Frame(q, h, drawn, _skeleton(q, h, drawn))
    frame.bones.add("Mouth", "Head", frame.muzzle[1])
    blobs = [*_trunk(frame), *_legs(frame), *_head(frame), *_tail(frame)]
    solid = Solid(blobs)
    eyes = _eyes(frame, solid, coat, entry)
    eye_bones(frame.bones, "Head", eyes)
    assembly = Assembly(frame.bones)
    paint = Paint(coat, entry.finish, entry.roughness)
    details = [Detail(frame.muzzle[0], 2.2 * frame.skull, 0.5)]
    budget = triangles(_TRIANGLES, entry.markings)
    at = np.array([eye.centre for eye in eyes])
    assembly.coat(solid, budget, details, entry.markings, paint, at, h)
    hinges = _face(frame, assembly, solid, eyes, entry, coat)
    add_ears(assembly, q.ears, frame.crown, frame.skull, solid, h * drawn.ears, coat, entry)
    add_adornments(assembly, q, frame.crown, frame.skull, frame.muzzle, solid, h, coat)
    nose = frame.muzzle[1] + frame.ahead * frame.snout[1]
    marks = {
        "eye_left": eyes[0].centre,
        "eye_right": eyes[1].centre,
        "mouth": nose,
        "nose": nose,
        "crown": frame.crown + np.array([0, 0, frame.skull]),
    }
    marks |= {"neck": frame.bones.heads["Neck"], "chin": nose - [0, 0, 2 * frame.snout[1]]}
    return assembly.finished(name, float(frame.crown[2] + frame.skull), marks, hinges)


def _skeleton(q: Quadruped, h: float, drawn: Drawn) -> Bones:
    bones, half = Bones(), q.length / 2

    def add(name: str, parent: str, x: float, y: float, z: float) -> None:
        bones.add(name, parent, np.array([x, y, z]) * h)

    add("Hips", "", 0, half * 0.86, q.croup - 0.16)
    add("Spine", "Hips", 0, half * 0.2, 0.5 * (q.croup + 1) - 0.17)
    add("Spine2", "Spine", 0, -half * 0.5, 0.83)
    angle = np.radians(q.neck_angle)
    root = np.array([0.0, -half * 0.86, 0.86])
    way = np.array([0.0, -np.cos(angle), np.sin(angle)]) * q.neck
    add("Neck", "Spine2", *root)
    add("Neck1", "Neck", *(root + 0.5 * way))
    add("Head", "Neck1", *(root + way))
    skull = q.head.skull * drawn.head
    add("Jaw", "Head", *(root + way + np.array([0, 0.05, -0.1]) * skull))
    for side, sign in SIDES:
        _leg_bones(add, q, side, sign, half)
        add(f"{side}Ear", "Head", *(root + way + np.array([sign * 0.6, 0.1, 0.9]) * skull))
    _chain(bones, "Hips", TAIL, np.array([0, half * 0.98, q.croup - 0.07]) * h, q.tail.length * h, q.tail.lift, q.tail.curl, 1.0)
    if q.wings:
        for side, sign in SIDES:
            add(f"{side}Wing", "Spine2", sign * 0.1, -half * 0.5, 0.97)
            add(f"{side}WingTip", f"{side}Wing", sign * (0.1 + 0.42 * q.wings), -half * 0.5 - 0.08, 0.97 + 0.36 * q.wings)
    if q.trunk:
        tip = root + way + np.array([0, -1.15, 0.0]) * skull
        _chain(bones, "Head", TRUNK, tip * h, q.trunk * h, -62.0, -9.0, -1.0)
    return bones


def _leg_bones(add: object, q: Quadruped, side: str, sign: float, half: float) -> None:
    assert callable(add)  # noqa: S101
    x = sign * q.stance
    low = 0.6 * q.foot
    add(f"{side}Shoulder", "Spine2", 0.8 * x, -half * 0.72, 0.82)
    add(f"{side}Arm", f"{side}Shoulder", x, -half * 0.95, 0.64)
    add(f"{side}ForeArm", f"{side}Arm", x, -half * 0.95 + 0.13, 0.49)
    add(f"{side}Hand", f"{side}ForeArm", x, -half * 0.95 + 0.07, 0.2)
    add(f"{side}HandTip", f"{side}Hand", x, -half * 0.95 + 0.03, low)
    add(f"{side}UpLeg", "Hips", 0.85 * x, half * 0.86, q.croup - 0.22)
    add(f"{side}Leg", f"{side}UpLeg", x, half * 0.86 - 0.1, 0.48)
    add(f"{side}Foot", f"{side}Leg", x, half * 0.86 + 0.13, 0.26)
    add(f"{side}ToeBase", f"{side}Foot", x, half * 0.86 + 0.08, low)


def _chain(bones: Bones, parent: str, names: tuple[str, ...], start: F8, length: float, lift: float, curl: float, back: float) -> None:
    at, angle = start, np.radians(lift)
    for name in names:
        bones.add(name, parent, at)
        at = at + np.array([0.0, back * np.cos(angle), np.sin(angle)]) * length / len(names)
        parent, angle = name, angle + np.radians(curl)
    bones.add(f"{names[0][:-1]}Tip", parent, at)


def _trunk(f: _Frame) -> list[Blob]:
    q, h, b = f.q, f.h, f.bones.heads
    half = q.length / 2
    rump, middle = f.at(0, half * 0.8, q.croup - q.rump), f.at(0, half * 0.15, 0.5 * (q.croup + 1) - q.waist - 0.02 - q.sag)
    chest = f.at(0, -half * 0.62, 0.98 - q.chest)
    seam = 0.12 * h
    found = [
        capsule("Hips", rump, 0.6 * rump + 0.4 * middle, q.rump * h, wide=q.wide, melt=seam),
        capsule(
            "Spine",
            0.4 * rump + 0.6 * middle,
            middle,
            0.4 * (q.rump + q.waist) * h + 0.2 * q.waist * h,
            q.waist * h,
            wide=q.wide,
            melt=seam,
        ),
        capsule("Spine", middle, 0.5 * (middle + chest), q.waist * h, 0.5 * (q.waist + q.chest) * h, wide=q.wide, melt=seam),
        capsule("Spine2", 0.4 * middle + 0.6 * chest, chest, (0.4 * q.waist + 0.6 * q.chest) * h, q.chest * h, wide=q.wide, melt=seam),
        capsule("Spine2", chest, f.at(0, -half * 0.86, 0.94 - q.chest), q.chest * h, q.chest * 0.86 * h, wide=q.wide, melt=seam),
    ]
    if q.hump:
        found.append(
            capsule("Spine2", f.at(0, -half * 0.5, 1.0 - q.hump * 0.5), f.at(0, -half * 0.3, 1.0 - q.hump * 0.6), q.hump * h, melt=seam)
        )
    first, second = (r * h for r in q.neck_radii)
    base = b["Neck"] - [0, -0.06 * h, 0.06 * h]
    found.append(capsule("Neck", base, b["Neck1"], first, 0.5 * (first + second), wide=0.85, melt=0.09 * h))
    found.append(capsule("Neck1", b["Neck1"], b["Head"], 0.5 * (first + second), second, wide=0.9, melt=0.06 * h))
    return found


def _legs(f: _Frame) -> list[Blob]:
    q, h, b, found = f.q, f.h, f.bones.heads, []
    thick = f.drawn.limbs
    shank, foot, seam = q.shank * h * thick, q.foot * h * thick, 0.05 * h
    ahead = f.at(0, -0.55 * q.foot, 0)
    for side, _ in SIDES:
        joint = {n: b[f"{side}{n}"] for n in ("Arm", "ForeArm", "Hand", "HandTip", "UpLeg", "Leg", "Foot", "ToeBase")}
        lift = np.array([0, 0, foot - joint["HandTip"][2]])
        found += [
            capsule(f"{side}Arm", joint["Arm"] + f.at(0, 0.03, 0.02), joint["ForeArm"], q.upper_arm * h, 0.75 * q.upper_arm * h, melt=seam),
            capsule(f"{side}ForeArm", joint["ForeArm"], joint["Hand"], max(0.62 * q.upper_arm * h, shank), shank, melt=seam),
            capsule(f"{side}Hand", joint["Hand"], joint["HandTip"] + [0, 0, 0.5 * foot], 1.06 * shank, shank, melt=seam),
            capsule(
                f"{side}HandTip", joint["HandTip"] + lift, joint["HandTip"] + lift + ahead, foot, 0.86 * foot, wide=1.05, melt=0.5 * foot
            ),
            capsule(
                f"{side}UpLeg",
                joint["UpLeg"] + f.at(0, 0.0, 0.02),
                joint["Leg"],
                1.15 * q.thigh * h,
                0.75 * q.thigh * h,
                wide=0.75,
                melt=seam,
            ),
            capsule(f"{side}Leg", joint["Leg"], joint["Foot"], 0.68 * q.thigh * h, 0.95 * shank, melt=seam),
            capsule(f"{side}Foot", joint["Foot"], joint["ToeBase"] + [0, 0, 0.5 * foot], 1.02 * shank, 0.95 * shank, melt=seam),
            capsule(
                f"{side}ToeBase", joint["ToeBase"] + lift, joint["ToeBase"] + lift + ahead, foot, 0.86 * foot, wide=1.05, melt=0.5 * foot
            ),
        ]
    return found


def _head(f: _Frame) -> list[Blob]:
    head, s = f.q.head, f.skull
    root, tip = f.muzzle
    first, second = f.snout
    seam = 0.35 * s
    found = [
        capsule("Head", f.crown + np.array([0, 0.18, 0]) * s, f.crown - np.array([0, 0.18, 0]) * s, s, 0.94 * s, wide=head.wide, melt=seam),
        capsule("Head", root, tip, first, second, wide=head.flat, melt=max(0.3 * s, 0.5 * first)),
    ]
    if head.cheeks:
        r = head.cheeks * f.drawn.head * f.h
        for _, sign in SIDES:
            at = f.crown + np.array([sign * 0.62 * head.wide * s, -0.35 * s, -0.5 * s])
            found.append(capsule("Head", at, at + np.array([0, 0.25, 0]) * s, r, melt=0.4 * s))
    if head.brow:
        r = head.brow * f.drawn.head * f.h
        for _, sign in SIDES:
            at = f.crown + np.array([sign * 0.4 * head.wide * s, -0.72 * s, 0.5 * s])
            found.append(capsule("Head", at, at + np.array([sign * 0.25, 0.2, 0.05]) * s, r, melt=0.25 * s))
    if f.q.trunk:
        b, r = f.bones.heads, 0.5 * first
        for k, (one, other) in enumerate(zip(TRUNK, (*TRUNK[1:], "TrunkTip"), strict=True)):
            found.append(capsule(one, b[one], b[other], r * (1.9 - 0.34 * k), r * (1.9 - 0.34 * (k + 1)), melt=0.5 * r))
    return found


def _tail(f: _Frame) -> list[Blob]:
    b, tail = f.bones.heads, f.q.tail
    radii = np.linspace(tail.radii[0], tail.radii[1], 5) * f.h
    if tail.radii[1] > tail.radii[0]:
        radii = (
            np.interp(np.linspace(0, 1, 5), [0, 0.55, 0.85, 1], [tail.radii[0], tail.radii[1], 0.9 * tail.radii[1], 0.35 * tail.radii[1]])
            * f.h
        )
    joints = (*TAIL, "TailTip")
    return [capsule(joints[k], b[joints[k]], b[joints[k + 1]], radii[k], radii[k + 1], melt=0.6 * radii[k]) for k in range(4)]


def _eyes(f: _Frame, solid: Solid, coat: Linear, entry: Species) -> list[Eye]:
    head, found = f.q.head, []
    out, up = (np.radians(a) for a in head.eye_at)
    out *= f.drawn.forward
    radius = head.eye * f.drawn.head * f.drawn.eyes * f.h
    for side, sign in SIDES:
        way = np.array([sign * np.sin(out) * np.cos(up), -np.cos(out) * np.cos(up), np.sin(up)])
        surface = solid.surface_along(f.crown, way, 3 * f.skull)
        gaze = unit(np.array([sign * np.sin(0.75 * out), -np.cos(0.75 * out), 0.06]))
        lid = Paint(scaled(coat, 0.72), entry.finish, 0.7) if not f.drawn.lidless else Paint(scaled(coat, 0.8), entry.finish, 0.7)
        found.append(Eye(side, surface - 0.42 * radius * way, radius, gaze, linear(head.iris), f.drawn.filled, head.pupil, lid))
    return found


def _face(f: _Frame, assembly: Assembly, solid: Solid, eyes: list[Eye], entry: Species, coat: Linear) -> dict[str, Hinge]:
    hinges = jaw_hinge(26.0)
    for eye in eyes:
        hinges |= add_eye(assembly, eye, "Head")
    head, dark = f.q.head, Paint(linear(f.q.head.nose_colour), "gloss", 0.35)
    if f.q.trunk:
        _jaw(f, assembly, entry, coat)
        return hinges
    tip, second = f.muzzle[1], f.snout[1]
    up = unit(np.cross(np.array([1.0, 0, 0]), f.ahead)) * -1
    if head.nose:
        r = head.nose * f.drawn.head * f.h
        at = tip + 0.92 * second * unit(f.ahead + 0.42 * up)
        assembly.piece("nose", "Head", ball(at, np.array([1.15, 0.8, 0.78]) * r), dark)
    else:
        for _, sign in SIDES:
            way = unit(f.ahead + np.array([sign * 0.55, 0, 0]) * head.flat + 0.35 * up)
            at = solid.surface_along(tip, way, 3 * second)
            assembly.piece("nose", "Head", dome(at - 0.2 * second * way, 0.28 * second, way, 1.2, shape=(0.7, 1.0)), dark)
    _jaw(f, assembly, entry, coat)
    return hinges


def _jaw(f: _Frame, assembly: Assembly, entry: Species, coat: Linear) -> None:
    """A lower jaw that closes against the muzzle from below, dark within, with a tongue and, for some, teeth."""
    root, tip = f.muzzle
    first, second = f.snout
    down = unit(np.cross(np.array([1.0, 0, 0]), f.ahead))
    down = down if down[2] < 0 else -down
    thick = 0.62 * second
    start, end = root + down * 0.62 * first, tip + down * (0.72 * second) - f.ahead * 0.25 * second
    if f.q.trunk:
        end = start + 0.75 * (end - start)
    colour = _jaw_colour(entry, coat)
    jaw = Solid([capsule("Jaw", start, end, 0.72 * first, thick, wide=f.q.head.flat * 1.02)])
    assembly.blobs("jaw", jaw, 460, Paint(colour, entry.finish, entry.roughness))
    inner = Paint(_MOUTH, "plain", 0.7, outlined=False)
    mouth = Solid([capsule("Jaw", start - down * 0.1 * first, end - down * 0.22 * thick, 0.62 * first, 0.84 * thick, wide=f.q.head.flat)])
    assembly.blobs("mouth", mouth, 260, inner)
    tongue = Solid([capsule("Jaw", start - down * 0.3 * first, end - down * 0.62 * thick, 0.35 * first, 0.45 * thick, wide=1.3)])
    assembly.blobs("tongue", tongue, 200, Paint((0.55, 0.14, 0.16), "plain", 0.5, outlined=False))


def _jaw_colour(entry: Species, coat: Linear) -> Linear:
    for marking in reversed(entry.markings):
        if marking.kind in ("under", "front") or (marking.kind == "bones" and "Jaw" in marking.bones):
            return tint(marking.colour, coat)
    return coat
