"""Reads MakeHuman/MPFB2 files: base mesh, targets, rig and weights. The source is in decimetres, Y up, facing +Z."""

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kinora_world.scene import F8, I4

PREFIX = "mixamorig:"
AGES = ("baby", "child", "young", "old")
_KEPT = ("body", "helper-tights", "helper-skirt", "helper-hair", "helper-tongue", "helper-upper-teeth", "helper-lower-teeth")
_MERGED = {"helper-l-eye": "left-eye", "helper-r-eye": "right-eye"}
_SIDED_DETAILS = {
    "eyes": ("eye-scale", "eye-height1", "eye-height2", "eye-height3", "eye-trans"),
    "hands": ("hand-scale", "hand-fingers-diameter"),
    "ears": ("ear-scale",),
    "cheek": ("cheek-volume", "cheek-bones"),
}
_DETAILS = {
    "nose": ("nose-scale", "nose-volume", "nose-width1", "nose-width3", "nose-hump", "nose-point"),
    "mouth": ("mouth-scale", "mouth-lowerlip-volume", "mouth-upperlip-volume"),
    "head": ("head-age", "head-fat", "head-oval", "head-round", "head-square", "head-rectangular", "head-diamond", "head-scale"),
    "chin": ("chin-width", "chin-height", "chin-prominent", "chin-jaw-drop"),
    "forehead": ("forehead-scale",),
}


def metres(points: F8) -> F8:
    """Source coordinates (..., 3) to metres, Z up, facing -Y."""
    return np.stack([points[..., 0], -points[..., 2], points[..., 1]], -1) * 0.1


def read_mesh(path: Path) -> tuple[F8, dict[str, I4], dict[str, I4]]:
    """Vertices in source units, triangles by group, and the vertices of each joint cube."""
    vertices: list[list[float]] = []
    faces: dict[str, list[list[int]]] = {}
    current: list[list[int]] = []
    for line in path.read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(x) for x in rest.split()])
        elif kind == "g":
            current = faces.setdefault(rest.strip(), [])
        elif kind == "f":
            current.append([int(corner.split("/")[0]) - 1 for corner in rest.split()])
    groups = {name: _triangles(faces[name]) for name in _KEPT} | {to: _triangles(faces[name]) for name, to in _MERGED.items()}
    groups["lashes"] = np.concatenate([_triangles(f) for name, f in faces.items() if "eyelashes" in name])
    cubes = {name: np.unique(np.array(f, np.int32)) for name, f in faces.items() if name.startswith("joint-")}
    return np.array(vertices), groups, cubes


def _triangles(faces: list[list[int]]) -> I4:
    return np.array([(f[0], f[k], f[k + 1]) for f in faces for k in range(1, len(f) - 1)], np.int32)


def read_target(path: Path) -> tuple[NDArray[np.int16], NDArray[np.int16]]:
    """Vertex numbers and displacements in 1e-4 m. A target without lines is an empty one."""
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    rows = " ".join(line for line in text.splitlines() if line and line[0] not in '#"')
    table = np.array(rows.split(), np.float64).reshape(-1, 4)
    return table[:, 0].astype(np.int16), np.round(metres(table[:, 1:]) * 1e4).astype(np.int16)


def read_rig(path: Path, cubes: dict[str, I4], size: int) -> tuple[list[str], list[int], sp.csr_matrix, sp.csr_matrix]:
    """Bone names (unprefixed, parents first), parents, and heads and tails as means of vertices."""
    rig = json.loads(path.read_text())["bones"]
    names: list[str] = []

    def walk(parent: str) -> None:
        for name, bone in rig.items():
            if (bone["parent"] or "") == parent:
                names.append(name)
                walk(name)

    walk("")
    ends = [sp.lil_matrix((len(names), size)) for _ in range(2)]
    for row, name in enumerate(names):
        for matrix, end in zip(ends, ("head", "tail"), strict=True):
            spot = rig[name][end]
            chosen = cubes[spot["cube_name"]] if spot["strategy"] == "CUBE" else np.unique(_vertex_list(spot))
            matrix[row, chosen] = 1 / len(chosen)
    parents = [names.index(rig[n]["parent"]) if rig[n]["parent"] else -1 for n in names]
    return [n.removeprefix(PREFIX) for n in names], parents, ends[0].tocsr(), ends[1].tocsr()


def _vertex_list(spot: dict[str, Any]) -> list[int]:
    return list(spot["vertex_indices"]) if "vertex_indices" in spot else [spot["vertex_index"]]


def read_weights(path: Path, bones: list[str], size: int) -> sp.csr_matrix:
    """Skin weights (size, bones); rows sum to 1, or to 0 for vertices that carry no skin."""
    table = json.loads(path.read_text())["weights"]
    cells = [(v, bones.index(n.removeprefix(PREFIX)), w) for n, row in table.items() if n.removeprefix(PREFIX) in bones for v, w in row]
    rows, columns, values = (np.array(x) for x in zip(*cells, strict=True))
    weights = sp.csr_matrix((values, (rows, columns)), shape=(size, len(bones)))
    total = np.asarray(weights.sum(1)).ravel()
    return sp.csr_matrix(sp.diags(1 / np.where(total == 0, 1, total)) @ weights)


def macro_targets(folder: Path) -> dict[str, Path]:
    """Sex, age, ancestry, muscle and weight targets by file stem."""
    macro = folder / "macrodetails"
    paths = [p for age in AGES for p in sorted(macro.glob(f"*-{age}*.target.gz"))]
    return {p.name.removesuffix(".target.gz"): p for p in paths}


def detail_targets(folder: Path) -> dict[str, Path]:
    """Targets of face and hands that tell people apart, by file stem."""
    found: dict[str, Path] = {}
    for part, stems in _DETAILS.items():
        found |= _stems(folder / part, stems)
    for part, stems in _SIDED_DETAILS.items():
        found |= _stems(folder / part, tuple(f"{side}-{stem}" for side in "lr" for stem in stems))
    return found


def _stems(folder: Path, stems: tuple[str, ...]) -> dict[str, Path]:
    return {p.name.removesuffix(".target.gz"): p for stem in stems for p in sorted(folder.glob(f"{stem}*.target.gz"))}
