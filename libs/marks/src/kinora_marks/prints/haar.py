"""Sums over rectangles of an image, and the six box filters that chromaprint compares notes and times with."""

import numpy as np
from numpy.typing import NDArray

F8 = NDArray[np.float64]


def areas(image: F8) -> F8:
    """The integral image: one row and one column more than the image's."""
    return np.pad(image.cumsum(0).cumsum(1), ((1, 0), (1, 0)))


def strips(sums: F8, count: int, shape: int, note: int, notes: int, frames: int) -> F8:
    """The filter's answer at each of `count` frames: log(1 + what is counted for) - log(1 + what is counted against)."""

    def area(frame: int, until: int, low: int, high: int) -> F8:
        rows = slice(frame, frame + count), slice(until, until + count)
        low, high = low + note, high + note
        summed: F8 = sums[rows[1], high] - sums[rows[0], high] - sums[rows[1], low] + sums[rows[0], low]
        return summed

    whole = area(0, frames, 0, notes)
    half, mid, third_notes, third_frames = frames // 2, notes // 2, notes // 3, frames // 3
    chosen = {
        0: lambda: whole,
        1: lambda: area(0, frames, mid, notes),
        2: lambda: area(half, frames, 0, notes),
        3: lambda: area(0, half, mid, notes) + area(half, frames, 0, mid),
        4: lambda: area(0, frames, third_notes, 2 * third_notes),
        5: lambda: area(third_frames, 2 * third_frames, 0, notes),
    }[shape]()
    answers: F8 = np.log1p(chosen) - np.log1p(whole - chosen)
    return answers
