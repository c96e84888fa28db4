"""From a decoded clip to its measures."""

from collections.abc import Callable, Iterator

import cv2
import numpy as np
from kinora_media.clip import Clip
from kinora_media.image import Rgb
from numpy.typing import NDArray

from kinora_faces import landmarks, moves, parallax
from kinora_faces.analysis.measures import Measures
from kinora_faces.challenge import Attempt, Move
from kinora_faces.landmarks import F8, MESH
from kinora_faces.listening import envelope, words_heard
from kinora_faces.matching import FRONTAL_DEG
from kinora_faces.mesh import FaceDetector, FaceMesh
from kinora_faces.recogniser import face_vector

_DETECT_EVERY = 5  # frames; the detector sees faces that the mesh does not follow
_VECTORS = 10
_INTO_NEXT_S = 0.4  # a word may run into the next item's time
_BEFORE_S, _AFTER_S = 0.1, 0.35  # around the rise of a move


def measure(clip: Clip, attempt: Attempt) -> Measures:
    faces, counts = _followed(clip.frames)
    height, wide = clip.frames.shape[1:3]
    angles = np.array([landmarks.angles(landmarks.axes(face)) if face is not None else (np.nan,) * 3 for face in faces])
    made = moves.turns(clip.times, angles[:, 0], angles[:, 1], attempt.reveals[0])
    return Measures(
        times=clip.times,
        faces=counts,
        yaw=angles[:, 0],
        pitch=angles[:, 1],
        lips=_each(faces, landmarks.lips_apart),
        eyes=_each(faces, landmarks.eyes_open),
        width=_each(faces, lambda face: landmarks.width(face) / wide),
        light=np.array([np.nan if face is None else _light(clip.frames[i], face) for i, face in enumerate(faces)]),
        inside=_each(faces, lambda face: float(np.mean(_within(face, wide, height)))),
        seconds=clip.seconds,
        intervals=np.diff(clip.all_times),
        moves=tuple(made),
        depth=tuple(_depths(clip, faces, _rises(made, attempt))),
        heard=tuple(words_heard(clip.samples, word_windows(attempt, clip.seconds), attempt.challenge.language)),
        loudness=envelope(clip.samples),
        vectors=_vectors(clip, faces, angles),
        pattern=float(np.median([_pattern(frame) for frame in clip.frames[:: max(1, len(clip.frames) // 8)]])),
    )


def word_windows(attempt: Attempt, seconds: float) -> list[tuple[float, float]]:
    """From a word's reveal until a moment after the next item's, for each word."""
    ends = [*(at + _INTO_NEXT_S for at in attempt.reveals[1:]), seconds]
    shown = zip(attempt.challenge.items, attempt.reveals, ends, strict=True)
    return [(begin, min(end, begin + attempt.challenge.window_s + 1)) for item, begin, end in shown if item.word]


def _followed(frames: NDArray[np.uint8]) -> tuple[list[F8 | None], F8]:
    """The widest face of each frame, and how many there are."""
    faces: list[F8 | None] = []
    counts: list[int] = []
    detector = FaceDetector()
    with FaceMesh(still=False, most=2) as mesh:
        for i, frame in enumerate(frames):
            found = mesh.find(frame)
            faces.append(found[0] if found else None)
            counts.append(max(len(found), detector.count(frame) if i % _DETECT_EVERY == 0 else 0))
    return faces, np.array(counts, np.float64)


def _each(faces: list[F8 | None], what: Callable[[F8], float]) -> F8:
    return np.array([np.nan if face is None else what(face) for face in faces])


def _within(face: F8, wide: int, height: int) -> NDArray[np.bool_]:
    x, y = face[:MESH, 0], face[:MESH, 1]
    return (x >= 0) & (x < wide) & (y >= 0) & (y < height)


def _light(frame: Rgb, face: F8) -> float:
    left, top = np.maximum(face[:MESH, :2].min(0), 0).astype(int)
    right, bottom = face[:MESH, :2].max(0).astype(int)
    part = frame[top : bottom + 1, left : right + 1]
    return float(part.mean()) if part.size else float("nan")


def _rises(made: list[moves.Made], attempt: Attempt) -> Iterator[tuple[float, float]]:
    """When depth can be seen: while a move goes out. Leaning shows it where nobody turns."""
    for one in made:
        yield one.start_s - max(one.rise_s, 0.25) - _BEFORE_S, min(one.end_s, one.start_s + _AFTER_S)
    for item, at in zip(attempt.challenge.items, attempt.reveals, strict=True):
        if item.move == Move.LEAN_IN:
            yield at, at + 1.5


def _depths(clip: Clip, faces: list[F8 | None], rises: Iterator[tuple[float, float]]) -> Iterator[float]:
    for begin, end in rises:
        first, last = np.searchsorted(clip.times, (max(0.0, begin), end))
        face = faces[min(int(first), len(faces) - 1)]
        if face is not None and last > first + 1:
            yield parallax.residual(clip.frames[first : last + 1], face)


def _vectors(clip: Clip, faces: list[F8 | None], angles: F8) -> F8:
    """Of frontal faces, spread over the clip."""
    frontal = [i for i in range(len(faces)) if abs(angles[i, 0]) < FRONTAL_DEG[0] and abs(angles[i, 1]) < FRONTAL_DEG[1]]
    chosen = sorted({frontal[i] for i in np.linspace(0, len(frontal) - 1, _VECTORS).astype(int)}) if frontal else []
    found = [face_vector(clip.frames[i], face) for i in chosen if (face := faces[i]) is not None]
    return np.array(found).reshape(-1, 128)


def _pattern(frame: Rgb) -> float:
    """Mean of the eight highest peaks of the log spectrum's outer band over their surroundings."""
    side = min(256, *frame.shape[:2])
    grey = cv2.cvtColor(np.ascontiguousarray(frame[:side, :side]), cv2.COLOR_RGB2GRAY).astype(np.float32)
    window = np.hanning(side)
    fine = (grey - cv2.GaussianBlur(grey, (0, 0), 3)) * window[:, None] * window
    spectrum = np.log1p(np.abs(np.fft.fftshift(np.fft.fft2(fine)))).astype(np.float32)
    peaks = spectrum - cv2.blur(cv2.medianBlur(spectrum, 5), (15, 15))
    down, across = np.mgrid[:side, :side] - side / 2
    band = (np.hypot(across, down) > 0.16 * side) & (np.hypot(across, down) < 0.47 * side)
    return float(np.sort(peaks[band])[-8:].mean())
