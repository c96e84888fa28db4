"""Reads the tensors of a file that torch before 1.6 saved, without torch and without running what a pickle may ask for."""

import pickle
import struct
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

F4 = NDArray[np.float32]
_SIZES = {"FloatStorage": 4, "LongStorage": 8, "IntStorage": 4, "DoubleStorage": 8}


class _Dict(dict[str, Any]):
    """Stands in for OrderedDict; modules hang attributes on it."""


class _Unpickler(pickle.Unpickler):
    """Knows tensors and plain containers; anything else is an error. A tensor becomes (storage, offset, shape, strides, …)."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__(file)
        self.sizes: dict[str, int] = {}

    def persistent_load(self, pid: Any) -> str:
        _, kind, key, *_ = pid
        self.sizes[key] = _SIZES[kind]
        return str(key)

    def find_class(self, module: str, name: str) -> Any:
        if module == "torch" and name in _SIZES:
            return name
        if module.startswith("numpy") or module == "_codecs":  # the optimiser's scalars, which nobody reads
            return lambda *_: None
        known = {("torch._utils", "_rebuild_tensor_v2"): lambda *parts: parts, ("collections", "OrderedDict"): _Dict}
        if (module, name) not in known:
            raise pickle.UnpicklingError(f"The file asks for {module}.{name}, which no tensor needs.")
        return known[module, name]


def read_tensors(path: Path) -> dict[str, F4]:
    """The float32 tensors of the entry `model_state`, by name."""
    with path.open("rb") as file:
        for _ in range(3):  # magic number, protocol, platform
            _Unpickler(file).load()
        unpickler = _Unpickler(file)
        state = unpickler.load()["model_state"]
        storages = {key: _storage(file, unpickler.sizes[key]) for key in _Unpickler(file).load()}
    return {name: _tensor(storages, *parts) for name, parts in state.items()}


def _storage(file: IO[bytes], size: int) -> bytes:
    (count,) = struct.unpack("<q", file.read(8))
    return file.read(size * count)


def _tensor(storages: dict[str, bytes], storage: str, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: Any) -> F4:
    numbers = np.frombuffer(storages[storage], np.float32)[offset:]
    return np.lib.stride_tricks.as_strided(numbers, shape, [4 * stride for stride in strides]).copy()
