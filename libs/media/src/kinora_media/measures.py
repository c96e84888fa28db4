"""What can be measured in a finished film without a trained model: whether something broke or changed, not whether it is good.

Pictures are float32 (n, height, width, 3), RGB of 0 to 255, small; sound is float32 (samples,), mono at SAMPLE_RATE.
"""

from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Frames = NDArray[np.float32]
Curve = NDArray[np.float64]
SIDE = 128  # pixels of the longer side that is measured
SAMPLE_RATE = 48_000
_HZ = 100  # of the curves of novelty
_MOST_LAG_S = 0.5
_CLEAR = 4.5  # standard deviations by which the best offset has to stand out: wrong ones of short films were seen with up to 4.4
_SILENT_DB, _WINDOW_S = -60.0, 0.05
_DEAD_LEVEL = 0.1  # mean absolute difference, of 255; where an encoder sets a key frame, also a frozen picture changes more
_BLANK_LEVEL = 2.0  # standard deviation, of 255
_BLOCK = 8
_CUT = 0.4  # share of pixels that change their colour's bin


@dataclass(frozen=True)
class Measures:
    """Of one film. Offsets and durations in milliseconds and seconds, shares 0 to 1."""

    duration_s: float  # of the pictures
    fps: float
    frames: int
    unevenness_ms: float  # the most that the time between two pictures differs from 1 / fps
    sound_longer_ms: float  # than the pictures; AAC fills its last packet, 21 ms
    av_offset_ms: float | None  # by how much sound comes late (early where negative); None where nothing in both stands out together
    av_clarity: float  # standard deviations by which that offset stands out of all others
    flicker: float  # levels of 255
    smoothness: float  # 1 smooth, 0.5 stutter, 0.37 noise
    consistency: float  # 1 where the moving subject keeps its colours
    dead_frames: float  # share
    longest_freeze_s: float
    cuts: int
    loudness_lufs: float  # EBU R128; -70 for silence
    silence: float  # share


def measure(path: Path) -> Measures:
    """Raises av.FFmpegError for what cannot be decoded, ValueError where there are no pictures."""
    frames, times = _pictures(path)
    sound = _sound(path)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    duration = float(times[-1] - times[0]) + step
    cut = cuts(frames)
    still = dead(frames)
    offset, clarity = av_offset(frames, times, sound)
    return Measures(
        duration_s=duration,
        fps=1 / step if step else 0.0,
        frames=len(frames),
        unevenness_ms=1000 * float(np.abs(np.diff(times) - step).max(initial=0)),
        sound_longer_ms=1000 * (len(sound) / SAMPLE_RATE - duration),
        av_offset_ms=offset,
        av_clarity=clarity,
        flicker=flicker(frames, cut),
        smoothness=smoothness(frames, cut),
        consistency=consistency(frames, cut),
        dead_frames=float(still.mean()),
        longest_freeze_s=_longest(still) * step,
        cuts=int(cut.sum()),
        loudness_lufs=loudness(path),
        silence=silence(sound),
    )


def cuts(frames: Frames) -> NDArray[np.bool_]:
    """(n - 1,) where a picture is of another shot than the one before: many of its pixels change their colour's bin (4 x 4 x 4), and not
    so in the pictures next to it: that is flicker.
    """
    shares = _colours(frames, np.ones(frames.shape[:3]))
    jumps = np.pad(np.abs(np.diff(shares, axis=0)).sum(axis=1) / 2 > _CUT, 1)
    return np.asarray(jumps[1:-1] & ~jumps[:-2] & ~jumps[2:])


def dead(frames: Frames) -> NDArray[np.bool_]:
    """(n,) pictures that repeat the one before, or show one colour alone."""
    repeated = np.concatenate([[False], np.abs(np.diff(frames, axis=0)).mean(axis=(1, 2, 3)) < _DEAD_LEVEL])
    return np.asarray(repeated | (frames.std(axis=(1, 2)).max(axis=1) < _BLANK_LEVEL))


