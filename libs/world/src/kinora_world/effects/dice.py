"""Random numbers that are a function of what they are for: the same particle has the same ones in every frame."""

import numpy as np
from numpy.typing import NDArray

from kinora_world.scene import F8

I8 = NDArray[np.int64]
_ODD = np.uint32(0x9E3779B1)


def dice(seed: int, birth: I8, sides: int, first: int = 0) -> F8:
    """(n, sides) numbers in 0..1 for births (n,); dice from `first` on are others. The mix is lowbias32 (Wellons, 2018)."""
    which = np.arange(first + 1, first + sides + 1, dtype=np.uint32) * _ODD
    state = birth.astype(np.uint32)[:, None] * np.uint32(0x85EBCA6B) ^ which ^ np.uint32(seed & 0xFFFFFFFF)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        state = (state ^ (state >> np.uint32(shift))) * np.uint32(factor)
    return np.asarray((state ^ (state >> np.uint32(16))) / 2.0**32)
