"""Residues of frames, summed as the camera moved: a mark that all of them carry adds up, and most of the picture does not."""

from collections.abc import Iterable
from functools import cache
from typing import cast

import cv2
import numpy as np

from kinora_marks.picture.frames import Frame
from kinora_marks.picture.motion import Camera, Motion
from kinora_marks.picture.pattern import F4
from kinora_marks.picture.residue import evened, residue

# Weights of a whole frame that are tried. It alone is sure to carry the mark afresh: after a hard encode the others may show it displaced,
# after a gentle one each is a look of its own.
MIXES = (4.0, 16.0, 1.0)
_PART_S = 1.0
_BEYOND = 0.5  # of a frame: how much more of what the camera saw is summed
_COUNTED = 10  # pixels for each of the map that counts frames


class Part:
    """Some seconds: sums of frames coded by others and of whole ones apart, moved to lie as the first of them."""

    def __init__(self, start_s: float, moved: Motion, shape: tuple[int, ...]) -> None:
        self.span, self.moved, self.shape = (start_s, start_s + _PART_S), moved, shape
        coarse = [-(-side // _COUNTED) for side in shape]
        self._sums = [np.zeros(shape, np.float32) for _ in range(2)]
        self._mean: F4 | None = None
        self._seen = [np.zeros(coarse, np.float32) for _ in range(2)]

    def add(self, rest: F4, moved: Motion, *, whole: bool) -> None:
        back = moved.undone().then(self.moved)
        for total, one in ((self._sums[whole], rest), (self._seen[whole], np.ones_like(self._seen[whole]))):
            cv2.add(total, _moved(one, back, one.shape), dst=total)

    def summed(self, weight: float) -> tuple[F4, F4]:
        """A whole frame counts `weight` times; and a coarse map of how many there are."""
        return self._sums[0] + np.float32(weight) * self._sums[1], self._seen[0] + np.float32(weight) * self._seen[1]

    def mean(self) -> F4:
        if self._mean is None:
            self._mean = evened(_over(*self.summed(MIXES[0])))
        return self._mean


class Sums:
    """Of a clip's frames, one part for each second that has any. What is said of the whole lies as its middle part does."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        parts: dict[int, Part] = {}
        camera, shape = Camera(), None
        for frame in frames:
            rest, number, moved = residue(frame.luma), int(frame.time_s / _PART_S), camera.follow(frame.luma)
            shape = shape or rest.shape
            if rest.shape != shape:
                rest = cast("F4", cv2.resize(rest, shape[::-1]))  # a clip may change its size on the way
            if number not in parts:
                parts[number] = Part(number * _PART_S, moved, shape)
            parts[number].add(rest, moved, whole=frame.whole)
        self.parts = list(parts.values())
        self.mean = cache(self._mean)
        self._larger = self._reach() if parts else (1.0, 1.0)

    def since(self, part: Part) -> Motion:
        """How the camera has moved from the middle part to this one."""
        return self.parts[len(self.parts) // 2].moved.undone().then(part.moved)

    def _reach(self) -> tuple[float, ...]:
        """From the middle to the farthest that was seen, over that of the middle part: down and across."""
        back = [self.since(part).undone() for part in self.parts]
        height, width = (side / min(self.parts[0].shape) for side in self.parts[0].shape)
        down = max(one.zoom + 2 * abs(one.down) / height for one in back)
        return down, max(one.zoom + 2 * abs(one.across) / width for one in back)

    def _mean(self, weight: float) -> F4:
        """Of all parts; a whole frame counts `weight` times."""
        placed = [self._placed(part, weight) for part in self.parts]
        return evened(_over(*(np.sum(planes, 0) for planes in zip(*placed, strict=True))))

    def _placed(self, part: Part, weight: float) -> list[F4]:
        back = self.since(part).undone()
        return [_moved(plane, back, self._around(plane.shape)) for plane in part.summed(weight)]

    def _around(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """A frame's shape made larger by what the camera saw around the middle part."""
        return tuple(round(side * min(1 + _BEYOND, larger)) for side, larger in zip(shape, self._larger, strict=True))


def _over(total: F4, seen: F4) -> F4:
    return cast("F4", total / np.maximum(cv2.resize(seen, total.shape[::-1]), 1))


def _moved(plane: F4, motion: Motion, shape: tuple[int, ...]) -> F4:
    if motion == Motion() and shape == plane.shape:
        return plane
    matrix = motion.matrix(plane.shape, shape, min(plane.shape))
    return cast("F4", cv2.warpAffine(plane, matrix, shape[::-1]))
