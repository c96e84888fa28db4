"""Speech by espeak-ng, and how far it opens a mouth."""

from functools import cache

import numpy as np
from kinora_faces.landmarks import F8
from kinora_world.sound.talker import Talker
from numpy.typing import NDArray
from scipy.signal import resample_poly

F4 = NDArray[np.float32]
RATE = 48_000


@cache
def say(text: str, voice: str, rate: int = 125) -> F4:
    """Mono speech at RATE, without silence around it, at an even loudness. Raises kinora_world.sound.talker.SpeechFailed."""
    with Talker() as talker:
        take = talker.say(text, voice=voice, rate=rate, pitch=50)
    speech = resample_poly(take.samples, RATE, take.rate)
    loud = np.flatnonzero(np.abs(speech) > 0.01)
    speech = speech[loud[0] : loud[-1] + 1]
    return np.asarray(0.1 * speech / np.sqrt(np.mean(speech**2)), np.float32)


def envelope(sound: F4, times: F8) -> F8:
    """Loudness at each frame, 0 to 1."""
    step = float(times[1] - times[0])
    parts = [sound[int(t * RATE) : int((t + step) * RATE)] for t in times]
    loud = np.array([np.sqrt(np.mean(part**2)) if len(part) else 0.0 for part in parts])
    return np.asarray(np.clip(loud / max(1e-6, float(np.percentile(loud, 97))), 0, 1))
