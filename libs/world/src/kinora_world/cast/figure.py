"""A character's finished body: fixed topology, posed by linear blend skinning with twisting forearms and upper arms."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.drape import LEGS, Drape
from kinora_world.cast.skeleton import SIDES, Skeleton
from kinora_world.scene import F4, F8, I4, BodyPart, Portrait, Pose

# Bones whose skin shares a twist with the next bone: (bone, next bone or none, parent).
TWISTED = tuple((f"{side}{bone}", other) for side, _ in SIDES for bone, other in (("Arm", f"{side}Shoulder"), ("ForeArm", f"{side}Hand")))


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)  # compared and hashed by identity
class Figure:
    """Implements `scene.Body`. Skinning runs over the bones followed by one extra column per entry of TWISTED."""

    parts: tuple[BodyPart, ...]
    rest: tuple[F4, F4]
    landmarks: Mapping[str, tuple[float, float, float]]
    height: float
    skeleton: Skeleton
    iris: float  # radius, metres
    weights: sp.csr_matrix  # (n, bones + twists), float32
    face_shapes: Mapping[str, tuple[I4, F4]]  # ARKit name to vertices and displacements
    age_years: float = 28.0
    freckles: float = 0.0  # 0..1
    drapes: tuple[Drape, ...] = ()
    portrait: Portrait | None = None

    @property
    def complexion(self) -> tuple[float, float]:
        """Freckles and lines of age, 0..1: what the skin's material draws."""
        return self.freckles, float(np.clip((self.age_years - 45) / 35, 0, 1))

    def posed(self, pose: Pose) -> tuple[F4, F4]:
        """Positions and normals (n, 3) on the stage; linear blend skinning of the rest pose."""
        matrices = self._matrices(pose)
        positions, normals = self._skinned(self._faced(pose.face), matrices)
        for drape in self.drapes:
            self._hang(drape, matrices, positions, normals)
        return positions, normals

    def _hang(self, drape: Drape, matrices: F4, positions: F4, normals: F4) -> None:
        moves = matrices.reshape(-1, 3, 4).astype(np.float64)
        heads = self.skeleton.heads
        legs = np.array([[_moved(moves[self.skeleton.index(a)], heads[self.skeleton.index(b)]) for b in (a, c)] for a, c in LEGS])
        hips, thighs = moves[0, :, :3], legs[::2, 1] - legs[::2, 0]
        heading = np.arctan2(-hips[0, 1], hips[1, 1])
        c, s = np.cos(heading), np.sin(heading)
        lowest = float((thighs[:, 2] / np.linalg.norm(thighs, axis=1)).min())
        upright = float(np.clip((hips[2, 2] - 0.35) / 0.3, 0, 1))
        blended = (drape.weights @ matrices).reshape(-1, 3, 4)
        skinned = (_apply(blended, drape.rest) + blended[:, :, 3]).astype(np.float64)
        level = np.array([[c, -s, 0.0], [s, c, 0.0], [0.0, 0.0, 1.0]])
        drape.settle(positions, normals, skinned, level, legs, seated=float(np.clip((lowest + 0.8) / 0.4, 0, 1)), upright=upright)

    def _faced(self, face: Mapping[str, float]) -> F4:
        active = {name: weight for name, weight in face.items() if abs(weight) > 1e-3 and name in self.face_shapes}
        positions = self.rest[0].copy() if active else self.rest[0]
        for name, weight in active.items():
            index, delta = self.face_shapes[name]
            positions[index] += np.float32(weight) * delta
        return positions

    def _matrices(self, pose: Pose) -> F4:
        """(bones + twists, 12): the upper three rows of each rest-to-stage matrix."""
        s = self.skeleton
        local = np.broadcast_to(np.eye(3), (len(s.bones), 3, 3)).copy()
        for name, rotation in pose.rotations.items():
            local[s.index(name)] = rotation
        turned, placed = s.forward(local, s.offsets[0])
        skin = turned @ s.canonical
        rotations = np.concatenate([skin, self._twists(skin, turned)])
        heads = np.concatenate([s.heads, s.heads[[s.index(b) for b, _ in TWISTED]]])
        at = np.concatenate([placed, placed[[s.index(b) for b, _ in TWISTED]]])
        moves = np.empty((len(rotations), 3, 4))
        moves[:, :, :3] = pose.root[:3, :3] @ rotations
        moves[:, :, 3] = (at - np.einsum("bij,bj->bi", rotations, heads)) @ pose.root[:3, :3].T + pose.root[:3, 3]
        return moves.reshape(-1, 12).astype(np.float32)

    def _twists(self, skin: F8, turned: F8) -> F8:
        found = []
        for bone, other in TWISTED:
            i, k = self.skeleton.index(bone), self.skeleton.index(other)
            child = self.skeleton.index(bone.replace("ForeArm", "Hand") if "ForeArm" in bone else bone.replace("Arm", "ForeArm"))
            axis = turned[i] @ self.skeleton.offsets[child]
            found.append(_twist(skin[k] @ skin[i].T, axis / np.linalg.norm(axis)) @ skin[i])
        return np.stack(found)

    def _skinned(self, positions: F4, matrices: F4) -> tuple[F4, F4]:
        blended = (self.weights @ matrices).reshape(-1, 3, 4)
        placed = _apply(blended, positions) + blended[:, :, 3]
        return placed, _apply(blended, self.rest[1])


def _moved(move: F8, point: F8) -> F8:
    return np.asarray(move[:, :3] @ point + move[:, 3])


def _apply(blended: F4, vectors: F4) -> F4:
    result = blended[:, :, 0] * vectors[:, 0:1]
    result += blended[:, :, 1] * vectors[:, 1:2]
    result += blended[:, :, 2] * vectors[:, 2:3]
    return np.asarray(result)


def _twist(rotation: F8, axis: F8) -> F8:
    """The part of a rotation (3, 3) that turns about `axis` (swing-twist decomposition)."""
    vector = np.array([rotation[2, 1] - rotation[1, 2], rotation[0, 2] - rotation[2, 0], rotation[1, 0] - rotation[0, 1]])
    angle = 2 * np.arctan2(vector @ axis, 1 + np.trace(rotation))
    c, s = np.cos(angle), np.sin(angle)
    x, y, z = axis
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(c * np.eye(3) + s * cross + (1 - c) * np.outer(axis, axis))


def twisting_weights(weights: sp.csr_matrix, skeleton: Skeleton, positions: F8) -> sp.csr_matrix:
    """Split arm weights (n, bones) along the bone.

    Forearms take on the hand's twist towards the wrist, upper arms lose theirs towards the shoulder.
    """
    columns = [weights.tocsc()]
    base = columns[0].toarray()
    extra = np.zeros((len(positions), len(TWISTED)))
    for k, (bone, other) in enumerate(TWISTED):
        i = skeleton.index(bone)
        side = bone.removesuffix("ForeArm").removesuffix("Arm")
        end = skeleton.heads[skeleton.index(side + ("Hand" if "ForeArm" in bone else "ForeArm"))]
        axis = end - skeleton.heads[i]
        along = np.clip((positions - skeleton.heads[i]) @ axis / (axis @ axis), 0, 1)
        share = along if other.endswith("Hand") else 1 - along
        extra[:, k] = base[:, i] * share
        base[:, i] *= 1 - share
    return sp.csr_matrix(np.hstack([base, extra]).astype(np.float32))
