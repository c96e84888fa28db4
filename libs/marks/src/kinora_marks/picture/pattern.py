"""The pattern that marks a picture: a keyed tile of TILE reference pixels, laid out over the whole picture and the same in every frame.

A reference pixel is 1/720 of the picture's shorter side. The carriers are the real and imaginary parts of the tile's spectrum between
LOWEST and HIGHEST periods a tile: coarser ones drown in the picture, finer ones in the encoder. Spread-spectrum marking after I. J. Cox et
al., "Secure spread spectrum watermarking for multimedia", IEEE Trans. Image Processing 6 (1997); tiling against crops and scales after
M. Kutter, "Watermarking resisting to translation, rotation, and scaling", SPIE 3528 (1998).
"""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from kinora_marks.keys import Key
from kinora_marks.payload import Carriers

F4 = NDArray[np.float32]
C8 = NDArray[np.complex64]

TILE = 256
REFERENCE = 720
LOWEST, HIGHEST = 5, 29  # periods a tile
VARIANTS = 2  # of each key
_FALL = 0.45  # amplitudes fall with frequency to this power: less than those of pictures do


class Pattern:
    """What a key makes of the tile's spectrum, in one of VARIANTS. `down` and `across` are each coefficient's periods, (coefficients,)."""

    def __init__(self, key: Key, variant: int = 0) -> None:
        self.down, self.across = band()
        self.periods = np.hypot(self.down, self.across)
        self.carriers = Carriers(key, f"picture/{variant}", 2 * len(self.down))
        directions = np.where(np.isin(np.arange(self.carriers.count), self.carriers.pilots), self.carriers.signs, 0)
        self.pilots = self.complex(directions.astype(np.float32))

    @classmethod
    def of(cls, key: Key, identity: int) -> "Pattern":
        """The variant that marks this video: what is in common to many videos of one key is no one pattern."""
        return cls(key, key.stream(f"picture/variant/{identity}", 1)[0] % VARIANTS)

    def complex(self, values: F4) -> C8:
        """Of the carriers' values the coefficients': real parts come first."""
        half = len(values) // 2
        return cast("C8", (values[:half] + 1j * values[half:]).astype(np.complex64))

    def real(self, coefficients: C8) -> F4:
        return np.concatenate([coefficients.real, coefficients.imag]).astype(np.float32)

    def tile(self, identity: int) -> F4:
        """(TILE, TILE), of mean 0 and variance 1."""
        spectrum = np.zeros((TILE, TILE), np.complex128)
        coefficients = self.complex(self.carriers.written(identity)) * (self.periods / LOWEST) ** -_FALL
        spectrum[self.down % TILE, self.across] = coefficients
        spectrum[-self.down % TILE, -self.across % TILE] = coefficients.conj()
        tile = np.fft.ifft2(spectrum).real
        return cast("F4", (tile / tile.std()).astype(np.float32))

    def plane(self, identity: int, width: int, height: int) -> F4:
        """The pattern of a whole picture, (height, width)."""
        scale = min(width, height) / REFERENCE
        rows, columns = (int(np.ceil(side / scale / TILE)) for side in (height, width))
        laid = np.tile(self.tile(identity), (rows, columns))[: int(np.ceil(height / scale)), : int(np.ceil(width / scale))]
        return laid if scale == 1 else cast("F4", cv2.resize(laid, (width, height), interpolation=cv2.INTER_CUBIC))


def grid() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Periods a tile, down and across, of half a spectrum: (2 HIGHEST + 1, HIGHEST)."""
    down, across = np.mgrid[-HIGHEST : HIGHEST + 1, 1 : HIGHEST + 1]
    return down, across


def in_band() -> NDArray[np.bool_]:
    """Which of the grid bear carriers."""
    periods = np.hypot(*grid())
    return (periods >= LOWEST) & (periods <= HIGHEST)


def band() -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    down, across = grid()
    return down[in_band()], across[in_band()]
