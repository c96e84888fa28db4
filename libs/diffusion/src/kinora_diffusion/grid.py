"""Sizes that weights can make, around sizes that people ask for: what is made is a little larger, and the middle of it is shown."""

from collections.abc import Sequence

import numpy as np
from kinora_engine.contract import Picture
from PIL import Image, ImageOps

from kinora_diffusion.contract import Frames


def whole(side: int, step: int) -> int:
    """The least multiple of `step` that holds `side`."""
    return -(-side // step) * step


def padded(picture: Picture, width: int, height: int) -> Picture:
    """The picture in the middle of a larger one, its rim drawn out."""
    down, across = height - picture.shape[0], width - picture.shape[1]
    if not (down or across):
        return picture
    return np.pad(picture, ((down // 2, down - down // 2), (across // 2, across - across // 2), (0, 0)), mode="edge")


def framed(picture: Picture, width: int, height: int) -> Picture:
    """All of the picture, as large as it fits, on white."""
    return np.asarray(ImageOps.pad(Image.fromarray(picture), (width, height), Image.Resampling.LANCZOS, color=(255, 255, 255)))


def middle(frames: Frames, width: int, height: int) -> Frames:
    """(n, h, w, 3) cropped to the asked size. Raises ValueError when they are smaller."""
    down, across = frames.shape[1] - height, frames.shape[2] - width
    if down < 0 or across < 0:
        raise ValueError(f"frames of {frames.shape[2]}x{frames.shape[1]} cannot show {width}x{height}")
    return frames[:, down // 2 : down // 2 + height, across // 2 : across // 2 + width]


def sizes(told: Sequence[str]) -> list[tuple[int, int]]:
    """(width, height) of "1280x720" and so on. Raises ValueError."""
    found = [tuple(int(side) for side in size.split("x")) for size in told]
    if any(len(size) != 2 or min(size) < 1 or size[0] % 2 or size[1] % 2 for size in found):
        raise ValueError(f"{', '.join(told)}: sizes are two even numbers of pixels, as in 1280x720")
    return [(size[0], size[1]) for size in found]
