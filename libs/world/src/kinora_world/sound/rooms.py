"""Reverb of the place: the walls' first reflections, then a tail that dies away, the high notes first.

Reflections are those of a shoebox, by image sources (Allen & Berkley, "Image method for efficiently simulating small-room acoustics",
J. Acoust. Soc. Am. 65(4), 1979).
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy.signal import butter, oaconvolve, sosfilt

from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound.space import gains

_SOUND_M_S = 343.0
_ORDER = 2  # reflections from wall to wall that are heard one by one
_BANDS = ((40.0, 500.0, 1.15), (500.0, 2500.0, 1.0), (2500.0, 9000.0, 0.55))  # Hz, Hz, share of the tail's length


def reverb(dry: F8, size: Sequence[float], seconds: float, wet: float, seed: int) -> F8:
    """(n + m, 2) reflections alone of (n, 2) in a room of `size` metres (width, depth, height) that dies by 60 dB in `seconds`.

    `wet` is the tail's energy beside the direct sound's, as a ratio of amplitudes.
    """
    response = _response(tuple(size), seconds, seed) * wet
    return np.stack([oaconvolve(dry[:, ear], response[:, ear]) for ear in (0, 1)], axis=1)


@lru_cache(maxsize=16)
def _response(size: tuple[float, ...], seconds: float, seed: int) -> F8:
    count = int(seconds * SAMPLE_RATE)
    rng = np.random.default_rng([seed % 2**63, 7])
    clock = np.arange(count) / SAMPLE_RATE
    tail = np.zeros((count, 2))
    for low, high, share in _BANDS:
        band = butter(1, (low, high), "bandpass", fs=SAMPLE_RATE, output="sos")
        noise = sosfilt(band, rng.standard_normal((count, 2)), axis=0)
        tail += noise * np.exp(-6.9 * clock / (seconds * share))[:, None]
    begins = min(0.5 * seconds, np.cbrt(np.prod(size)) / _SOUND_M_S)  # when the first reflections have crossed the room
    tail *= np.minimum(1, clock / (begins + 1e-3))[:, None] ** 2
    tail /= np.sqrt(np.sum(tail**2) / 2) + 1e-12
    for delay, pan, strength in _images(size, seconds, rng):
        at = int(delay * SAMPLE_RATE)
        if at < count:
            tail[at] += 0.35 * strength * gains(np.array(pan), np.array(1.0))
    tail.setflags(write=False)
    return tail


def _images(size: tuple[float, ...], seconds: float, rng: np.random.Generator) -> list[tuple[float, float, float]]:
    """(seconds after the direct sound, pan, strength) of every early reflection between an actor and a camera in the room's middle."""
    room = np.array(size)
    actor, ear = room * (0.5, 0.62, 0.3) + rng.uniform(-0.3, 0.3, 3), room * (0.46, 0.32, 0.35)
    volume, surface = float(np.prod(room)), 2 * float(room[0] * room[1] + room[1] * room[2] + room[0] * room[2])
    kept = float(np.sqrt(1 - np.clip(0.161 * volume / surface / seconds, 0.02, 0.95)))  # Sabine's formula gives the walls' absorption
    direct = float(np.linalg.norm(actor - ear))
    found = []
    for order in np.ndindex(*(2 * _ORDER + 1,) * 3):
        walls = np.array(order) - _ORDER
        if not 0 < np.abs(walls).sum() <= _ORDER:
            continue
        image = np.where(walls % 2 == 0, walls * room + actor, (walls + 1) * room - actor)
        way = float(np.linalg.norm(image - ear))
        found.append(((way - direct) / _SOUND_M_S, float((image - ear)[0] / way), kept ** float(np.abs(walls).sum()) * direct / way))
    return found
