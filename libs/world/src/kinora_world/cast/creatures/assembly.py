"""From blobs and pieces to a body: bones, skin weights, parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import scipy.sparse as sp

from kinora_world.cast.colour import Linear
from kinora_world.cast.creatures.creature import Creature, Hinge
from kinora_world.cast.creatures.implicit import Blob, Detail, Mesh, Solid, polygonised
from kinora_world.cast.creatures.paint import Coat, painted
from kinora_world.cast.skeleton import Skeleton, unit
from kinora_world.scene import F4, F8, I4, BodyPart
from kinora_world.species import Marking


@dataclass(frozen=True, slots=True)
class Paint:
    colour: Linear
    finish: str = "plain"
    roughness: float = 0.6
    outlined: bool = True


@dataclass(slots=True)
class Bones:
    """A tree of bones by name, with the place of each head in the rest pose."""

    heads: dict[str, F8] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, parent: str, head: F8) -> F8:
        self.parents[name], self.heads[name] = parent, np.asarray(head, float)
        return self.heads[name]

    def skeleton(self) -> Skeleton:
        """Canonical stance and rest pose are the same."""
        names = tuple(self.heads)
        parents = tuple(names.index(self.parents[n]) if self.parents[n] else -1 for n in names)
        heads = np.array([self.heads[n] for n in names])
        offsets = np.array([h - (heads[p] if p >= 0 else 0.0) for h, p in zip(heads, parents, strict=True)])
        return Skeleton(names, parents, heads, np.broadcast_to(np.eye(3), (len(names), 3, 3)), offsets, {}, {})


@dataclass(frozen=True, slots=True)
class _Piece:
    name: str
    mesh: Mesh
    paint: Paint
    weights: F8  # (n, bones)
    shapes: Mapping[str, F8]  # face weight to displacements (n, 3)


class Assembly:
    """Collects what a creature is made of. The first mesh of blobs is its coat, which is painted with markings."""

    def __init__(self, bones: Bones) -> None:
        self.bones = bones
        self._names = tuple(bones.heads)
        self._pieces: list[_Piece] = []

    def coat(
        self, solid: Solid, triangles: int, details: Sequence[Detail], markings: Sequence[Marking], paint: Paint, eyes: F8, size: float
    ) -> None:
        mesh = polygonised(solid, triangles, details)
        shares = self._shares(solid, mesh.positions)
        coat = Coat(mesh, shares, self._names, eyes, size)
        for number, (colour, part) in enumerate(painted(coat, markings, paint.colour)):
            normals = unit(np.asarray(part.mix @ mesh.normals))
            own = Paint(colour, paint.finish, paint.roughness)
            self._pieces.append(
                _Piece(f"coat{number}", Mesh(part.positions, normals, part.triangles), own, np.asarray(part.mix @ shares), {})
            )

    def blobs(self, name: str, solid: Solid, triangles: int, paint: Paint) -> None:
        """A further mesh, of about so many triangles, that moves with the bones of its blobs."""
        mesh = polygonised(solid, triangles)
        self._pieces.append(_Piece(name, mesh, paint, self._shares(solid, mesh.positions), {}))

    def piece(self, name: str, bone: str, mesh: Mesh, paint: Paint, shapes: Mapping[str, F8] | None = None) -> None:
        """A rigid piece, but for the displacements (n, 3) that face weights give it."""
        weights = np.zeros((len(mesh.positions), len(self._names)))
        weights[:, self._names.index(bone)] = 1.0
        self._pieces.append(_Piece(name, mesh, paint, weights, shapes or {}))

    def chain(self, name: str, bones: Sequence[str], mesh: Mesh, paint: Paint) -> None:
        """A piece that bends along several bones, by nearness to their heads."""
        heads = np.array([self.bones.heads[b] for b in bones])
        away = np.linalg.norm(mesh.positions[:, None] - heads, axis=2)
        spacing = float(np.linalg.norm(np.diff(heads, axis=0), axis=1).mean())
        near = np.exp(-((away / (0.6 * spacing)) ** 2)) + 1e-9
        weights = np.zeros((len(mesh.positions), len(self._names)))
        weights[:, [self._names.index(b) for b in bones]] = near / near.sum(1, keepdims=True)
        self._pieces.append(_Piece(name, mesh, paint, weights, {}))

    def _shares(self, solid: Solid, points: F8) -> F8:
        """Each bone has a share of the skin near its blobs; close to a joint two bones share it."""
        distances = np.stack([blob.distance(points) for blob in solid.blobs], 1)
        soft = np.array([_softness(blob) for blob in solid.blobs])
        near = np.exp(-(distances - distances.min(1, keepdims=True)) / soft)
        shares = np.zeros((len(points), len(self._names)))
        for column, blob in enumerate(solid.blobs):
            bone = self._names.index(blob.bone)
            shares[:, bone] = np.maximum(shares[:, bone], near[:, column])
        shares[shares < 0.03] = 0.0
        return np.asarray(shares / shares.sum(1, keepdims=True))

    def finished(self, species: str, height: float, landmarks: Mapping[str, F8], hinges: Mapping[str, Hinge]) -> Creature:
        return Creature(
            species=species,
            parts=self.parts,
            rest=self.rest,
            landmarks=points(landmarks),
            height=height,
            skeleton=self.bones.skeleton(),
            weights=self.weights,
            hinges=hinges,
        )

    @property
    def parts(self) -> tuple[BodyPart, ...]:
        grouped: dict[str, list[tuple[_Piece, int]]] = {}
        for piece, start in zip(self._pieces, self._starts, strict=True):
            grouped.setdefault(piece.name, []).append((piece, start))
        return tuple(_part(name, pieces) for name, pieces in grouped.items())

    @property
    def rest(self) -> tuple[F4, F4]:
        return self._all("positions"), self._all("normals")

    @property
    def weights(self) -> sp.csr_matrix:
        """(n, bones)."""
        return sp.csr_matrix(np.concatenate([p.weights for p in self._pieces]).astype(np.float32))

    @property
    def shapes(self) -> dict[str, tuple[I4, F4]]:
        """Face weight to vertices and their displacements."""
        found: dict[str, list[tuple[I4, F8]]] = {}
        for piece, start in zip(self._pieces, self._starts, strict=True):
            for name, delta in piece.shapes.items():
                found.setdefault(name, []).append((np.arange(start, start + len(delta), dtype=np.int32), delta))
        return {
            n: (np.concatenate([i for i, _ in rows]), np.concatenate([d for _, d in rows]).astype(np.float32)) for n, rows in found.items()
        }

    @property
    def _starts(self) -> list[int]:
        return [int(n) for n in np.cumsum([0] + [len(p.mesh.positions) for p in self._pieces])[:-1]]

    def _all(self, what: str) -> F4:
        return np.concatenate([getattr(p.mesh, what) for p in self._pieces]).astype(np.float32)


def points(landmarks: Mapping[str, F8]) -> dict[str, tuple[float, float, float]]:
    return {name: (float(at[0]), float(at[1]), float(at[2])) for name, at in landmarks.items()}


def _part(name: str, pieces: list[tuple[_Piece, int]]) -> BodyPart:
    triangles = np.concatenate([piece.mesh.triangles + start for piece, start in pieces]).astype(np.int32)
    paint = pieces[0][0].paint
    return BodyPart(name, triangles, paint.finish, paint.colour, paint.roughness, paint.outlined)


def _softness(blob: Blob) -> float:
    """Metres over which its skin passes to the next bone."""
    thick, length = max(blob.radii), float(np.linalg.norm(blob.end - blob.start))
    return 0.3 * min(thick, 0.35 * max(length, thick)) + 1e-3


def capsule(
    bone: str, start: F8, end: F8, first: float, second: float | None = None, *, wide: float = 1.0, melt: float | None = None
) -> Blob:
    """A blob; its seam is half its smaller radius wide unless told otherwise."""
    radii = (first, first if second is None else second)
    return Blob(bone, np.asarray(start, float), np.asarray(end, float), radii, wide, 0.6 * min(radii) if melt is None else melt)
