"""Robots, aliens, monsters, teddy bears, gingerbread men: other bodies on a person's bones, so that they act as people do."""

from dataclasses import dataclass, replace

import numpy as np

from kinora_world.cast.build import build_body
from kinora_world.cast.colour import Linear, linear
from kinora_world.cast.creatures.assembly import Assembly, Bones, Paint, capsule, points
from kinora_world.cast.creatures.costumes import dress
from kinora_world.cast.creatures.implicit import Blob, Detail, Solid
from kinora_world.cast.creatures.look import Drawn
from kinora_world.cast.creatures.paint import triangles
from kinora_world.cast.figure import Figure, twisting_weights
from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.scene import F8
from kinora_world.species import Being, Species
from kinora_world.storyboard import Character

_PERSON = Character(id="nobody", name="Nobody", feminine=0.5, muscle=0.5, weight=0.5)
_STATURE = 1.7  # metres, what the radii below are for
_RADII = {
    "pelvis": 0.12,
    "belly": 0.12,
    "chest": 0.135,
    "neck": 0.055,
    "arm": 0.05,
    "wrist": 0.04,
    "hand": 0.05,
    "thigh": 0.08,
    "shin": 0.055,
    "foot": 0.055,
}


@dataclass(frozen=True, slots=True)
class Stature:
    """One being's measures; `bones` are at rest, metres."""

    being: Being
    bones: dict[str, F8]
    unit: float
    drawn: Drawn

    def radius(self, part: str) -> float:
        slim = self.being.girth if part in ("pelvis", "belly", "chest") else self.being.girth**0.7
        return _RADII[part] * slim * self.unit

    @property
    def skull(self) -> float:
        return 0.115 * self.being.head * self.unit

    @property
    def crown(self) -> F8:
        """The middle of the head."""
        return self.bones["Head"] + np.array([0.0, -0.15, 0.75]) * self.skull


def build_being(entry: Species, being: Being, size: float, coat: Linear, drawn: Drawn) -> Figure:
    unit = entry.height * size / _STATURE
    skeleton = _proportioned(build_body(_PERSON, "realistic").skeleton, being, unit)
    bones = Bones(dict(zip(skeleton.bones, skeleton.heads, strict=True)), _parents(skeleton))
    stature = Stature(being, bones.heads, unit, drawn)
    assembly = Assembly(bones)
    solid = Solid([*_limbs(stature), *_trunk(stature)])
    if being.look != "robot":
        paint = Paint(coat, entry.finish, entry.roughness)
        details = [Detail(stature.crown, 1.2 * stature.skull, 0.6)]
        assembly.coat(
            solid, triangles(5000, entry.markings), details, entry.markings, paint, np.array([stature.crown]), entry.height * size
        )
    marks = dress(assembly, stature, solid, coat, linear(being.iris))
    positions = assembly.rest[0].astype(np.float64)
    skeleton = _standing(skeleton, positions)
    return Figure(
        parts=assembly.parts,
        rest=assembly.rest,
        landmarks=points(marks),
        height=float(np.ptp(positions[:, 2])),
        skeleton=skeleton,
        iris=0.3 * stature.skull,
        weights=twisting_weights(assembly.weights, skeleton, positions),
        face_shapes=assembly.shapes,
    )


def _parents(skeleton: Skeleton) -> dict[str, str]:
    return {name: skeleton.bones[p] if p >= 0 else "" for name, p in zip(skeleton.bones, skeleton.parents, strict=True)}


def _proportioned(skeleton: Skeleton, being: Being, unit: float) -> Skeleton:
    """A person's bones with legs, arms, trunk and width of another length; heads at rest follow from the offsets."""
    offsets, heads = skeleton.offsets.copy(), skeleton.heads.copy()
    for i, name in enumerate(skeleton.bones):
        bone = name.removeprefix("Left").removeprefix("Right")
        offsets[i] *= unit * _factor(bone, being)
    heads[0] = skeleton.heads[0] * unit * [1, 1, being.legs]
    for i, parent in enumerate(skeleton.parents):
        if parent >= 0:
            heads[i] = heads[parent] + skeleton.canonical[parent].T @ offsets[i]
    return replace(skeleton, heads=heads, offsets=offsets, clearance=skeleton.clearance * max(1.0, being.girth) * 1.4)


