"""A voice taken apart into pitch, mouth and breath, and put together again as somebody else's.

The envelope is that of CheapTrick (Morise, "CheapTrick, a spectral envelope estimator for high-quality speech synthesis", Speech
Communication 67, 2015); pitch is found by autocorrelation (Boersma, Proc. Inst. of Phonetic Sciences 17, 1993). What has no voice in it
(s, t, f) stays as it was spoken.
"""

from dataclasses import dataclass

import numpy as np
from scipy import fft
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.signal import butter, resample_poly, sosfilt, sosfiltfilt

from kinora_world.scene import F8, SAMPLE_RATE
from kinora_world.sound.formants import HOP, SIZE, n_frames, shaped, train
from kinora_world.sound.noises import wander

_LOWEST, _HIGHEST = 65.0, 500.0  # Hz of a speaking voice
_SLOW = 8000  # samples a second in which pitch is sought
_VOICED = 0.45  # autocorrelation of a frame with a voice in it
_UNPITCHED = 180.0  # the width of envelope where there is no voice
_FRAME_S = HOP / SAMPLE_RATE
_WHISPERED = butter(2, 900, "highpass", fs=SAMPLE_RATE, output="sos")  # leaves s and t, takes what hums in them
_HERTZ = np.arange(SIZE // 2 + 1) * SAMPLE_RATE / SIZE


@dataclass(frozen=True, slots=True)
class Parts:
    """A voice by frames of HOP samples."""

    sound: F8  # (n,) as it was
    pitch: F8  # (frames,) Hz, carried on through what has no voice
    voiced: F8  # (frames,) 0..1
    envelope: F8  # (frames, SIZE / 2 + 1) power

    @property
    def clock(self) -> F8:
        """(frames,) seconds."""
        return np.asarray(np.arange(len(self.pitch)) * _FRAME_S)


@dataclass(frozen=True, slots=True)
class Manner:
    """How a voice is put together: `size` of the throat (1.2 is a child's), 0..1 of breath and roughness, dB an octave of brightness."""

    size: float = 1.0
    breath: float = 0.0
    rough: float = 0.0
    bright: float = 0.0
    whispered: bool = False


def taken_apart(sound: F8) -> Parts:
    """Of (n,) speech at SAMPLE_RATE."""
    pitch, voiced = _pitch(sound, n_frames(len(sound)))
    return Parts(sound, pitch, voiced, _envelope(sound, np.where(voiced > 0.5, pitch, _UNPITCHED)))


def put_together(parts: Parts, pitch: F8, manner: Manner, rng: np.random.Generator) -> F8:
    """(n,) the same words at another pitch (frames,) in another manner."""
    count = len(parts.sound)
    clock = np.arange(count) / HOP
    frames = np.arange(len(pitch))
    mouth = _response(_warped(parts.envelope, manner.size) * _tilt(manner.bright))
    hiss = shaped(rng.standard_normal(count), mouth * _response(_air(manner)[None]))
    voiced = np.interp(clock, frames, gaussian_filter1d(parts.voiced, 0.8))
    if manner.whispered:
        return np.asarray(hiss * voiced + sosfilt(_WHISPERED, parts.sound) * (1 - voiced))
    steady = np.interp(clock, frames, pitch) * (1 + 0.006 * wander(rng, count, 0.11) + 0.003 * wander(rng, count, 0.03))
    flow = shaped(train(rng, steady, rough=manner.rough), mouth * _response(1 - _air(manner)[None]))
    return np.asarray((flow + hiss) * voiced + parts.sound * (1 - voiced))


def _pitch(sound: F8, count: int) -> tuple[F8, F8]:
    """(frames,) Hz and voicedness."""
    slow = resample_poly(sosfiltfilt(butter(2, (60, 900), "bandpass", fs=SAMPLE_RATE, output="sos"), sound), 1, SAMPLE_RATE // _SLOW)
    width, step = 512, HOP * _SLOW / SAMPLE_RATE
    begins = (np.arange(count) * step).astype(int)
    padded = np.pad(slow, (width // 2, width + int(begins[-1]) + 1))
    window = np.hanning(width)
    frames = padded[begins[:, None] + np.arange(width)] * window
    spectra = np.abs(fft.rfft(frames, 2 * width, axis=1)) ** 2
    match = fft.irfft(spectra, axis=1)[:, : int(_SLOW / _LOWEST) + 2]
    own = fft.irfft(np.abs(fft.rfft(window, 2 * width)) ** 2)[: match.shape[1]]
    match = match / (match[:, :1] + 1e-9) / (own / own[0])
    lags = np.arange(match.shape[1])
    match[:, lags < _SLOW / _HIGHEST] = 0
    best = np.argmax(match - 0.0008 * lags, axis=1)  # of equal periods the shorter
    strength = np.take_along_axis(match, best[:, None], 1)[:, 0]
    loud = np.sqrt(np.mean(frames**2, axis=1))
    voiced = (strength > _VOICED) & (loud > 0.04 * loud.max())
    hertz = _SLOW / np.maximum(_refined(match, best), 1)
    return _carried(hertz, voiced), median_filter(voiced.astype(float), 3)


def _refined(match: F8, best: F8) -> F8:
    """Peaks between samples, by a parabola through three."""
    inner = np.clip(best, 1, match.shape[1] - 2).astype(int)
    rows = np.arange(len(best))
    left, middle, right = (match[rows, inner + k] for k in (-1, 0, 1))
    bend = left - 2 * middle + right
    return np.asarray(inner + np.where(np.abs(bend) > 1e-9, 0.5 * (left - right) / np.where(bend == 0, 1, bend), 0))


def _carried(hertz: F8, voiced: F8) -> F8:
    """Pitch without jumps of an octave, straight through pauses."""
    if not np.any(voiced):
        return np.full(len(hertz), _UNPITCHED)
    spoken = voiced.astype(bool)
    off = np.log2(hertz / np.median(hertz[spoken]))
    hertz = np.where(np.abs(off) > 0.75, hertz / 2 ** np.round(off), hertz)
    smooth = median_filter(np.interp(np.arange(len(hertz)), np.flatnonzero(spoken), hertz[spoken]), 11)
    return np.asarray(gaussian_filter1d(smooth, 2.0))


def _envelope(sound: F8, pitch: F8) -> F8:
    """(frames, SIZE / 2 + 1) power of the mouth without the voice's harmonics."""
    padded = np.pad(sound.astype(np.float32), (SIZE // 2, SIZE + len(pitch) * HOP - len(sound)))
    pitch = pitch.astype(np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP][: len(pitch)]
    place = (np.arange(SIZE, dtype=np.float32) - SIZE // 2) * (pitch[:, None] / 1.5 / SAMPLE_RATE)
    window = np.where(np.abs(place) < 1, 0.5 + 0.5 * np.cos(np.pi * place), 0)
    window /= np.sqrt(np.sum(window**2, axis=1, keepdims=True))
    power = np.abs(fft.rfft(frames * window, axis=1)) ** 2 + 1e-9
    smooth = np.maximum(_averaged(power.astype(np.float64), pitch * SIZE / SAMPLE_RATE / 3), 1e-10).astype(np.float32)
    quefrency = np.arange(SIZE // 2 + 1, dtype=np.float32) * (pitch[:, None] / SAMPLE_RATE)
    lifter = np.sinc(quefrency) * (1.18 - 0.18 * np.cos(2 * np.pi * quefrency))
    cepstrum = fft.irfft(np.log(smooth), axis=1)
    cepstrum[:, : SIZE // 2 + 1] *= lifter
    cepstrum[:, SIZE // 2 + 1 :] *= lifter[:, 1:-1][:, ::-1]
    return np.asarray(np.exp(np.minimum(fft.rfft(cepstrum, axis=1).real, 20)))


def _averaged(power: F8, half: F8) -> F8:
    """Each bin's mean over `half` (frames,) bins to either side; the spectrum is mirrored at its ends."""
    edge = int(half.max()) + 2
    mirrored = np.concatenate([power[:, edge:0:-1], power, power[:, -2 : -edge - 2 : -1]], axis=1)
    sums = np.concatenate([np.zeros((len(power), 1)), np.cumsum(mirrored, axis=1)], axis=1)
    place = np.arange(power.shape[1]) + edge + 0.5

    def until(at: F8) -> F8:
        low = at.astype(int)
        rows = np.arange(len(sums))[:, None]
        return np.asarray(sums[rows, low] + (at - low) * (sums[rows, low + 1] - sums[rows, low]))

    return np.asarray((until(place + half[:, None]) - until(place - half[:, None])) / (2 * half[:, None]))


def _warped(envelope: F8, size: float) -> F8:
    """Formants `size` times as high."""
    place = np.minimum(np.arange(SIZE // 2 + 1) / size, SIZE // 2)
    low = np.minimum(place.astype(int), SIZE // 2 - 1)
    share = place - low
    return np.asarray(envelope[:, low] * (1 - share) + envelope[:, low + 1] * share)


def _tilt(decibels: float) -> F8:
    """Power gain, `decibels` an octave above 500 Hz, flat above 4 kHz."""
    octaves = np.log2(np.clip(_HERTZ, 500, 4000) / 500)
    return np.asarray(10 ** (decibels * octaves / 10))


def _air(manner: Manner) -> F8:
    """The share of each frequency's power that is breath: more above 4 kHz, where real voices are noise too."""
    if manner.whispered:
        return np.asarray(0.5 / (1 + (600 / (_HERTZ + 1)) ** 4))  # a whisper has next to no first formant
    own = 0.012 + 0.45 / (1 + (5200 / (_HERTZ + 1)) ** 4)
    return np.asarray(np.clip(own + manner.breath * 0.7 / (1 + (900 / (_HERTZ + 1)) ** 2), 0, 0.95))


def _response(power: F8) -> F8:
    """The complex spectrum, of minimum phase, of power spectra."""
    cepstrum = fft.irfft(0.5 * np.log(power.astype(np.float32) + np.float32(1e-12)), axis=1)
    cepstrum[:, 1 : SIZE // 2] *= 2
    cepstrum[:, SIZE // 2 + 1 :] = 0
    return np.asarray(np.exp(fft.rfft(cepstrum, axis=1)))
