"""A take becomes a line on film: the character's voice, then what a sound engineer does with it."""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import butter, lfilter, resample_poly, sosfilt

from kinora_world.scene import F4, F8, SAMPLE_RATE
from kinora_world.sound.intonation import spoken, sung
from kinora_world.sound.noises import band_noise
from kinora_world.sound.rooms import reverb
from kinora_world.sound.talker import Utterance
from kinora_world.sound.vocoder import put_together, taken_apart
from kinora_world.sound.voices import Delivery, Treatment

_SILENT = 0.006
_BREATH_S = 0.22
_PAUSE_S = 0.26  # a pause this long is used to breathe in


def produced(take: Utterance, text: str, delivery: Delivery) -> F4:
    """48 kHz, as long as the take; peaks at 0.5 times the delivery's loudness, at most 0.7."""
    if not len(take.samples):
        return np.zeros(0, np.float32)
    common = np.gcd(SAMPLE_RATE, take.rate)
    sound = resample_poly(take.samples.astype(np.float64), SAMPLE_RATE // common, take.rate // common)
    rng = np.random.default_rng([*text.encode()])
    parts = taken_apart(sound)
    melody = sung(parts, delivery, take.phonemes, text) if delivery.sung else spoken(parts, delivery)
    voice = _TREATMENTS[delivery.treatment](put_together(parts, melody, delivery.manner, rng))
    levelled = _levelled(_without_hiss(_equalised(voice)))
    if delivery.treatment == "none":
        levelled = levelled + _breaths(levelled, rng)
    peak = float(np.max(np.abs(levelled))) or 1.0
    return np.asarray(levelled / peak * min(0.7, 0.5 * delivery.loudness), np.float32)


def _equalised(sound: F8) -> F8:
    """Without rumble, less harsh between 3 and 5 kHz, with a little more body."""
    sound = sosfilt(butter(2, 75, "highpass", fs=SAMPLE_RATE, output="sos"), sound)
    harsh = sosfilt(butter(1, (2800, 5200), "bandpass", fs=SAMPLE_RATE, output="sos"), sound)
    body = sosfilt(butter(1, (160, 420), "bandpass", fs=SAMPLE_RATE, output="sos"), sound)
    return np.asarray(sound - 0.3 * harsh + 0.25 * body)


def _without_hiss(sound: F8) -> F8:
    """A de-esser: above 5 kHz nothing is louder than a third of what is loud below."""
    high = sosfilt(butter(2, 5000, "highpass", fs=SAMPLE_RATE, output="sos"), sound)
    width = int(0.012 * SAMPLE_RATE)
    level = np.sqrt(np.maximum(0, uniform_filter1d(high**2, width)))  # a running sum may end a hair below nothing
    allowed = 0.33 * np.sqrt(max(0.0, float(np.percentile(uniform_filter1d(sound**2, width), 90))))
    return np.asarray(sound - high * (1 - np.minimum(1, allowed / (level + 1e-9))))


def _levelled(sound: F8) -> F8:
    """A gentle 2:1 compressor: divided by the root of the loudness around each sample over some 60 ms."""
    smooth = butter(1, 8, fs=SAMPLE_RATE, output="sos")
    envelope = np.maximum(sosfilt(smooth, sosfilt(smooth, np.abs(sound))[::-1])[::-1], 0)
    return np.asarray(sound / np.sqrt(envelope + 0.15 * float(envelope.max()) + 1e-6))


def _breaths(sound: F8, rng: np.random.Generator) -> F8:
    """A soft breath in before a sentence goes on."""
    total = np.zeros(len(sound))
    count = int(_BREATH_S * SAMPLE_RATE)
    loud = np.flatnonzero(np.abs(sound) > _SILENT * float(np.max(np.abs(sound)) or 1.0) * 4)
    gaps = np.flatnonzero(np.diff(loud) > _PAUSE_S * SAMPLE_RATE)
    for end in loud[gaps + 1]:
        breath = band_noise(rng, count, 700, 4200) * np.linspace(0, 1, count) * np.sin(np.linspace(0, np.pi, count)) ** 0.5
        total[end - count : end] += 0.02 * float(np.max(np.abs(sound))) * breath
    return total


def _robot(sound: F8) -> F8:
    """A voice in a tin: a short echo that rings at one pitch."""
    delay = SAMPLE_RATE // 110
    comb = np.zeros(delay + 1)
    comb[0], comb[delay] = 1, -0.55
    hum = np.sign(np.sin(2 * np.pi * 55 * np.arange(len(sound)) / SAMPLE_RATE))
    return np.asarray(lfilter([1.0], comb, sound * (0.8 + 0.2 * hum)))


def _ghost(sound: F8) -> F8:
    """From another room, and backwards a little."""
    both = np.stack([sound, sound], axis=1)
    after = reverb(both, (9, 14, 8), 1.8, 0.22, 11)[: len(sound), 0]
    before = reverb(both[::-1], (9, 14, 8), 0.5, 0.1, 12)[: len(sound), 0][::-1]
    return np.asarray(sound + after + before)


def _radio(sound: F8) -> F8:
    """Through a small loudspeaker."""
    return np.asarray(np.tanh(4 * sosfilt(butter(2, (350, 3200), "bandpass", fs=SAMPLE_RATE, output="sos"), sound)) / 4)


def _alien(sound: F8) -> F8:
    """Two voices at once, as no throat makes them."""
    return np.asarray(0.65 * sound + 0.6 * sound * np.sin(2 * np.pi * 83 * np.arange(len(sound)) / SAMPLE_RATE))


_TREATMENTS: Mapping[Treatment, Callable[[F8], F8]] = {
    "none": lambda sound: sound,
    "robot": _robot,
    "ghost": _ghost,
    "radio": _radio,
    "alien": _alien,
}
