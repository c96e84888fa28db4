"""Loudness and the limiter: the last steps before the file. Levels are those of streaming services: -16 LUFS, peaks under -1 dBTP."""

import numpy as np
from scipy.ndimage import minimum_filter1d, uniform_filter1d
from scipy.signal import resample_poly, sosfilt

from kinora_world.scene import F4, F8, SAMPLE_RATE

CEILING = 10 ** (-2.2 / 20)  # AAC was seen to overshoot by 0.9 dB
TARGET_LUFS, AIR_LUFS = -16.0, -27.0  # with speech, effects or music, and of a place alone
_HEARD_LUFS = -48.0
_AIR_GAIN_MOST = 2.0  # a place is not made louder than this for a faint foreground's sake
_LOOKAHEAD = int(0.004 * SAMPLE_RATE)
_ROUNDS = 4
_PIECE, _EDGE = 1 << 18, 64  # samples of a piece, and of what it needs of its neighbours
# The weighting of ITU-R BS.1770-5, annex 1: a shelf for the head, then a high-pass; coefficients for 48 kHz.
_K_WEIGHTING = np.array(
    [
        [1.53512485958697, -2.69169618940638, 1.19839281085285, 1.0, -1.69065929318241, 0.73248077421585],
        [1.0, -2.0, 1.0, 1.0, -1.99004745483398, 0.99007225036621],
    ]
)


def loudness(sound: F8) -> float:
    """Integrated loudness of (n, 2) in LUFS after ITU-R BS.1770-5: blocks of 400 ms, gated at -70 LUFS and 10 LU under the rest."""
    return _gated(_hops(sound))


def _hops(sound: F8) -> F8:
    """(n,) weighted energy of every whole 100 ms, both ears together; a sound shorter than a block is padded with silence."""
    hop = SAMPLE_RATE // 10
    weighted = sosfilt(_K_WEIGHTING, sound, axis=0)
    energy = np.sum(weighted**2, axis=1)
    energy = np.pad(energy, (0, max(0, 4 * hop - len(energy))))
    return np.asarray(energy[: len(energy) // hop * hop].reshape(-1, hop).sum(axis=1))


def _gated(hops: F8) -> float:
    power = np.convolve(hops, np.ones(4), "valid") / (0.4 * SAMPLE_RATE)
    loud = power[power > 10 ** ((-70 + 0.691) / 10)]
    if not len(loud):
        return -70.0
    return float(-0.691 + 10 * np.log10(np.mean(loud[loud > np.mean(loud) / 10])))


def peaks(sound: F8) -> F8:
    """(n,) the greatest magnitude around each sample of (n, 2), between samples too (4x oversampled); piece by piece, to spare memory."""
    found = [_peaks(sound[max(0, begin - _EDGE) : begin + _PIECE + _EDGE]) for begin in range(0, len(sound), _PIECE)]
    kept = [piece[_EDGE if number else 0 :][:_PIECE] for number, piece in enumerate(found)]
    return np.concatenate(kept) if kept else np.zeros(0)


def _peaks(piece: F8) -> F8:
    fine = np.maximum(*(np.abs(resample_poly(piece[:, ear], 4, 1)) for ear in (0, 1)))
    return np.asarray(fine.reshape(-1, 4).max(axis=1))


def limited(sound: F8, tops: F8 | None = None) -> F8:
    """(n, 2) never above the ceiling, between samples either; the gain moves over 4 ms. `tops` are its `peaks` where known."""
    needed = np.minimum(1, CEILING / np.maximum(peaks(sound) if tops is None else tops, 1e-9))
    window = 2 * _LOOKAHEAD + 1
    gain = uniform_filter1d(minimum_filter1d(needed, 2 * window - 1), window)
    return np.asarray(sound * gain[:, None])


def mastered(foreground: F8, air: F8, *, loop: bool = False) -> F4:
    """Both (n, 2), summed, brought to -16 LUFS and limited; with `loop`, the end is limited as if the beginning followed.

    The air of a place where nothing else sounds stays soft.
    """
    level = loudness(foreground)
    if level > _HEARD_LUFS:
        gain, target = 10 ** ((TARGET_LUFS - level) / 20), TARGET_LUFS
        mixed = foreground * gain + air * min(gain, _AIR_GAIN_MOST)
    else:
        mixed, target = foreground + air, AIR_LUFS
    edge = 4 * _LOOKAHEAD if loop else 0
    mixed = np.pad(mixed, ((edge, edge), (0, 0)), mode="wrap")
    return _brought_to(mixed, target)[edge : len(mixed) - edge].astype(np.float32)


def _brought_to(mixed: F8, target: float) -> F8:
    """What the limiter takes away is given back, in a few rounds."""
    tops, gain = peaks(mixed), 10 ** ((target - loudness(mixed)) / 20)
    for _ in range(_ROUNDS):
        sound = limited(mixed * gain, tops * gain)
        missing = target - loudness(sound)
        if abs(missing) < 0.1:
            break
        gain = float(np.clip(gain * 10 ** (1.3 * missing / 20), 1e-3, 30))
    return sound
