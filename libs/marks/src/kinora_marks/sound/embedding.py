"""The mark is put into sound as it streams by: cells of the grid are made a little louder or softer, all channels alike.

What is silent stays so, since the mark is only a gain. How large it is follows from the masked threshold, from a budget for each tile that
spares the loudest bands, and from the sound itself: a coded bit that the sound happens to say already needs less, one that it contradicts
gets more (H. S. Malvar, D. A. F. Florencio, "Improved spread spectrum", IEEE Trans. Signal Process. 51, 2003).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d

from kinora_marks.keys import KeyRing
from kinora_marks.payload import CODED_BITS, Carriers
from kinora_marks.sound import masking
from kinora_marks.sound.evidence import evidence
from kinora_marks.sound.grid import BANDS, BINS, CARRIERS, FIRST, HOP, HOPS, PILOTS, ROWS, WINDOW
from kinora_marks.sound.restraint import Restraint, ended

F4 = NDArray[np.float32]
_FRAMES = ROWS * HOPS  # of a tile
_STEP = _FRAMES * HOP  # samples of a tile
_CAP_DB = 6.0
_BELOW_DB = 22.9  # of a tile's power, before overlapping frames take some 2 dB of the mark away
_SPARING = 0.6  # by which power of its loudness a critical band that is softer gets more
_FAINTEST, _DEEPEST, _HALVINGS = 0.02, 3.0, 12  # dB where a critical band is as loud as the tile's loudest moments
_REJECTION = 0.8  # of what the sound says by chance
_MOST = 2.0
_LAST = FIRST + BANDS * BINS
_HANN = np.hanning(WINDOW + 1)[:-1].astype(np.float32)
_INSIDE = (np.bincount(masking.BARKS[FIRST:_LAST], minlength=25) / np.bincount(masking.BARKS))[:, None]  # of a critical band
_OVERLAP = float(np.square(_HANN).sum() / HOP)


class Embedder:
    """Marks one sound at 48 kHz: `push` any portions, then `finish`; both return marked sound, in all as long as was pushed.

    It holds a tile and a window of sound, some 4.2 s, however long the sound is.
    """

    def __init__(self, identity: int, keys: KeyRing, channels: int) -> None:
        carriers = Carriers(keys.current, "sound", CARRIERS, PILOTS)
        self._signs = carriers.written(identity).reshape(ROWS, BANDS)
        self._bits = np.full(CARRIERS, CODED_BITS)
        self._bits[carriers.data] = np.arange(len(carriers.data)) % CODED_BITS
        self._waiting = np.zeros((WINDOW // 2, channels), np.float32)  # from half a window before the tile's first frame
        self._tail = np.zeros((WINDOW, channels), np.float32)  # what earlier frames add to what is yet to come
        self._early = WINDOW // 2  # samples that came before the sound's first
        self._restraint = Restraint(channels)

    def push(self, samples: F4) -> F4:
        """The next (samples, channels), from -1 to 1; returns what is ready of the same shape, perhaps nothing."""
        if samples.ndim != 2 or samples.shape[1] != self._waiting.shape[1]:
            raise ValueError(f"Sound to mark has the shape (samples, {self._waiting.shape[1]}), not {samples.shape}.")
        if not np.isfinite(samples).all():
            raise ValueError("Sound to mark is finite numbers; this has gaps.")
        self._waiting = np.concatenate([self._waiting, samples.astype(np.float32)])
        ready = [np.zeros((0, samples.shape[1]), np.float32)]
        while len(self._waiting) >= _STEP + WINDOW:
            ready.append(self._marked(_FRAMES))
        return np.concatenate(ready)

    def finish(self) -> F4:
        """The rest."""
        rest = self._waiting[self._early :]
        frames = -(-len(self._waiting) // HOP)
        self._waiting = np.pad(self._waiting, ((0, frames * HOP + WINDOW - len(self._waiting)), (0, 0)))
        pieces = [self._marked(min(_FRAMES, frames - done)) for done in range(0, frames, _FRAMES)]
        return ended(rest, np.concatenate(pieces)[: len(rest)])

    def _marked(self, frames: int) -> F4:
        """The next so many frames' worth of samples; they leave what waits."""
        step = frames * HOP
        samples = self._waiting[: step + WINDOW]
        added = np.zeros_like(samples)
        added[:WINDOW] += self._tail
        spectra = _spectra(samples, frames)
        change = self._gains(spectra)[:, None] - 1
        for number, piece in enumerate(np.fft.irfft(spectra * change, axis=2).astype(np.float32)):
            added[number * HOP : number * HOP + WINDOW] += (piece * _HANN / _OVERLAP).T
        marked = (samples[:step] + self._restraint.held(samples[:step], added[:step]))[self._early :]
        self._tail, self._waiting, self._early = added[step:], self._waiting[step:], 0
        return marked

    def _gains(self, spectra: NDArray[np.complex64]) -> F4:
        """(frames, bins), of (frames, channels, bins)."""
        power = np.square(np.abs(spectra)).mean(1).astype(np.float32).T
        frames = power.shape[1]
        limit = _limit(power)
        wanted = _wanted(power, limit)
        cells = np.arange(frames) // HOPS
        effort = self._effort(power, np.minimum(limit, wanted))
        inside = masking.BARKS[FIRST:_LAST]
        depth = np.minimum(wanted[inside].T * np.repeat(effort[cells], BINS, axis=1), limit[inside].T)
        gains = np.ones((frames, power.shape[0]), np.float32)
        gains[:, FIRST:_LAST] = 10 ** (np.repeat(self._signs[cells], BINS, axis=1) * depth / 20)
        return gains

    def _effort(self, power: F4, depth: F4) -> F4:
        """(cells, bands): around 1, less for the coded bits that the sound says by itself, more for those that it contradicts."""
        starts = np.arange(0, power.shape[1], HOPS)
        energies = np.add.reduceat(power[FIRST:_LAST].reshape(BANDS, BINS, -1).sum(1), starts, axis=1).T
        depths = np.add.reduceat(depth[masking.BARKS[FIRST + 1 : _LAST : BINS]], starts, axis=1).T / HOPS
        found = evidence(energies)
        bits = self._bits.reshape(ROWS, BANDS)[: len(energies)]
        said = np.bincount(bits.ravel(), (found.values * self._signs[: len(energies)]).ravel(), CODED_BITS + 1)
        meant = np.bincount(bits.ravel(), (found.precision * depths).ravel(), CODED_BITS + 1)
        effort = np.clip(1 - _REJECTION * said / (meant + 1e-9), 0, _MOST)
        effort[CODED_BITS] = 1
        return np.asarray(effort[bits], np.float32)


