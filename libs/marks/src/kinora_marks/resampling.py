"""Sound at another rate. `scipy.signal` does the same and takes half a second of CPU to import, of which a look-up has few."""

import numpy as np
import scipy.fft
from numpy.typing import NDArray

F4 = NDArray[np.float32]
_QUIET = 4_096  # samples at least before and after: what rings at an end does not ring at the other


def resampled(samples: F4, up: int, down: int) -> F4:
    """`samples` (n,) or (n, channels) at up / down times their rate, (⌈n · up / down⌉, …); band-limited by Fourier transform."""
    if up == down:
        return samples
    before = -(-_QUIET // down)  # in steps of `down` samples, of which each becomes `up`
    steps = scipy.fft.next_fast_len(2 * before - (-len(samples) // down), real=True)
    padded = np.zeros((steps * down, *samples.shape[1:]), np.float32)
    padded[before * down : before * down + len(samples)] = samples
    spectrum = scipy.fft.rfft(padded, axis=0)
    sound = scipy.fft.irfft(spectrum[: steps * up // 2 + 1] * np.float32(up / down), steps * up, axis=0)
    return np.asarray(sound[before * up : before * up - (-len(samples) * up // down)], np.float32)
