"""The layout of every likeness's texture: which landmark lies where, and the triangles between them. Made by tools/face_layout.py."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from kinora_faces.landmarks import F8

VERSION = 1
SIDE = 512  # pixels, of a texture


@dataclass(frozen=True)
class Layout:
    """positions (468, 3) of the mean face in the frame of `geometry`, uv (468, 2) in 0..1, triangles (m, 3) of landmarks."""

    positions: F8
    uv: F8
    triangles: NDArray[np.int32]


@cache
def layout() -> Layout:
    fields = json.loads(Path(__file__).with_name("layout.json").read_text())
    return Layout(np.array(fields["positions"]), np.array(fields["uv"]), np.array(fields["triangles"], np.int32))