def _spectra(samples: F4, frames: int) -> NDArray[np.complex64]:
    """(frames, channels, bins)."""
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW, axis=0)[: frames * HOP : HOP]
    return np.fft.rfft(windows * _HANN, axis=2).astype(np.complex64)


def _limit(power: F4) -> F4:
    """By how many dB each critical band may change unheard at each frame, (25, frames)."""
    bands = masking.band_powers(power) + masking.LEAST
    masked_db = 20 * np.log10(1 + np.sqrt(masking.threshold(power) / bands))
    # A frame is heard with those that overlap it.
    return np.asarray(minimum_filter1d(np.minimum(masked_db, _CAP_DB), 3, axis=1), np.float32)


def _wanted(power: F4, limit: F4) -> F4:
    """By how many dB it should change for all of the mark to lie as far below the tile as it has to, (25, frames)."""
    bands = masking.band_powers(power) + masking.LEAST
    relative = (bands / np.percentile(bands, 99)) ** -_SPARING
    allowed = bands.sum() * 10 ** (-_BELOW_DB / 10)
    least, most = _FAINTEST, _DEEPEST
    for _ in range(_HALVINGS):
        middle = np.sqrt(least * most)
        change = 10 ** (np.minimum(middle * relative, limit) / 20) - 1
        least, most = (least, middle) if (_INSIDE * bands * change**2).sum() > allowed else (middle, most)
    return np.asarray(least * relative, np.float32)
