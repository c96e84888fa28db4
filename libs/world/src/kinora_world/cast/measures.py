"""Where things are on one body: landmarks, and how far along an arm or leg each vertex lies."""

from dataclasses import dataclass

import numpy as np

from kinora_world.assets import BodyData
from kinora_world.scene import F8

_ARM, _LEG = ("Arm", "ForeArm", "Hand"), ("UpLeg", "Leg", "Foot")


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one body in its rest pose, metres."""

    data: BodyData
    vertices: F8  # (n, 3)
    unit: float  # height against an adult of 1.7 m: cloth and hair thickness follow it
    face: float  # head size against an adult's
    arm: F8  # (n,) path from the shoulder to the vertex, -1 where it is no arm
    leg: F8  # (n,) path from the hip, -1 where it is no leg
    arm_length: float
    leg_length: float
    landmarks: dict[str, F8]

    def bone(self, name: str) -> F8:
        return np.asarray(self.data.heads[self.data.bones.index(name)] @ self.vertices).ravel()

    def anchor(self, bone: str) -> int:
        """A vertex that follows one bone alone and no face shape."""
        column = np.asarray(self.data.weights[:, self.data.bones.index(bone)].todense()).ravel().copy()
        column[self.data.face.vertices] = 0
        return int(column.argmax())


def measure(data: BodyData, vertices: F8) -> Measures:
    landmarks = find_landmarks(data, vertices) | {
        name: np.asarray(data.heads[data.bones.index(bone)] @ vertices).ravel()
        for name, bone in (("shoulder", "LeftArm"), ("wrist", "LeftHand"))
    }
    body = vertices[np.unique(data.groups["body"])]
    arm, arm_length = _along(data, vertices, _ARM)
    leg, leg_length = _along(data, vertices, _LEG)
    face = float(landmarks["crown"][2] - landmarks["chin"][2]) / 0.225
    return Measures(data, vertices, float(np.ptp(body[:, 2])) / 1.7, face, arm, leg, arm_length, leg_length, landmarks)


def _along(data: BodyData, vertices: F8, chain: tuple[str, str, str]) -> tuple[F8, float]:
    path, total = np.full(len(vertices), -1.0), 0.0
    heads = data.heads @ vertices
    for side in ("Left", "Right"):
        numbers = [data.bones.index(side + bone) for bone in chain]
        below = [i for i, name in enumerate(data.bones) if name.startswith(side) and _part(name[len(side) :], chain)]
        mine = np.asarray(data.weights[:, below].sum(1)).ravel() > 0.5
        a, b, c = heads[numbers]
        upper, lower = np.linalg.norm(b - a), np.linalg.norm(c - b)
        first = (vertices - a) @ (b - a) / upper
        second = upper + (vertices - b) @ (c - b) / lower
        bend = ((vertices - b) @ ((b - a) / upper + (c - b) / lower)) > 0  # which side of the middle joint
        path[mine] = np.where(bend, second, first)[mine]
        total = float(upper + lower)
    return path, total


def _part(bone: str, chain: tuple[str, str, str]) -> bool:
    return bone in chain[:2] or bone.startswith(chain[2]) or (chain[2] == "Foot" and bone.startswith("Toe"))


def find_landmarks(data: BodyData, vertices: F8) -> dict[str, F8]:
    """Of the face, plus the neck's joint."""
    eyes = {f"eye_{side}": vertices[np.unique(data.groups[f"{side}-eye"])].mean(0) for side in ("left", "right")}
    body = np.unique(data.groups["body"])
    head = body[np.asarray(data.weights[body, data.bones.index("Head")].todense()).ravel() > 0.5]
    middle = head[np.abs(vertices[head, 0]) < 0.012]
    front = vertices[middle]
    below = front[front[:, 2] < eyes["eye_left"][2]]
    nose = below[below[:, 1].argmin()]
    lip_index, lip = data.face.of("mouthPucker")
    strong = (lip**2).sum(1) ** 2
    mouth = (vertices[lip_index] * strong[:, None]).sum(0) / strong.sum()
    upper, lower = (_centre(data, vertices, names) for names in (("mouthUpperUpLeft",), ("mouthLowerDownLeft",)))
    mouth = np.array([0.0, min(upper[1], lower[1]), (upper[2] + lower[2]) / 2])
    chin_zone = below[(below[:, 1] < nose[1] + 0.06) & (below[:, 2] < mouth[2])]
    crown = front[front[:, 2].argmax()]
    neck = np.asarray(data.heads[data.bones.index("Neck")] @ vertices).ravel()
    chin = chin_zone[chin_zone[:, 2].argmin()] if len(chin_zone) else np.array([0, mouth[1], mouth[2] - 0.045])
    return eyes | {"nose": nose, "mouth": mouth, "chin": chin, "crown": crown, "neck": neck}


def _centre(data: BodyData, vertices: F8, shapes: tuple[str, ...]) -> F8:
    index, delta = data.face.of(shapes[0])
    strong = (delta**2).sum(1) ** 2
    return np.asarray((vertices[index] * strong[:, None]).sum(0) / strong.sum())
