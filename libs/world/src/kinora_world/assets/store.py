"""Reading what `build` wrote."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kinora_world.scene import F8, I4

FOLDER = Path(__file__).parent / "built"
VERSION = 3  # raise it whenever the layout or the selection of data changes
UNIT = 1e-4  # metres per stored integer of a shape; the source files have this resolution


class AssetsMissing(RuntimeError):
    """The built assets are absent or from another version."""


@dataclass(frozen=True, slots=True)
class Shapes:
    """Named sparse displacements of the base mesh."""

    names: dict[str, int]
    starts: I4
    vertices: NDArray[np.int16]
    deltas: NDArray[np.int16]  # (n, 3) in UNIT metres

    def of(self, name: str) -> tuple[I4, F8]:
        """Vertex indices (k,) and displacements (k, 3) in metres. Raises KeyError for an unknown name."""
        number = self.names[name]
        part = slice(self.starts[number], self.starts[number + 1])
        return self.vertices[part].astype(np.int32), self.deltas[part].astype(np.float64) * UNIT


@dataclass(frozen=True, slots=True)
class BodyData:
    """The base mesh in metres, Z up, facing -Y, and everything that is attached to it."""

    vertices: F8  # (n, 3)
    groups: dict[str, I4]  # group name to triangles (m, 3)
    bones: tuple[str, ...]  # parents come before children
    parents: tuple[int, ...]  # -1 for the root
    heads: sp.csr_matrix  # (bones, n): a bone's head as a mean of vertices
    tails: sp.csr_matrix
    weights: sp.csr_matrix  # (n, bones), rows sum to 1
    shapes: Shapes  # body shapes, by MakeHuman target name
    face: Shapes  # ARKit face shapes


@dataclass(frozen=True, slots=True)
class Clip:
    """A motion clip as published: rows of 44 numbers (duration, root position, root and joint rotations), X forward, Y up."""

    name: str
    frames: F8
    looped: bool


def _open(name: str) -> dict[str, NDArray[np.generic]]:
    path = FOLDER / f"{name}.npz"
    if not path.exists():
        raise AssetsMissing(f"{path.name} has not been built: run `make setup` (python -m kinora_world.assets build --carriers <folder>)")
    with np.load(path) as file:
        if int(file["version"]) != VERSION:
            raise AssetsMissing(f"{path.name} is of version {int(file['version'])}, this code reads {VERSION}: run `make setup`")
        return {key: file[key] for key in file.files}


def _csr(file: dict[str, NDArray[np.generic]], key: str, shape: tuple[int, int]) -> sp.csr_matrix:
    return sp.csr_matrix((file[f"{key}_data"].astype(np.float64), file[f"{key}_index"], file[f"{key}_start"]), shape=shape)


def _shapes(file: dict[str, NDArray[np.generic]], key: str) -> Shapes:
    names = {str(name): i for i, name in enumerate(file[f"{key}_names"])}
    return Shapes(
        names, file[f"{key}_starts"].astype(np.int32), file[f"{key}_vertices"].astype(np.int16), file[f"{key}_deltas"].astype(np.int16)
    )


@cache
def load_body() -> BodyData:
    """The body data, read once per process. Raises AssetsMissing."""
    file = _open("body")
    vertices = file["vertices"].astype(np.float64)
    bones = tuple(str(name) for name in file["bones"])
    count, size = len(bones), len(vertices)
    return BodyData(
        vertices=vertices,
        groups={key.removeprefix("group_"): value.astype(np.int32) for key, value in file.items() if key.startswith("group_")},
        bones=bones,
        parents=tuple(int(p) for p in file["parents"]),
        heads=_csr(file, "heads", (count, size)),
        tails=_csr(file, "tails", (count, size)),
        weights=_csr(file, "weights", (size, count)),
        shapes=_shapes(file, "shapes"),
        face=_shapes(file, "face"),
    )


@cache
def load_clips() -> dict[str, Clip]:
    """Motion clips by name, read once per process. Raises AssetsMissing."""
    file = _open("clips")
    looped = {str(name) for name in file["looped"]}
    keys = [key for key in file if key.startswith("clip_")]
    return {key[5:]: Clip(key[5:], file[key].astype(np.float64), key[5:] in looped) for key in keys}