def flicker(frames: Frames, cut: NDArray[np.bool_]) -> float:
    """How far the mean brightness of a picture lies from that of its two neighbours, on average: fades and cuts are none."""
    bright = frames.mean(axis=(1, 2, 3), dtype=np.float64)
    return _mean(np.abs(bright[1:-1] - (bright[:-2] + bright[2:]) / 2)[_inside(cut)])


def smoothness(frames: Frames, cut: NDArray[np.bool_]) -> float:
    """1 / (1 + a / b), with a the second difference of three pictures in a row and b the first difference of the outer two.

    As in VBench's motion smoothness (arXiv:2311.17982), a picture is foretold from its neighbours; here by their mean, and beside how much
    they differ, so that slow films are not smooth for being slow. In blocks of 8 x 8 pixels, as edges of single pixels jump in any film.
    Stutter, where every other picture repeats, has a = b; noise a = 1.7 b.
    """
    count, height, width, _ = frames.shape
    coarse = frames[:, : height // _BLOCK * _BLOCK, : width // _BLOCK * _BLOCK].reshape(count, height // _BLOCK, _BLOCK, -1, _BLOCK, 3)
    blocks, within = coarse.mean(axis=(2, 4)), _inside(cut)
    second = np.abs(2 * blocks[1:-1] - blocks[:-2] - blocks[2:])[within].sum()
    first = np.abs(blocks[2:] - blocks[:-2])[within].sum()
    return float(1 / (1 + second / first)) if first else 1.0


def consistency(frames: Frames, cut: NDArray[np.bool_]) -> float:
    """How alike the colours of what moves are: to the picture before and to the shot's first, averaged over pictures and both.

    What moves is what differs from the shot's median picture; its colours are a histogram weighted by that difference. Likeness is the
    share that two histograms have in common. The averaging is that of VBench's subject consistency, the features are no trained ones.
    """
    found: list[float] = []
    for shot in np.split(frames, np.flatnonzero(cut) + 1):
        apart = np.abs(shot - np.median(shot, axis=0)).mean(axis=3)
        moving = apart.mean(axis=(1, 2)) > _DEAD_LEVEL
        colours = _colours(shot[moving], apart[moving])
        found += [float(np.minimum(now, kept).sum()) for at, now in enumerate(colours[1:]) for kept in (colours[at], colours[0])]
    return float(np.mean(found)) if found else 1.0


def av_offset(frames: Frames, times: Curve, sound: NDArray[np.float32]) -> tuple[float | None, float]:
    """(milliseconds by which sounds begin after movements change, clarity): where the rises of both match best, if within 0.5 s.

    Movements change where the squared second difference of three pictures rises: a ball bounces, hands meet, someone starts; squared, what
    an encoder's key frames change a little everywhere counts for nothing. The two curves of novelty, at 100 Hz, are correlated over all
    circular lags; clarity is how far the best one stands out, in standard deviations. True to within
    the time of one picture where movements turn or jump; fast ones that begin before they are heard read late.
    """
    changes = np.square(2 * frames[1:-1] - frames[:-2] - frames[2:]).mean(axis=(1, 2, 3), dtype=np.float64)
    changes[~_inside(cuts(frames))] = np.median(changes)  # a cut is no movement
    hop = SAMPLE_RATE // _HZ
    loud = np.sqrt((sound[: len(sound) // hop * hop].reshape(-1, hop).astype(np.float64) ** 2).mean(axis=1))
    if not len(loud):
        return None, 0.0
    heard = _novelty(loud)
    begun = times[1:-1] + np.diff(times[1:]) / 4 - times[0]  # a turn is a little earlier, a jump a little later
    seen = _novelty(np.append(0, changes)[np.searchsorted(begun, np.arange(len(loud)) / _HZ, side="right")])
    if not heard.any() or not seen.any():
        return None, 0.0
    matches = np.fft.irfft(np.fft.rfft(heard) * np.conj(np.fft.rfft(seen)), len(heard))
    best = int(matches.argmax())
    lag = best if best < len(matches) / 2 else best - len(matches)
    clarity = float((matches[best] - matches.mean()) / matches.std())
    return (1000 * lag / _HZ if clarity >= _CLEAR and abs(lag) <= _MOST_LAG_S * _HZ else None), clarity


def silence(sound: NDArray[np.float32]) -> float:
    """Share of windows of 50 ms under -60 dBFS; 1 where there is no sound."""
    window = int(_WINDOW_S * SAMPLE_RATE)
    power = (sound[: len(sound) // window * window].reshape(-1, window).astype(np.float64) ** 2).mean(axis=1)
    return float((power < 10 ** (_SILENT_DB / 10)).mean()) if len(power) else 1.0


def loudness(path: Path) -> float:
    """Integrated loudness in LUFS by FFmpeg's EBU R128 meter; -70 for silence."""
    with av.open(path) as container:
        if not container.streams.audio:
            return -70.0
        graph = av.filter.Graph()
        nodes = graph.add_abuffer(template=container.streams.audio[0]), graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
        graph.link_nodes(*nodes).configure()
        told = -70.0
        for frame in container.decode(audio=0):
            graph.push(frame)
            told = _last_told(graph, told)
        graph.push(None)
        return _last_told(graph, told)


def _last_told(graph: av.filter.Graph, told: float) -> float:
    while True:
        try:
            told = float(graph.pull().metadata.get("lavfi.r128.I", told))
        except (av.BlockingIOError, av.EOFError):
            return told


def _pictures(path: Path) -> tuple[Frames, Curve]:
    with av.open(path) as container:
        stream = container.streams.video[0]
        scale = SIDE / max(stream.width, stream.height)
        size = {"width": max(2, round(stream.width * scale)), "height": max(2, round(stream.height * scale))}
        shown = [
            (frame.reformat(**size, format="rgb24", interpolation="AREA").to_ndarray(), frame.time) for frame in container.decode(stream)
        ]
    if not shown:
        raise ValueError(f"{path}: there are no pictures")
    return np.stack([picture for picture, _ in shown]).astype(np.float32), np.array([time for _, time in shown])


def _sound(path: Path) -> NDArray[np.float32]:
    with av.open(path) as container:
        if not container.streams.audio:
            return np.zeros(0, np.float32)
        resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE)
        decoded = [*container.decode(audio=0), None]
        return np.concatenate([made.to_ndarray()[0] for frame in decoded for made in resampler.resample(frame)])


def _colours(frames: Frames, weights: NDArray[np.floating]) -> Curve:
    """(n, 64) shares of colours."""
    bins = frames.astype(np.int64) // 64 @ np.array([16, 4, 1])
    counted = [np.bincount(each.ravel(), weight.ravel(), 64) for each, weight in zip(bins, weights, strict=True)]
    shares = np.array(counted).reshape(-1, 64)
    return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9))


def _inside(cut: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pictures, but for the first and last, lie in one shot with both neighbours."""
    return ~(cut[:-1] | cut[1:])


def _novelty(curve: Curve) -> Curve:
    """Rises alone, spread over a picture's time, with mean 0 and deviation 1; zeros where nothing changes."""
    rises = np.convolve(np.clip(np.diff(curve, prepend=curve[:1]), 0, None), np.hanning(7), "same")
    spread = rises.std()
    return np.asarray((rises - rises.mean()) / spread if spread > 1e-9 else np.zeros_like(rises))


def _longest(still: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], still, [False]]).astype(np.int8)))
    return int(np.diff(edges)[::2].max(initial=0))


def _mean(values: Curve) -> float:
    return float(values.mean()) if len(values) else 0.0