def _factor(bone: str, being: Being) -> float:
    if bone in ("Leg", "Foot"):
        return being.legs
    if bone in ("ForeArm", "Hand"):
        return being.arms
    if bone in ("UpLeg", "Shoulder", "Arm"):
        return max(0.8, 0.45 + 0.55 * being.girth)
    return being.trunk if bone.startswith(("Spine", "Neck", "Head")) else 1.0


def _standing(skeleton: Skeleton, positions: F8) -> Skeleton:
    """Soles where the body's lowest points are, and hips as high as that asks for."""
    soles = {}
    low = float(positions[:, 2].min())
    for side, sign in SIDES:
        mine = positions[(positions[:, 2] < low + 0.02) & (sign * positions[:, 0] > 0)]
        toe = skeleton.heads[skeleton.index(f"{side}ToeBase")]
        for bone, part in (("Foot", mine[mine[:, 1] >= toe[1]]), ("ToeBase", mine[mine[:, 1] < toe[1]])):
            at = part if len(part) else mine
            corners = np.array([at[at[:, a].argmin() if less else at[:, a].argmax()] for a in (0, 1) for less in (True, False)])
            soles[f"{side}{bone}"] = corners * [1, 1, 0] + [0, 0, low] - skeleton.heads[skeleton.index(f"{side}{bone}")]
    still = np.broadcast_to(np.eye(3), (len(skeleton.bones), 3, 3))
    _, placed = skeleton.forward(still, np.zeros(3))
    lowest = min((placed[skeleton.index(bone)] + at)[:, 2].min() for bone, at in soles.items())
    skeleton.offsets[0] = (0.0, 0.0, -lowest)
    return replace(skeleton, soles=soles)


def _limbs(s: Stature) -> list[Blob]:
    b, found = s.bones, []
    for side, _ in SIDES:
        r = s.radius
        knuckle = b[f"{side}HandMiddle1"]
        tip = knuckle + 0.8 * (knuckle - b[f"{side}Hand"]) * min(1.0, s.being.arms)
        toe = b[f"{side}ToeBase"] + np.array([0, -0.35, 0.0]) * r("foot")
        ankle = np.array([*b[f"{side}Foot"][:2], b[f"{side}ToeBase"][2] + 0.1 * r("foot")])
        found += [
            capsule(f"{side}Arm", b[f"{side}Arm"], b[f"{side}ForeArm"], 1.15 * r("arm"), r("arm")),
            capsule(f"{side}ForeArm", b[f"{side}ForeArm"], b[f"{side}Hand"], r("arm"), r("wrist")),
            capsule(f"{side}Hand", b[f"{side}Hand"], knuckle, r("wrist"), r("hand")),
            capsule(f"{side}HandMiddle1", knuckle, tip, r("hand"), 0.7 * r("hand")),
            capsule(f"{side}UpLeg", b[f"{side}UpLeg"], b[f"{side}Leg"], 1.1 * r("thigh"), 0.9 * r("thigh")),
            capsule(f"{side}Leg", b[f"{side}Leg"], b[f"{side}Foot"], 0.9 * r("thigh"), r("shin")),
            capsule(f"{side}Foot", ankle, toe, 0.95 * r("foot"), r("foot"), wide=1.1),
        ]
    return found


def _trunk(s: Stature) -> list[Blob]:
    b, r, up = s.bones, s.radius, np.array([0.0, 0.0, 1.0])
    seam = 0.6 * r("belly")
    return [
        capsule("Hips", b["Hips"] - 0.03 * s.unit * up, b["Spine"], r("pelvis"), r("belly"), wide=1.15, melt=seam),
        capsule("Spine1", b["Spine"], b["Spine2"], r("belly"), r("chest"), wide=1.12, melt=seam),
        capsule("Spine2", b["Spine2"], b["Spine2"] + 0.55 * (b["Neck"] - b["Spine2"]), r("chest"), 0.8 * r("chest"), wide=1.2, melt=seam),
        capsule("Neck", b["Neck"] - 0.03 * s.unit * up, b["Head"], r("neck"), melt=r("neck")),
        capsule("Head", s.crown - 0.12 * s.skull * up, s.crown + 0.12 * s.skull * up, s.skull, 0.98 * s.skull, melt=0.35 * s.skull),
    ]
