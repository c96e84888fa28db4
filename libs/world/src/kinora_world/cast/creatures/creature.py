"""A creature's finished body: linear blend skinning over its own bones, with a jaw, lids and eyes that follow face weights."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.skeleton import Skeleton
from kinora_world.scene import F4, F8, BodyPart, Portrait, Pose


@dataclass(frozen=True, slots=True)
class Hinge:
    """A face weight of 1 turns `bone` by `turn` (3,): a rotation vector, radians."""

    bone: str
    turn: F8


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)  # compared and hashed by identity
class Creature:
    """Implements `scene.Body`."""

    species: str
    parts: tuple[BodyPart, ...]
    rest: tuple[F4, F4]
    landmarks: Mapping[str, tuple[float, float, float]]
    height: float
    skeleton: Skeleton
    weights: sp.csr_matrix  # (n, bones), float32
    hinges: Mapping[str, Hinge]  # by face weight, e.g. jawOpen
    portrait: Portrait | None = None  # a picture all over it

    def posed(self, pose: Pose) -> tuple[F4, F4]:
        """Positions and normals (n, 3) on the stage."""
        blended = np.asarray(self.weights @ self._matrices(pose)).reshape(-1, 3, 4)
        return _applied(blended, self.rest[0]) + blended[:, :, 3], _applied(blended, self.rest[1])

    def _matrices(self, pose: Pose) -> F4:
        """(bones, 12): the upper three rows of each rest-to-stage matrix."""
        s = self.skeleton
        local = np.broadcast_to(np.eye(3), (len(s.bones), 3, 3)).copy()
        for name, rotation in pose.rotations.items():
            local[s.index(name)] = rotation
        for bone, turn in self._turns(pose.face).items():
            local[s.index(bone)] = local[s.index(bone)] @ rotation_of(turn)
        turned, placed = s.forward(local, s.offsets[0])
        moves = np.empty((len(s.bones), 3, 4))
        moves[:, :, :3] = pose.root[:3, :3] @ turned
        at = placed - np.einsum("bij,bj->bi", turned, s.heads)
        moves[:, :, 3] = at @ pose.root[:3, :3].T + pose.root[:3, 3]
        return moves.reshape(-1, 12).astype(np.float32)

    def _turns(self, face: Mapping[str, float]) -> dict[str, F8]:
        found: dict[str, F8] = {}
        for name, weight in face.items():
            if (hinge := self.hinges.get(name)) is not None:
                found[hinge.bone] = found.get(hinge.bone, np.zeros(3)) + weight * hinge.turn
        return found


def rotation_of(vector: F8) -> F8:
    """(3, 3) of a rotation vector (Rodrigues)."""
    angle = float(np.linalg.norm(vector))
    if angle < 1e-9:
        return np.eye(3)
    x, y, z = vector / angle
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def _applied(blended: F4, vectors: F4) -> F4:
    result = blended[:, :, 0] * vectors[:, 0:1]
    result += blended[:, :, 1] * vectors[:, 1:2]
    result += blended[:, :, 2] * vectors[:, 2:3]
    return np.asarray(result)
