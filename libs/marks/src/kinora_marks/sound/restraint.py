"""Where a frame of the mark would be heard beside its own sound: before an attack that falls into it, after an end, over full scale."""

import numpy as np
from numpy.typing import NDArray

F4 = NDArray[np.float32]
BLOCK = 256  # samples, 5.3 ms: about as long before a loud sound the ear misses a soft one
_BELOW = 0.5  # of the sound's own amplitude in a block: 6 dB


class Restraint:
    """What is added to one sound, turned down block by block where the sound itself is too soft to cover it."""

    def __init__(self, channels: int) -> None:
        self._last = np.ones((1, channels), np.float32)

    def held(self, samples: F4, added: F4) -> F4:
        """The next (whole blocks, channels) of what is added: below the samples of each block, and with them no louder than -1 to 1."""
        room = _BELOW * _loudness(samples) / np.maximum(_loudness(added), np.float32(1e-12))
        gains = np.concatenate([self._last, np.minimum(room, np.float32(1))])
        self._last = gains[-1:]
        part = (np.arange(1, BLOCK + 1, dtype=np.float32) / BLOCK)[:, None]
        ramps = gains[:-1, None] * (1 - part) + gains[1:, None] * part
        full = np.maximum(np.abs(samples), np.float32(1))
        return np.asarray(np.clip(samples + added * ramps.reshape(added.shape), -full, full) - samples, np.float32)


def ended(samples: F4, marked: F4) -> F4:
    """The mark fades out over the last block, so that it stops without a click of its own."""
    count = min(BLOCK, len(samples))
    fade = np.ones((len(samples), 1), np.float32)
    fade[len(samples) - count :, 0] = np.linspace(1, 0, count)
    return np.asarray(samples + (marked - samples) * fade, np.float32)


def _loudness(samples: F4) -> F4:
    """(blocks, channels), of (samples, channels)."""
    return np.asarray(np.sqrt(np.square(samples.reshape(-1, BLOCK, samples.shape[1])).mean(1)), np.float32)
