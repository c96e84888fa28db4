"""Things that ring: sums of decaying sines, as many at once as one likes."""

import numpy as np

from kinora_world.scene import F8, SAMPLE_RATE

_BLOCK = 256


def ring(hertz: F8, falls: F8, gains: F8, count: int, rate: int = SAMPLE_RATE) -> F8:
    """(count,) Σ gain · exp(-t/fall) · sin(2π · hertz · t) of equally long arrays; a fall of infinity is a steady tone.

    A sine's powers z^(256m + k) = (z^256)^m · z^k are an outer product, so the whole sum is one matrix product.
    """
    hertz, falls, gains = (np.asarray(x, float) for x in (hertz, falls, gains))
    kept = hertz < 0.45 * rate
    hertz, falls, gains = hertz[kept], falls[kept], gains[kept]
    if not len(hertz) or count <= 0:
        return np.zeros(max(0, count))
    exponent = (2j * np.pi * hertz - 1 / falls) / rate
    inner = np.exp(exponent[:, None] * np.arange(_BLOCK)).astype(np.complex64)
    outer = (gains[:, None] * np.exp(exponent[:, None] * _BLOCK * np.arange(-(-count // _BLOCK)))).astype(np.complex64)
    return np.asarray((outer.T @ inner).imag.ravel()[:count], np.float64)
